"""Publishing a boundary release: from a draft to the division that is in force from an instant on."""

from __future__ import annotations

import datetime
import logging
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext

from notifications import bell
from sectors.boundaries.checks import Report, check_release
from sectors.boundaries.moves import Move, moves
from sectors.boundaries.neighbours import touching_pairs
from sectors.instants import CLOCK_SKEW, instant_text
from sectors.models import Boundary, BoundaryRelease, Neighbour, Station

if TYPE_CHECKING:
    from officers.models import User

__all__ = ["Move", "PublicationRefused", "draft_from", "lock_boundaries", "moves", "publish", "unschedule"]

logger = logging.getLogger(__name__)


class PublicationRefused(Exception):
    """A release cannot be published, or taken back. Its text is a sentence for the person who tried.

    `report` has the findings when it was the checks that refused.
    """

    def __init__(self, sentence: str, report: Report | None = None) -> None:
        super().__init__(sentence)
        self.report = report


def lock_boundaries(station: Station) -> None:
    """Let one publication, import or drawing at a time work on a station, until the transaction ends.

    Appointments and other rows that only point at the station need not wait. Read releases after this.
    """
    Station.objects.select_for_update(no_key=True).get(pk=station.pk)


@transaction.atomic
def publish(release: BoundaryRelease, *, at: datetime.datetime | None, by: User | None) -> Report:
    """Bring the draft `release` into force from `at` on (None: at once) and return what the checks found.

    In one transaction: the checks, the neighbours, the end of the predecessor's period. A release that is
    scheduled to begin later stays scheduled, and this one then ends where that begins. Addresses learn their
    sector in the background. Raises PublicationRefused, and then nothing has changed.
    """
    lock_boundaries(release.station)
    release.refresh_from_db()
    if not release.is_draft:
        raise PublicationRefused(gettext("“%(release)s” has been published already.") % {"release": release})
    _refuse_past(at)
    report = check_release(release, at=at)
    if report.refuses_publication:
        raise PublicationRefused(_joined(report), report)
    _store_neighbours(release)
    now = timezone.now()
    _give_period(release, begins=max(at, now) if at else now)
    release.published_at, release.published_by = now, by
    release.save(update_fields=["period", "published_at", "published_by"])
    transaction.on_commit(lambda: _ring(release), robust=True)
    return report


@transaction.atomic
def unschedule(release: BoundaryRelease, *, by: User | None) -> None:
    """Take a published release that has not begun back to a draft; its predecessor stays in force instead.

    Raises PublicationRefused when it has begun, or is a draft.
    """
    lock_boundaries(release.station)
    release.refresh_from_db()
    if release.state != "scheduled" or release.period is None:
        sentence = gettext(
            "“%(release)s” cannot be taken back. Only a published release that has not begun can."
        )
        raise PublicationRefused(sentence % {"release": release})
    period = release.period
    release.period = release.published_at = release.published_by = None
    release.save(update_fields=["period", "published_at", "published_by"])
    release.neighbours.all().delete()
    for before in BoundaryRelease.objects.filter(station=release.station_id, period__endswith=period.lower):
        _set_period(before, before.period.lower, period.upper)
    logger.info("Release %s was taken back to a draft by %s", release.pk, by.pk if by else "a command")


@transaction.atomic
def draft_from(release: BoundaryRelease, *, name: str, by: User | None) -> BoundaryRelease:
    """Return a new draft with the boundaries of `release`, to be redrawn."""
    draft = BoundaryRelease.objects.create(
        station_id=release.station_id, name=name, source=str(release)[:200], created_by=by
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sectors_boundary (release_id, sector_id, area) "
            "SELECT %s, sector_id, area FROM sectors_boundary WHERE release_id = %s",
            [draft.pk, release.pk],
        )
    return draft


def _refuse_past(at: datetime.datetime | None) -> None:
    if at is not None and at < timezone.now() - CLOCK_SKEW:
        sentence = gettext("%(instant)s has passed. Choose a later time, or publish now.")
        raise PublicationRefused(sentence % {"instant": instant_text(at)})


def _joined(report: Report) -> str:
    """Return the sentences that refuse, the first few in full."""
    sentences = [finding.sentence for finding in report.refusals]
    rest = len(sentences) - 5
    if rest > 0:
        sentences[5:] = [gettext("And %(count)s more.") % {"count": rest}]
    return " ".join(sentences)


def _give_period(release: BoundaryRelease, *, begins: datetime.datetime) -> None:
    """Put `release` between the one in force at `begins` and the next one; the predecessor shrinks first."""
    siblings = BoundaryRelease.objects.filter(station=release.station_id)
    predecessor = siblings.active_at(begins).first()
    if predecessor and predecessor.period.lower == begins:
        sentence = gettext(
            "“%(release)s” begins at the very same instant (%(instant)s). "
            "Take that back first, or choose another instant."
        )
        raise PublicationRefused(sentence % {"release": predecessor, "instant": instant_text(begins)})
    if predecessor:
        _set_period(predecessor, predecessor.period.lower, begins)
    successor = siblings.filter(period__startswith__gt=begins).order_by("period__startswith").first()
    release.period = DateTimeTZRange(begins, successor.period.lower if successor else None)


def _set_period(release: BoundaryRelease, begins: datetime.datetime, ends: datetime.datetime | None) -> None:
    release.period = DateTimeTZRange(begins, ends)
    release.save(update_fields=["period"])


def _store_neighbours(release: BoundaryRelease) -> None:
    Neighbour.objects.filter(release=release).delete()
    boundaries = Boundary.objects.filter(release=release).values_list("sector_id", "area")
    pairs = touching_pairs(dict(boundaries))
    Neighbour.objects.bulk_create(
        (Neighbour(release=release, sector_id=one, other_id=other) for one, other in pairs), batch_size=5000
    )


def _ring(release: BoundaryRelease) -> None:
    """Wake the worker. When the broker is away, the sweeper finds the release within a minute or so."""
    from sectors.tasks import resector_release

    bell.ring(resector_release, release.pk)
