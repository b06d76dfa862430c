"""Officers confirm that they have read a passage: an editor asks and ends it, officers confirm, heads see who has."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone, translation

from handbook.models import Chapter, Confirmation, Passage, ReadingRequest
from handbook.models.reading import ReadingRequestQuerySet
from handbook.permissions import can_see_readers
from handbook.reading.chapter_titles import chapter_titles
from notifications.sending import notify, withdraw
from officers.models import Assignment, Officer, User
from sectors.models import Sector, Station

EVENT = "handbook.reading_asked"


class Late(Exception):
    """Somebody else ended it, or the text has changed, since the page was made."""


class Gone(Exception):
    """The passage does not stand in the handbook any more."""


# --- Asking, and ending it


@transaction.atomic
def ask(
    passage: Passage, *, by: User, instead_of: str = "", now: datetime.datetime | None = None
) -> tuple[ReadingRequest, bool]:
    """Ask the station's officers to confirm the passage; return the request and whether it is a new one.

    Who asks while officers are asked already gets that request. With `instead_of`, the uuid of a request from before
    the passage changed, that one is ended and officers are asked anew. Raises Gone for a passage that has left the
    handbook, Late where `instead_of` is not open any more or its passage has not changed since.
    """
    instant = now or timezone.now()
    passage = Passage.objects.select_for_update(of=("self",)).select_related("chapter").get(pk=passage.pk)
    if not passage.is_current or (revision := passage.chapter.text) is None:
        raise Gone
    before = ReadingRequest.objects.open().filter(passage=passage).first()
    if instead_of:
        if before is None or str(before.uuid) != instead_of or not has_changed(before, passage):
            raise Late
        _end(before, instant)
    elif before is not None:
        return before, False
    asked = ReadingRequest.objects.create(passage=passage, revision=revision, asked_by=by, asked_at=instant)
    _tell(asked, passage.station, instant)
    return asked, True


def has_changed(asked: ReadingRequest, passage: Passage) -> bool:
    """Whether the passage is another than when officers were asked."""
    return passage.changed_at > asked.asked_at


@transaction.atomic
def end(asked: ReadingRequest, *, now: datetime.datetime | None = None) -> None:
    """End the request: nobody is asked any more, confirmations stay. Raises Late for one that has ended."""
    locked = ReadingRequest.objects.select_for_update().get(pk=asked.pk)
    if locked.ended_at is not None:
        raise Late
    _end(locked, now or timezone.now())


def _end(asked: ReadingRequest, now: datetime.datetime) -> None:
    asked.ended_at = max(now, asked.asked_at)
    asked.save(update_fields=["ended_at"])
    withdraw(EVENT, request=str(asked.uuid))


def take_back_mails(chapter: Chapter) -> None:
    """Take back what has not been sent about the chapter's passages: it is left out of the handbook."""
    for asked in ReadingRequest.objects.open().filter(passage__chapter=chapter):
        withdraw(EVENT, request=str(asked.uuid))


def _tell(asked: ReadingRequest, station: Station, now: datetime.datetime) -> None:
    """Tell each officer who is appointed now, once, by a link alone."""
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("handbook:passage_detail", args=[station.slug, asked.passage.anchor])
    officers = appointed(station, now=now).values("officer__user")
    for user in User.objects.filter(pk__in=officers):
        notify(EVENT, to_user=user, context={"path": path, "request": str(asked.uuid)})


# --- Confirming


@transaction.atomic
def confirm(asked: ReadingRequest, user: User, *, now: datetime.datetime | None = None) -> Confirmation:
    """Note that the user has read the passage; twice is once.

    Raises Late for a request that has ended, Gone for a passage that has left the handbook.
    """
    # Not beside an editor who ends it.
    locked = ReadingRequest.objects.select_for_update(of=("self",))
    asked = locked.select_related("passage__chapter").get(pk=asked.pk)
    if asked.ended_at is not None:
        raise Late
    if not asked.passage.is_current:
        raise Gone
    made, _is_new = Confirmation.objects.get_or_create(
        request=asked, user=user, defaults={"at": now or timezone.now()}
    )
    return made


def open_requests_for(user: User) -> ReadingRequestQuerySet:
    """Return what the user is asked to confirm and has not yet, with passage, chapter's title, station; one query."""
    found = _asked_of(user).filter(~Exists(_own(user))).annotate(**chapter_titles("passage__chapter"))
    return found.select_related("passage__station").order_by("asked_at", "pk")


def requests_at(chapter: Chapter, user: User) -> dict[int, ReadingRequest]:
    """Return the open requests of the chapter's passages by the passage's primary key; one query.

    Each knows `confirmed_at`, when this user confirmed it, and `is_for_reader`, whether this user is asked.
    """
    found = ReadingRequest.objects.open().filter(passage__chapter=chapter).select_related("passage")
    asked = Case(When(_works_at(user), then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = found.annotate(confirmed_at=Subquery(_own(user).values("at")), is_for_reader=asked)
    return {row.passage_id: row for row in rows}


def _asked_of(user: User) -> ReadingRequestQuerySet:
    """Return the open requests of passages that stand in the handbooks to which the user contributes."""
    standing_now = Q(passage__left_at=None, passage__chapter__left_out_at=None)
    return ReadingRequest.objects.open().filter(standing_now, _works_at(user))


def _works_at(user: User) -> Q:
    """Return the condition that the user contributes to the handbook: officers, covering too, and heads."""
    standing = user.standing
    works_in = Q(pk__in=standing.sectors) | Q(district__in=standing.districts)
    stations = Sector.objects.filter(works_in, station__in=standing.home).values("station")
    return Q(passage__station__in=standing.stations) | Q(passage__station__in=stations)


def _own(user: User) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(request=OuterRef("pk"), user=user)


# --- Who has


def appointed(
    station: Station, districts: Iterable[int] | None = None, *, now: datetime.datetime | None = None
) -> QuerySet[Assignment]:
    """Return the present appointments of whoever is counted: officers with an account that is switched on.

    `districts`: only those to sectors of these districts; None for the whole station.
    """
    found = Assignment.objects.active_at(now or timezone.now())
    found = found.filter(sector__station=station, officer__user__is_active=True)
    return found if districts is None else found.filter(sector__district__in=districts)


def districts_of(user: User, station: Station) -> frozenset[int] | None:
    """Return the districts whose officers the account is told about; None for the whole station.

    A head of districts is told about theirs, though also an editor; station heads and editors about all.
    """
    if station.pk in user.standing.stations or not can_see_readers(user, station):
        return None
    return user.standing.districts


def followed_by(user: User, station: Station) -> QuerySet[Assignment]:
    """Return the present appointments of the officers whom the account, a head or editor, is told about."""
    return appointed(station, districts_of(user, station))


def counts(requests: Iterable[ReadingRequest], officers: QuerySet[Assignment]) -> tuple[dict[int, int], int]:
    """Return how many of the officers appointed have confirmed, by the request's primary key, and how many they are.

    Two queries. Who has left meanwhile is not counted; their confirmation stays.
    """
    users = officers.order_by().values("officer__user")
    found = Confirmation.objects.filter(request__in=[one.pk for one in requests], user__in=users)
    by_request = found.order_by().values_list("request").annotate(Count("pk"))
    return dict(by_request), users.distinct().count()


@dataclass(slots=True)
class Reader:
    """An officer who is asked, with the sectors that count, and when they confirmed: None if they have not."""

    officer: Officer
    confirmed_at: datetime.datetime | None
    sectors: list[Sector] = field(default_factory=list)


def who_has(asked: ReadingRequest, officers: QuerySet[Assignment]) -> list[Reader]:
    """Return each officer appointed, by district and sector; two queries."""
    confirmed = dict(asked.confirmations.values_list("user", "at"))
    rows = officers.select_related("officer", "sector__district")
    found: dict[int, Reader] = {}
    for row in rows.order_by("sector__district__name", "sector__number", "-role", "officer__name"):
        officer = row.officer
        reader = found.setdefault(officer.pk, Reader(officer, confirmed.get(officer.user_id or 0)))
        reader.sectors.append(row.sector)
    return list(found.values())
