"""Sectors with officers who have accounts, and the look at what they have not been told yet."""

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from contacts import limits
from contacts.outage import OUTAGE
from notifications.models import Notification
from officers.models import Assignment, Officer, User
from sectors.models import Boundary, BoundaryRelease, District, Sector, Station

WEST, SOUTH, SIDE = 12.4, 55.7, 0.01


def make_sectors(count: int) -> list[Sector]:
    station = Station.objects.create(
        name="Fault Station", slug="faults", phone="+45 00 00 00 00", email="station@police.example"
    )
    district = District.objects.create(
        station=station, name="Faults", slug="faults", phone=station.phone, email=station.email
    )
    sectors = [_sector(district, number) for number in range(1, count + 1)]
    _put_in_force(sectors)
    return sectors


def _put_in_force(sectors: list[Sector]) -> None:
    """Draw the sectors side by side, in a division that holds from now on."""
    release = BoundaryRelease.objects.create(station=sectors[0].station, name="Squares")
    for column, sector in enumerate(sectors):
        west = WEST + column * SIDE
        area = Polygon.from_bbox((west, SOUTH, west + SIDE, SOUTH + SIDE))
        Boundary.objects.create(release=release, sector=sector, area=MultiPolygon(area, srid=4326))
    release.published_at = timezone.now()
    release.period = (release.published_at, None)
    release.save()


def _sector(district: District, number: int) -> Sector:
    sector = Sector.objects.create(
        station=district.station,
        district=district,
        number=number,
        name=f"Fault {number}",
        slug=f"fault-{number}",
    )
    officer = Officer.objects.create(
        station=district.station,
        name=f"Officer {number}",
        phone="+45 00 00 00 00",
        email=f"o{number}@police.example",
        user=User.objects.create(email=f"o{number}@police.example", name=f"Officer {number}"),
    )
    Assignment.objects.create(
        sector=sector, officer=officer, role=Assignment.Role.RESPONSIBLE, period=(timezone.now(), None)
    )
    return sector


def forget_counts() -> None:
    """Forget how many messages came in this hour: else each form would ask for a million hashes by and by.

    That is kept by a promise of its own; here it would only make the run longer.
    """
    try:
        limits.forget_before(timezone.now())
    except OUTAGE:
        connection.close()


def try_at_once() -> bool:
    """Bring forward what waits for its next attempt, or for the lease of a worker that was killed to run out.

    Tell whether the database was there: one whose backend was just killed recovers for some seconds.
    """
    try:
        Notification.objects.waiting().filter(due_at__lte=Now()).update(
            next_attempt_at=Greatest("due_at", Now()), lease_until=None
        )
    except OUTAGE:
        connection.close()
        return False
    return True


def waiting() -> int:
    """Return how many notifications are due and not sent; each look anew."""
    try:
        return Notification.objects.waiting().filter(due_at__lte=Now()).count()
    except OUTAGE:
        connection.close()
        return 1
