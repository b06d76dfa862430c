"""Loading the demonstration into the database.

Whatever is there already stays as it is, whoever made or changed it: a station, district, sector, officer,
account, street or door is found by its short name, number, e-mail or spelling and left alone. Boundaries are
drawn only for a station that has no release, those of before and a draft only beside these, appointments made
only in a sector that never had any, heads named and roles given only where there never were any, absences entered
only where nobody was ever away, manning figures only for a station without any. So loading twice is the same as
loading once, and undoes nobody's work.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import cast

from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from officers.demo import organisation as plan
from officers.demo.boundaries import DRAFTED, FORMERLY, area_of
from officers.demo.manning import load_manning
from officers.demo.streets import doors
from officers.models import (
    Absence,
    Assignment,
    Cover,
    Leadership,
    Liaison,
    Officer,
    StaffRole,
    Unit,
    User,
)
from sectors.boundaries.publication import publish
from sectors.models import Address, Boundary, BoundaryRelease, District, Sector, Station, Street
from sectors.spelling import search_key, slug_of

Role = Assignment.Role


@transaction.atomic
def load_demo() -> Station:
    """Make what is missing of the demonstration and return its station. Takes a few seconds at most."""
    station = _station()
    sectors = {sector.number: sector for sector in _sectors(station)}
    officers = {name: _officer(station, place) for place, name in enumerate(plan.people())}
    _addresses(sectors)
    _boundaries(station, sectors)
    _boundaries_besides(station, sectors)
    for sector in sectors.values():
        _appointments(sector, officers)
    _holidays(station, sectors, officers)
    _accounts(station, sectors, officers)
    load_manning(station, sectors)
    return station


def _phone(group: int, number: int) -> str:
    return f"+45 00 {group:02} {number // 100:02} {number % 100:02}"


def _station() -> Station:
    values = {
        "name": plan.STATION_NAME,
        "phone": _phone(10, 0),
        "email": f"station@{plan.DOMAIN}",
        "address": "Opdigtet Allé 1, 2400 København NV",
    }
    return Station.objects.get_or_create(slug=plan.STATION_SLUG, defaults=values)[0]


def _sectors(station: Station) -> Iterator[Sector]:
    for place, (name, sectors) in enumerate(plan.DISTRICTS.items(), start=1):
        slug = slug_of(name)
        values = {"name": name, "phone": _phone(20, place), "email": f"{slug}@{plan.DOMAIN}"}
        district = District.objects.get_or_create(station=station, slug=slug, defaults=values)[0]
        for number, sector_name in sectors.items():
            present = Sector.objects.filter(station=station, number=number).first()
            yield present or Sector.objects.create_numbered(
                district=district, number=number, name=sector_name
            )


def _officer(station: Station, place: int) -> Officer:
    name = plan.people()[place]
    email = f"{slug_of(name).replace('-', '.')}@{plan.DOMAIN}"
    title = "Politiassistent" if place % 3 else "Politikommissær"
    values = {"name": name, "title": title, "phone": _phone(30, place + 1)}
    return Officer.objects.get_or_create(station=station, email=email, defaults=values)[0]


def _addresses(sectors: dict[int, Sector]) -> None:
    """Put in the streets and doors that are missing; a door is known by street, house number and letter."""
    register = doors()
    names = dict.fromkeys((door.street, door.postcode, door.city) for door in register)
    Street.objects.bulk_create(
        (Street(name=name, postcode=code, city=city, key=search_key(name)) for name, code, city in names),
        ignore_conflicts=True,
    )
    postcodes = {postcode for _, postcode, _ in names}
    streets = {(s.name, s.postcode, s.city): s for s in Street.objects.filter(postcode__in=postcodes)}
    Address.objects.bulk_create(
        (
            Address(
                street=streets[door.street, door.postcode, door.city],
                number=door.number,
                letter=door.letter,
                location=Point(door.lon, door.lat, srid=4326),
                sector=sectors[door.sector],
            )
            for door in register
        ),
        ignore_conflicts=True,
        batch_size=2000,
    )
    _count_doors([streets[name] for name in names])


def _count_doors(streets: list[Street]) -> None:
    counts = (
        Address.objects.filter(street=OuterRef("pk")).order_by().values("street").annotate(doors=Count("*"))
    )
    chosen = Street.objects.filter(pk__in=[street.pk for street in streets])
    chosen.update(address_count=Subquery(counts.values("doors")))


def _boundaries(station: Station, sectors: dict[int, Sector]) -> None:
    if station.releases.exists():
        return
    release = BoundaryRelease.objects.create(
        station=station, name=plan.RELEASE_NAME, source=plan.RELEASE_SOURCE
    )
    Boundary.objects.bulk_create(
        Boundary(release=release, sector=sector, area=area_of(number)) for number, sector in sectors.items()
    )
    publish(release, at=None, by=None)


def _boundaries_besides(station: Station, sectors: dict[int, Sector]) -> None:
    """Draw the division before the first one and a draft, while the demonstration's own is the only release."""
    only = list(station.releases.all()[:2])
    if [release.name for release in only] != [plan.RELEASE_NAME] or only[0].period is None:
        return
    former = _drawn(station, sectors, plan.FORMER_RELEASE_NAME, FORMERLY)
    begins, ends = _morning(plan.FORMER_RELEASE_BEGAN), only[0].period.lower
    former.period, former.published_at = DateTimeTZRange(begins, ends), begins
    former.resectored_at = begins
    former.save(update_fields=["period", "published_at", "resectored_at"])
    _drawn(station, sectors, plan.DRAFT_NAME, DRAFTED)


def _drawn(
    station: Station, sectors: dict[int, Sector], name: str, moved: dict[str, tuple[float, float]]
) -> BoundaryRelease:
    """Return a new draft in which some corners lie elsewhere."""
    release = BoundaryRelease.objects.create(station=station, name=name, source=plan.RELEASE_SOURCE)
    Boundary.objects.bulk_create(
        Boundary(release=release, sector=sector, area=area_of(number, moved))
        for number, sector in sectors.items()
    )
    return release


def _day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def _morning(days: int) -> datetime.datetime:
    """Return when duty begins, so many days from today (handbook, How to perform the task, 5)."""
    return datetime.datetime.combine(_day(days), datetime.time(7), timezone.get_current_timezone())


def _between(begins: int, ends: int | None) -> DateTimeTZRange:
    return DateTimeTZRange(_morning(begins), None if ends is None else _morning(ends))


def _appointments(sector: Sector, officers: dict[str, Officer]) -> None:
    if sector.assignments.exists():
        return
    Assignment.objects.bulk_create(
        Assignment(
            sector=sector,
            officer=officers[name],
            role=role,
            is_stand_in=role == Role.ATTACHED and plan.STAND_INS.get(sector.number) == name,
            hand_over_on=_day(plan.HANDS_OVER) if role == Role.RESPONSIBLE and ends == plan.LEAVES else None,
            period=_between(begins, ends),
        )
        for name, role, begins, ends in _terms(sector.number)
    )


def _terms(number: int) -> Iterator[tuple[str, str, int, int | None]]:
    """Yield name, role, beginning and end (in days from today) of a sector's appointments."""
    for name, numbers in plan.ATTACHED.items():
        if number in numbers:
            yield name, Role.ATTACHED, -190, None
    if number == plan.FORMER_SECTOR:
        yield plan.FORMER, Role.RESPONSIBLE, -900, -200
    leaves = plan.LEAVES if number == plan.SUCCESSION_SECTOR else None
    if leaves:
        yield plan.SUCCESSOR, Role.ATTACHED, -90, leaves
        yield plan.SUCCESSOR, Role.RESPONSIBLE, leaves, None
    departs = plan.DEPARTS if number == plan.DEPARTURE_SECTOR else None
    if responsible := plan.responsible_for(number):
        yield (
            responsible,
            Role.RESPONSIBLE,
            -200 if number == plan.FORMER_SECTOR else -150 - 61 * number,
            leaves or departs,
        )


def _holidays(station: Station, sectors: dict[int, Sector], officers: dict[str, Officer]) -> None:
    """Enter absences and covers, unless the station has ever had an absence."""
    if Absence.objects.filter(officer__station=station).exists():
        return
    for holiday in plan.HOLIDAYS:
        away = officers[cast("str", plan.responsible_for(holiday.sector))]
        period = _between(holiday.begins, holiday.ends)
        absence = Absence.objects.create(officer=away, period=period)
        if holiday.cover:
            sector, cover = sectors[holiday.sector], officers[holiday.cover]
            Cover.objects.create(absence=absence, sector=sector, officer=cover, period=period)


def _accounts(station: Station, sectors: dict[int, Sector], officers: dict[str, Officer]) -> None:
    users = {login: _account(login) for login in plan.LOGINS}
    _lead(users[plan.STATION_HEAD], station, None)
    _lead(users[plan.DISTRICT_HEAD], station, station.districts.order_by("pk")[0])
    for login in (plan.OFFICER, plan.SUCCESSOR_LOGIN):
        Officer.objects.filter(pk=officers[login.name].pk, user=None).exclude(
            station__officers__user=users[login]
        ).update(user=users[login])
    for login, user in users.items():
        _staff_role(user, login.role, station)
    _liaisons(users[plan.LIAISON], [sectors[number] for number in plan.GANG_SECTORS])


def _account(login: plan.Login) -> User:
    present = User.objects.filter(email__iexact=login.email).first()
    return present or User.objects.create_user(login.email, login.password, name=login.name)


def _lead(user: User, station: Station, district: District | None) -> None:
    if not Leadership.objects.filter(station=station, district=district).exists():
        Leadership.objects.create(user=user, station=station, district=district, period=_between(-700, None))


def _staff_role(user: User, role: StaffRole.Role | None, station: Station) -> None:
    """Give the account its role, unless it has or had it: an account of an earlier version has none yet."""
    if role is None or StaffRole.objects.filter(user=user, role=role).exists():
        return
    at = station if role in (StaffRole.Role.EDITOR, StaffRole.Role.ANALYST) else None
    StaffRole.objects.create(user=user, role=role, station=at, period=_between(-700, None))


def _liaisons(user: User, sectors: list[Sector]) -> None:
    """Name the account the Gang Division's contact in sectors that never had any unit's contact."""
    units = {name: Unit.objects.get_or_create(name=name)[0] for name in plan.UNITS}
    for sector in sectors:
        if not sector.liaisons.exists():
            Liaison.objects.create(
                user=user, unit=units[plan.GANG_DIVISION], sector=sector, period=_between(-300, None)
            )
