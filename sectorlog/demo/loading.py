"""Loading the demonstration's sector log: half a year of a station. What is there already stays."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from officers.demo import organisation as plan
from officers.demo.streets import Door, doors
from officers.models import Assignment, Officer, PatrolForm, Unit, User
from sectorlog.demo.sectors import (
    MORE_PARTIES,
    PARTIES,
    PROMISES,
    SUCCESSION_TROUBLES,
    TROUBLES,
    Known,
    Trouble,
)
from sectorlog.demo.stories import EVERYWHERE, OF_SUCCESSION, Story
from sectorlog.entries.importing import importing
from sectorlog.models import (
    Challenge,
    ContactPerson,
    Effort,
    EntryChallenge,
    EntryGroup,
    EntryParty,
    FormVersion,
    GroupInSector,
    GroupStatus,
    LogEntry,
    Party,
    Patrol,
    ProgressNote,
    Promise,
    TargetGroup,
)
from sectors.models import Sector, Station

# Sectors with a log to read in; the others have a shorter one.
RICH = (1, plan.SUCCESSION_SECTOR, 10)
ENTRIES, FEW_ENTRIES = 60, 16
DAYS_BACK = 200
# A log's groups: slug, estimated need, agreed interval in days. What is not agreed on in a sector is seen as that.
AGREED = {
    "young": (3, 14),
    "exposed-housing": (3, 21),
    "gangs": (2, 30),
    "trade": (2, 30),
    "clubs": (1, 60),
    "road-users": (2, 30),
    "housing-associations": (2, 45),
    "house-owners": (1, 90),
    "homeless": (1, 30),
}
# The sector that began it, on the first day; the others followed one after the other.
FIRST_AGREED = 4
NOT_AGREED = {8: ("homeless",), 13: ("gangs", "house-owners"), 17: ("gangs",)}
# Groups that a sector has not met for so many days: somebody is overlooked everywhere.
OVERLOOKED = {
    1: {"homeless": 47, "house-owners": 104},
    2: {"young": 30},
    4: {"exposed-housing": 60, "homeless": 400},
    5: {"gangs": 38},
    7: {"clubs": 80},
    9: {"homeless": 70},
    10: {"trade": 41},
    13: {"young": 25, "road-users": 50},
}
STATUSES = {
    "young": "Fewer in the streets since the club opens in the evening; a handful still worries us.",
    "exposed-housing": "Residents greet us. They wish to see somebody after 20.",
    "trade": "Calm. Shopkeepers call before it becomes trouble.",
}
PLACE_PRECISION = 100


@dataclass(frozen=True)
class Ground:
    """What the entries of one sector are made from."""

    sector: Sector
    authors: list[User]
    doors: list[Door]
    groups: dict[str, TargetGroup]
    forms: dict[str, FormVersion]

    @property
    def is_rich(self) -> bool:
        return self.sector.number in RICH

    @property
    def is_succession(self) -> bool:
        return self.sector.number == plan.SUCCESSION_SECTOR

    def door(self, count: int) -> Door:
        return self.doors[count * 7 % len(self.doors)]

    def filled(self, text: str, count: int, **names: str) -> str:
        return text.format(street=self.door(count).street, sector=self.sector.name, **names)


@transaction.atomic
def load_log(station: Station) -> None:
    """Write the demonstration's log, unless the station has one. Takes a few seconds."""
    if LogEntry.objects.filter(sector__station=station).exists():
        return
    _accounts_for_authors(station)
    groups = {group.slug: group for group in TargetGroup.objects.of_station(station)}
    forms = {
        version.template.slug: version
        for version in FormVersion.objects.published().select_related("template")
    }
    sectors = list(station.sectors.order_by("number"))
    with importing():
        for sector in sectors:
            _load_sector(Ground(sector, _authors(sector), _doors(sector), groups, forms))
    _effort({sector.number: sector for sector in sectors})


def _accounts_for_authors(station: Station) -> None:
    """Give officers without an account one that nobody can log in with: somebody wrote the log."""
    for officer in Officer.objects.filter(station=station, user=None):
        account = User.objects.filter(email__iexact=officer.email).first()
        officer.user = account or User.objects.create_user(officer.email, None, name=officer.name)
        officer.save(update_fields=["user"])


def _authors(sector: Sector) -> list[User]:
    """Return the accounts of the sector's officers, the responsible one first."""
    present = Assignment.objects.active_at(timezone.now()).filter(sector=sector, officer__user__isnull=False)
    return [one.officer.user for one in present.select_related("officer__user").order_by("-role", "pk")]


def _doors(sector: Sector) -> list[Door]:
    return [door for door in doors() if door.sector == sector.number]


def _load_sector(ground: Ground) -> None:
    parties = _parties(ground)
    challenges = _challenges(ground, parties)
    entries = _entries(ground, parties, challenges)
    _agreements(ground)
    _patrols(ground)
    if ground.is_rich:
        _promises(ground.sector, entries)


def _day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def _instant(days_ago: int, hour: int, minute: int = 0) -> datetime.datetime:
    """Return the hour of the day so many days ago, or of the Friday before a weekend; never later than now."""
    day = _day(-days_ago)
    day -= datetime.timedelta(days=max(0, day.weekday() - 4))
    at = datetime.datetime.combine(day, datetime.time(hour, minute), timezone.get_current_timezone())
    return min(at, timezone.now() - datetime.timedelta(minutes=40))


def _agreements(ground: Ground) -> None:
    skipped = NOT_AGREED.get(ground.sector.number, ())
    for slug, (need, interval) in AGREED.items():
        if slug in skipped:
            continue
        agreed = GroupInSector.objects.create(
            sector=ground.sector,
            group=ground.groups[slug],
            need=need,
            interval_days=interval,
            agreed_at=_instant(DAYS_BACK - _agreed_later(ground.sector), 9),
        )
        if slug in STATUSES:
            GroupStatus.objects.create(
                in_sector=agreed,
                note=STATUSES[slug],
                author=ground.authors[0],
                at=_instant(len(slug) * 3 + ground.sector.number, 16),
            )


def _agreed_later(sector: Sector) -> int:
    """Return so many days later a sector agreed on its groups than the first: one group is neglected longest."""
    return 0 if sector.number == FIRST_AGREED else 10 + 5 * sector.number


def _parties(ground: Ground) -> dict[str, list[Party]]:
    """Return the sector's parties by their kind."""
    known: Iterable[Known] = (*PARTIES, *MORE_PARTIES) if ground.is_rich else PARTIES
    found: dict[str, list[Party]] = {}
    for count, one in enumerate(known):
        door = ground.door(count)
        party = Party.objects.create(
            sector=ground.sector,
            kind=one.kind,
            name=ground.filled(one.name, count),
            address=f"{door.street} {door.number}{door.letter}, {door.postcode} {door.city}",
            place=Point(door.lon, door.lat, srid=4326),
            note=one.note,
            interval_days=one.interval,
            created_at=_instant(DAYS_BACK, 9),
        )
        party.groups.add(ground.groups[one.group])
        name, role = one.contact
        phone = f"+45 00 00 {40 + count} {ground.sector.number:02}"
        ContactPerson.objects.create(party=party, name=name, role=role, phone=phone)
        found.setdefault(one.kind, []).append(party)
    return found


def _challenges(ground: Ground, parties: dict[str, list[Party]]) -> list[Challenge]:
    troubles: tuple[Trouble, ...] = TROUBLES if ground.is_rich else TROUBLES[ground.sector.number % 2 :][:1]
    if ground.is_succession:
        troubles += SUCCESSION_TROUBLES
    return [_challenge(ground, count, trouble, parties) for count, trouble in enumerate(troubles)]


def _challenge(ground: Ground, count: int, trouble: Trouble, parties: dict[str, list[Party]]) -> Challenge:
    author = ground.authors[0]
    closed: dict[str, Any] = {}
    if trouble.result:
        closed = {"closed_at": _instant(30, 15), "closed_by": author, "result": trouble.result}
    challenge = Challenge.objects.create(
        sector=ground.sector,
        title=trouble.title,
        description=ground.filled(trouble.description, count),
        severity=trouble.severity,
        opened_by=author,
        opened_at=_instant(trouble.opened, 10),
        **closed,
    )
    challenge.groups.set(ground.groups[slug] for slug in trouble.groups)
    challenge.parties.set(parties["housing"][:1])
    ProgressNote.objects.bulk_create(
        ProgressNote(challenge=challenge, text=text, author=author, at=_instant(days, 14))
        for days, text in trouble.notes
    )
    return challenge


def _stories(ground: Ground) -> Iterator[Story]:
    """Yield the sector's entries, the latest first; each sector begins at another place in the row."""
    if ground.is_succession:
        yield from OF_SUCCESSION
    turn = ground.sector.number * 3 % len(EVERYWHERE)
    count = ENTRIES if ground.is_rich else FEW_ENTRIES
    yield from itertools.islice(itertools.cycle((*EVERYWHERE[turn:], *EVERYWHERE[:turn])), count)


def _entries(ground: Ground, parties: dict[str, list[Party]], challenges: list[Challenge]) -> list[LogEntry]:
    stories = list(_stories(ground))
    entries: list[LogEntry] = []
    links: list[Any] = []
    for count, story in enumerate(stories):
        if _is_overlooked(ground, story, _days_ago(ground, count, len(stories))):
            continue
        known = parties.get(story.party, [])
        party = known[count // len(EVERYWHERE) % len(known)] if known else None
        entry = _entry(ground, story, count, len(stories), party)
        entries.append(entry)
        links += [EntryGroup(entry=entry, group=ground.groups[slug]) for slug in story.groups]
        links += [EntryParty(entry=entry, party=party)] if party else []
        links += [EntryChallenge(entry=entry, challenge=one) for one in _concerned(story, challenges)]
    LogEntry.objects.bulk_create(entries)
    kinds: tuple[type[Any], ...] = (EntryGroup, EntryParty, EntryChallenge)
    for model in kinds:
        model._default_manager.bulk_create(link for link in links if isinstance(link, model))
    return entries


def _days_ago(ground: Ground, count: int, of: int) -> int:
    """Return when the entry of this place in the row was written: recent weeks hold more than those long ago."""
    return round(DAYS_BACK * (count / of) ** 2) + ground.sector.number % 3


def _is_overlooked(ground: Ground, story: Story, days_ago: int) -> bool:
    overlooked = OVERLOOKED.get(ground.sector.number, {})
    return any(days_ago < overlooked.get(slug, 0) for slug in story.groups)


def _concerned(story: Story, challenges: list[Challenge]) -> list[Challenge]:
    """Return the challenge that a story of road users or of young people in the evening belongs to."""
    words = {"road-users": "Fast driving", "exposed-housing": "The courtyard", "homeless": "Sleeping"}
    begins = tuple(words[slug] for slug in story.groups if slug in words)
    return [one for one in challenges if begins and one.title.startswith(begins)]


def _entry(ground: Ground, story: Story, count: int, of: int, party: Party | None) -> LogEntry:
    door = ground.door(count)
    happened_at = _instant(
        _days_ago(ground, count, of), 8 + (count * 5 + ground.sector.number) % 14, count * 7 % 60
    )
    follows = story.form == "observation" and count < 10
    return LogEntry(
        sector=ground.sector,
        author=ground.authors[count % 3 // 2 % len(ground.authors)],
        form_version=ground.forms[story.form],
        happened_at=happened_at,
        written_at=happened_at + datetime.timedelta(minutes=12),
        text=ground.filled(story.text, count, party=party.name if party else "the party"),
        values=story.values,
        outcome=story.outcome,
        place=Point(round(door.lon, 3), round(door.lat, 3), srid=4326),
        place_precision=PLACE_PRECISION,
        place_text=door.street,
        follow_up_on=_day(count - 3) if follows else None,
    )


def _promises(sector: Sector, entries: list[LogEntry]) -> None:
    Promise.objects.bulk_create(
        Promise(entry=entry, sector=entry.sector, what=what, to_whom=to_whom, due_on=_day(days))
        for entry, (what, to_whom, days) in zip(entries, PROMISES[sector.number], strict=False)
    )


def _patrols(ground: Ground) -> None:
    """Enter two patrols a week, mostly on foot or by bicycle; each author has days of their own."""
    turn = (PatrolForm.FOOT, PatrolForm.BICYCLE, PatrolForm.FOOT, PatrolForm.VEHICLE)
    author = ground.authors[0]
    rows = []
    for week in range(26):
        for place, days in enumerate((1, 4)):
            begins = _instant(week * 7 + days, 9 + ground.sector.number % 8)
            form = turn[(week + place + ground.sector.number) % len(turn)]
            period = DateTimeTZRange(begins, begins + datetime.timedelta(minutes=95 + 10 * place))
            rows.append(Patrol(user=author, sector=ground.sector, form=form, period=period))
    Patrol.objects.bulk_create(rows, ignore_conflicts=True)


def _effort(sectors: dict[int, Sector]) -> None:
    """Plan a joint effort of three sectors from two districts with the Burglary Group."""
    taking_part = [sectors[number] for number in (1, 5, 10)]
    head = User.objects.get(email=plan.STATION_HEAD.email)
    effort = Effort.objects.create(
        title="Dark months without burglaries",
        goal="A third fewer burglaries in flats and cellars from November to February than last winter.",
        begins_on=_day(-21),
        ends_on=_day(80),
        created_by=head,
    )
    effort.sectors.set(taking_part)
    effort.units.add(Unit.objects.get(name=plan.UNITS[1]))
    officer = User.objects.get(email=plan.OFFICER.email)
    effort.tasks.create(what="Walk through the cellars with every housing board", who=officer, due_on=_day(6))
    effort.tasks.create(
        what="Hand out advice on locks in the streets behind the park", due_on=_day(-2), who=officer
    )
    effort.tasks.create(
        what="Map where and when it happened last winter", unit=effort.units.first(), due_on=_day(-9)
    )
