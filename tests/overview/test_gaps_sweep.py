"""The sweep over instants, against a look at every quarter of an hour of every day, over random rows."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from officers.continuity import Tenure
from officers.models import User
from officers.rota import Kind, PublicOfficer, Rota, Row
from officers.standing import Standing
from overview.gaps import GapKind
from overview.gaps.finding import in_sector
from overview.gaps.reading import ALWAYS, NEVER, Facts, Made, Required
from overview.gaps.window import Window
from sectors.models import District, Sector, Station

HERE = ZoneInfo("Europe/Copenhagen")
DAY, QUARTER = datetime.timedelta(days=1), datetime.timedelta(minutes=15)
# The clocks go forward in the night to 28 March 2027, and back in the night to 31 October.
SPRING, AUTUMN = datetime.date(2027, 3, 25), datetime.date(2027, 10, 28)
DAYS = 7
STATION = Station(pk=1, name="Station", slug="station")
SECTOR = Sector(
    pk=1,
    name="Quarter",
    slug="quarter",
    number=1,
    station=STATION,
    district=District(pk=1, name="District", slug="district", station=STATION),
)
NO_PHONE = 4
SWEPT = (GapKind.VACANT, GapKind.UNCOVERED, GapKind.COVER_AWAY, GapKind.TOO_FEW, GapKind.UNREACHABLE)


@pytest.fixture(scope="module")
def head():
    """Return the account of the station's head, whose standing needs no database."""
    user = User(pk=1, email="head@police.example")
    user.__dict__["standing"] = Standing(stations=frozenset({1}))
    return user


def local(first: datetime.date, day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(first + day * DAY, datetime.time(hour, minute), HERE)


def facts(*rows: Row, absences=(), required=(), hours_until=ALWAYS, tenures=(), handovers=()) -> Facts:
    return Facts(
        SECTOR,
        Rota(tuple(rows), tuple(absences)),
        tuple(required),
        tuple(tenures),
        tuple(handovers),
        hours_until,
        (),
        tuple((officer, 1) for officer in range(1, 6)),
    )


def row(kind: Kind, officer: int, begins, ends=None) -> Row:
    phone = "" if officer == NO_PHONE else "+45 00 00 10 00"
    person = PublicOfficer(f"Officer {officer}", "", phone, f"officer{officer}@police.example")
    return Row(kind, 1, officer, begins, ends, person)


def days_by_kind(known: Facts, window: Window, head: User) -> dict[str, set[datetime.date]]:
    found: dict[str, set[datetime.date]] = {kind: set() for kind in GapKind}
    for gap, _officers in in_sector(known, window, head):
        found[gap.kind] |= {gap.first + number * DAY for number in range((gap.last - gap.first).days + 1)}
    return found


def naive(known: Facts, window: Window) -> dict[str, set[datetime.date]]:
    """Look at each quarter of an hour of the agreed hours of each day, with a rule of its own."""
    found: dict[str, set[datetime.date]] = {kind: set() for kind in GapKind}
    day = window.first
    while day <= window.last:
        at = datetime.datetime.combine(day, datetime.time(7), HERE)
        while at.date() == day and at.hour < 23:
            if at >= window.begins:
                for kind in lacking_at(known, at, day):
                    found[kind].add(day)
            at += QUARTER
        day += DAY
    return found


def lacking_at(known: Facts, at: datetime.datetime, day: datetime.date) -> set[str]:
    def holds(one: Row) -> bool:
        return one.begins <= at and not (one.ends and one.ends <= at)

    holding = [one for one in known.rota.rows if holds(one)]
    away = {one.officer_id for one in known.rota.absences if holds(one)}
    by_kind = {kind: [one for one in holding if one.kind is kind] for kind in Kind}
    lacking = set()
    responsible, covers = by_kind[Kind.RESPONSIBLE], by_kind[Kind.COVER]
    answering = [
        one
        for one in (*responsible, *covers, *by_kind[Kind.STAND_IN])
        if one.officer_id not in away
    ]  # fmt: skip
    if not responsible:
        lacking.add(GapKind.VACANT)
    elif not answering:
        lacking.add(GapKind.COVER_AWAY if covers else GapKind.UNCOVERED)
    if answering and answering[0].officer_id == NO_PHONE:
        lacking.add(GapKind.UNREACHABLE)
    if known.hours_until < day:
        lacking.add(GapKind.UNREACHABLE)
    decided = [one.officers for one in known.required if one.day <= day]
    appointed = {one.officer_id for one in holding if one.kind is not Kind.COVER}
    if len(appointed) < max(2, *decided[-1:], 2):
        lacking.add(GapKind.TOO_FEW)
    return lacking


@st.composite
def periods(draw, first):
    """Draw a beginning and an end on the quarters of the hours around the window, some of them at night."""
    hours = st.sampled_from([0, 5, 6, 7, 8, 12, 22, 23])
    begins = local(first, draw(st.integers(-2, DAYS)), draw(hours), draw(st.sampled_from([0, 15])))
    if draw(st.booleans()):
        ends = local(first, draw(st.integers(-2, DAYS + 2)), draw(hours), draw(st.sampled_from([0, 30])))
        return (begins, ends) if begins < ends else (begins, begins + QUARTER)
    return begins, None


def apart(rows: list[Row]) -> list[Row]:
    """Keep what the database would: of these rows no two hold at once."""
    kept: list[Row] = []
    for one in rows:
        if not any(
            (other.ends is None or one.begins < other.ends) and (one.ends is None or other.begins < one.ends)
            for other in kept
        ):
            kept.append(one)
    return kept


@st.composite
def sectors(draw, first):
    officers = st.integers(3, NO_PHONE + 1)

    def some(kind: Kind) -> list[Row]:
        drawn = draw(st.lists(st.tuples(officers, periods(first)), max_size=4))
        return [row(kind, officer, *period) for officer, period in drawn]

    rows = [one for kind in (Kind.RESPONSIBLE, Kind.COVER, Kind.STAND_IN) for one in apart(some(kind))]
    rows += some(Kind.ATTACHED)
    numbers = draw(st.lists(st.integers(2, 3), max_size=2))
    required = [
        Required(first + (3 * place - 1) * DAY, number) for place, number in enumerate(numbers)
    ]  # fmt: skip
    until = draw(st.sampled_from([NEVER, ALWAYS, first - DAY, first, first + 3 * DAY, first + DAYS * DAY]))
    return facts(*rows, absences=some(Kind.ABSENCE), required=required, hours_until=until)


@settings(max_examples=300)
@given(data=st.data())
def test_the_sweep_agrees_with_a_look_at_every_quarter_of_an_hour(data, head):
    first = data.draw(st.sampled_from([SPRING, AUTUMN]))
    known = data.draw(sectors(first))
    now = local(first, 0, data.draw(st.integers(0, 23)))
    window = Window.of(first, DAYS, now)
    swept, seen = days_by_kind(known, window, head), naive(known, window)
    assert {kind: swept[kind] for kind in SWEPT} == {kind: seen[kind] for kind in SWEPT}


def test_a_gap_at_night_alone_is_none(head):
    window = Window.of(SPRING, DAYS, local(SPRING, 0, 0))
    night = [row(Kind.ABSENCE, 1, local(SPRING, 1, 23), local(SPRING, 2, 7))]
    known = facts(row(Kind.RESPONSIBLE, 1, local(SPRING, -9, 7)), absences=night)
    assert not days_by_kind(known, window, head)[GapKind.UNCOVERED]
    longer = [row(Kind.ABSENCE, 1, local(SPRING, 1, 22, 59), local(SPRING, 2, 7, 1))]
    known = facts(row(Kind.RESPONSIBLE, 1, local(SPRING, -9, 7)), absences=longer)
    assert days_by_kind(known, window, head)[GapKind.UNCOVERED] == {SPRING + DAY, SPRING + 2 * DAY}


def test_what_is_over_today_is_no_gap(head):
    away = [row(Kind.ABSENCE, 1, local(SPRING, -1, 7), local(SPRING, 0, 10))]
    known = facts(row(Kind.RESPONSIBLE, 1, local(SPRING, -9, 7)), absences=away)
    before = Window.of(SPRING, DAYS, local(SPRING, 0, 9))
    assert days_by_kind(known, before, head)[GapKind.UNCOVERED] == {SPRING}
    after = Window.of(SPRING, DAYS, local(SPRING, 0, 10))
    assert not days_by_kind(known, after, head)[GapKind.UNCOVERED]


def test_two_absences_on_end_are_one_gap(head):
    absences = [
        row(Kind.ABSENCE, 1, local(SPRING, 1, 7), local(SPRING, 3, 7)),
        row(Kind.ABSENCE, 1, local(SPRING, 3, 7), local(SPRING, 5, 7)),
    ]
    known = facts(row(Kind.RESPONSIBLE, 1, local(SPRING, -9, 7)), absences=absences)
    window = Window.of(SPRING, DAYS, local(SPRING, 0, 0))
    away = [gap for gap, _ in in_sector(known, window, head) if gap.kind == GapKind.UNCOVERED]
    assert [(gap.first, gap.last, gap.goes_on) for gap in away] == [(SPRING + DAY, SPRING + 4 * DAY, False)]


def test_what_lasts_longer_than_was_looked_ahead_goes_on(head):
    window = Window.of(SPRING, DAYS, local(SPRING, 0, 0))
    known = facts(row(Kind.RESPONSIBLE, 1, local(SPRING, -9, 7), local(SPRING, 2, 7)))
    vacant = next(gap for gap, _ in in_sector(known, window, head) if gap.kind == GapKind.VACANT)
    assert (vacant.first, vacant.last, vacant.goes_on) == (SPRING + 2 * DAY, window.last, True)
    assert vacant.act == "Name the successor"


def handed(on: datetime.date, *, is_accepted: bool, made_at=None) -> Made:
    made = made_at or local(SPRING, -3, 12)
    return Made("00000000-0000-0000-0000-000000000001", 2, "Officer 2", on, made, is_accepted)


@pytest.mark.parametrize(
    ("handover", "expected"),
    [
        (handed(SPRING - DAY, is_accepted=False), {SPRING + number * DAY for number in range(DAYS)}),
        (handed(SPRING - DAY, is_accepted=True), set()),
        (handed(SPRING, is_accepted=False), set()),
        (handed(SPRING + DAY, is_accepted=False), set()),
    ],
)
def test_a_hand_over_that_is_not_accepted_is_a_gap_after_its_day(head, handover, expected):
    known = facts(row(Kind.RESPONSIBLE, 2, local(SPRING, -9, 7)), handovers=[handover])
    window = Window.of(SPRING, DAYS, local(SPRING, 0, 9))
    assert days_by_kind(known, window, head)[GapKind.HAND_OVER] == expected


def test_a_hand_over_to_who_has_left_the_sector_is_none(head):
    known = facts(
        row(Kind.RESPONSIBLE, 3, local(SPRING, -9, 7)), handovers=[handed(SPRING - DAY, is_accepted=False)]
    )
    window = Window.of(SPRING, DAYS, local(SPRING, 0, 9))
    assert not days_by_kind(known, window, head)[GapKind.HAND_OVER]


def changes(begins: int) -> list[Tenure]:
    """Officer 2 follows officer 1 so many days from the window's first day."""
    at = local(SPRING, begins, 7)
    return [Tenure(1, "Officer 1", local(SPRING, -400, 7), at), Tenure(2, "Officer 2", at, None)]


@pytest.mark.parametrize(("begins", "expected"), [(2, 5), (-20, 7), (-59, 7), (-61, 0), (30, 0)])
def test_who_takes_over_without_a_hand_over_is_a_gap_for_a_while(head, begins, expected):
    window = Window.of(SPRING, DAYS, local(SPRING, 0, 9))
    assert len(days_by_kind(facts(tenures=changes(begins)), window, head)[GapKind.HAND_OVER]) == expected
    made = facts(tenures=changes(begins), handovers=[handed(SPRING + 9 * DAY, is_accepted=False)])
    assert not days_by_kind(made, window, head)[GapKind.HAND_OVER]


def test_an_officer_who_follows_themselves_hands_over_to_nobody(head):
    first, second = changes(2)
    same = Tenure(1, first.officer, second.begins, None)
    window = Window.of(SPRING, DAYS, local(SPRING, 0, 9))
    assert not days_by_kind(facts(tenures=[first, same]), window, head)[GapKind.HAND_OVER]
