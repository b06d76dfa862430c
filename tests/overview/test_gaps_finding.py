"""What is lacking, from rows of the database: each kind, the act that mends it, and what it costs."""

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.formats import date_format

from contacts.models import EventPresence
from notifications.models import UndeliverableAddress
from overview.gaps import GapKind, away
from overview.gaps.finding import find, find_gaps
from overview.gaps.window import DAY, Days, instant_of
from overview.gaps.wording import when
from overview.scope import headed, scope_of
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    ContactHoursFactory,
    CoverFactory,
    DistrictFactory,
    EventFactory,
    HandoverFactory,
    LeadershipFactory,
    ManningBasisFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    between,
    square,
)

pytestmark = pytest.mark.django_db


def complete(sector, **responsible):
    """Give the sector all that it is to have; return its responsible officer."""
    responsible = AssignmentFactory(sector=sector, **responsible).officer
    AssignmentFactory(sector=sector, attached=True)
    ContactHoursFactory(sector=sector)
    return responsible


@pytest.fixture
def sector():
    """Return a sector in force that lacks nothing."""
    sector = in_force(SectorFactory())[0]
    sector.responsible = complete(sector)
    return sector


def in_force(*sectors):
    areas = {one: square(place) for place, one in enumerate(sectors)}
    BoundaryReleaseFactory(station=sectors[0].station, areas=areas, in_force=True)
    return sectors


@pytest.fixture
def head(sector):
    return LeadershipFactory(station=sector.station).user


@pytest.fixture
def district_head(sector):
    return LeadershipFactory(station=sector.station, district=sector.district).user


def gaps(user, days=91):
    return find_gaps(scope_of(user, "", headed(user)), user, timezone.localdate(), days)


def only(user):
    (gap,) = gaps(user)
    return gap


def month_day(day: int) -> str:
    return date_format(timezone.localdate() + day * DAY, "MONTH_DAY_FORMAT")


def at(day: int, hour: int = 7) -> datetime.datetime:
    return instant_of(timezone.localdate() + day * DAY, datetime.time(hour))


def test_a_sector_that_has_everything_lacks_nothing(sector, head):
    assert gaps(head) == []


@pytest.mark.usefixtures("by_day")
def test_a_sector_that_never_had_an_officer_lacks_one_from_today_on(head, sector):
    bare = SectorFactory(district=sector.district)
    BoundaryReleaseFactory(station=StationFactory(), areas={bare: square(3)}, in_force=True)
    found = {gap.kind: gap for gap in gaps(head) if gap.sector == bare}
    assert set(found) == {GapKind.VACANT, GapKind.TOO_FEW, GapKind.UNREACHABLE}
    vacant = found[GapKind.VACANT]
    assert (vacant.first, vacant.goes_on, vacant.act) == (timezone.localdate(), True, "Appoint")
    assert vacant.what == "No responsible officer from today on."
    assert "No officer is appointed" in found[GapKind.TOO_FEW].what


def test_who_leaves_without_a_successor_leaves_a_gap_from_that_day_on():
    (sector,) = in_force(SectorFactory())
    complete(sector, period=DateTimeTZRange(at(-50), at(10)))
    head = LeadershipFactory(station=sector.station).user
    found = {gap.kind: gap for gap in gaps(head)}
    assert found[GapKind.VACANT].first == timezone.localdate() + 10 * DAY
    assert found[GapKind.VACANT].act == "Name the successor"
    assert found[GapKind.TOO_FEW].first == found[GapKind.VACANT].first


def test_an_absence_without_cover_is_told_from_a_cover_who_is_away(sector, head):
    absence = AbsenceFactory(officer=sector.responsible, period=DateTimeTZRange(at(5), at(15)))
    gap = only(head)
    assert (gap.kind, gap.last) == (GapKind.UNCOVERED, timezone.localdate() + 14 * DAY)
    assert gap.url.endswith(f"?absence={absence.pk}&sector={sector.pk}")
    cover = CoverFactory(absence=absence, sector=sector)
    assert gaps(head) == []
    AbsenceFactory(officer=cover.officer, period=DateTimeTZRange(at(8), at(10)))
    gap = only(head)
    assert (gap.kind, gap.act) == (GapKind.COVER_AWAY, "Arrange another cover")
    assert (gap.first, gap.last) == (timezone.localdate() + 8 * DAY, timezone.localdate() + 9 * DAY)


def test_the_sentences_name_the_days_without_anybody_not_those_of_the_absence(sector, head):
    absence = AbsenceFactory(officer=sector.responsible, period=DateTimeTZRange(at(5), at(15)))
    cover = CoverFactory(absence=absence, sector=sector)
    away = AbsenceFactory(officer=cover.officer, period=DateTimeTZRange(at(8), at(10)))
    absent, when = sector.responsible.name, f"from {month_day(8)} to {month_day(9)}"
    assert only(head).what == (
        f"Nobody covers for {absent} {when}: {cover.officer.name}, who was to cover, is away too."
    )
    for row in (away, cover):
        type(row).objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    CoverFactory(absence=absence, sector=sector, period=DateTimeTZRange(at(6), at(15)))
    assert only(head).what == (
        f"Nobody covers for {absent}, who is away, on {date_format(at(5), 'l')} {month_day(5)}."
    )


@pytest.mark.parametrize(
    ("first", "last", "goes_on", "words"),
    [
        (0, 90, True, "from today on"),
        (0, 0, False, "today"),
        (0, 3, False, "from today to 11 December"),
        (2, 90, True, "from 10 December on"),
        (2, 2, False, "on Thursday 10 December"),
        (2, 3, False, "from 10 December to 11 December"),
    ],
)
def test_when_somebody_is_lacking_is_told_in_words_that_fit_both_sentences(first, last, goes_on, words):
    today = datetime.date(2026, 12, 8)
    told = when(Days(today + first * DAY, today + last * DAY, goes_on), today)
    assert away._uncovered("Rita", told) == f"Nobody covers for Rita, who is away, {words}."
    assert away._cover_away("Rita", "Otto", told) == (
        f"Nobody covers for Rita {words}: Otto, who was to cover, is away too."
    )


def test_a_stand_in_who_answers_leaves_no_gap(sector, head):
    AbsenceFactory(officer=sector.responsible, period=DateTimeTZRange(at(5), at(15)))
    AssignmentFactory(sector=sector, attached=True, is_stand_in=True)
    assert gaps(head) == []


def test_dated_changes_of_manning_are_seen_on_both_sides(sector, head):
    today = timezone.localdate()
    ManningBasisFactory(sector=sector, holds_from=today + 20 * DAY, required=3)
    AssignmentFactory(sector=sector, attached=True, period=DateTimeTZRange(at(30), at(40)))
    first, second = gaps(head)
    assert (first.first, first.last, first.goes_on) == (today + 20 * DAY, today + 29 * DAY, False)
    assert (second.first, second.goes_on, second.kind) == (today + 40 * DAY, True, GapKind.TOO_FEW)


def test_a_basis_that_nobody_decided_on_requires_nobody(sector, head):
    ManningBasisFactory(sector=sector, holds_from=timezone.localdate(), required=None)
    assert gaps(head) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "", "no telephone number"),
        ("phone", "ask", "no telephone number"),
        ("phone", "local 12345", "no telephone number"),
        ("email", "", "no e-mail"),
        ("email", "nonsense", "no e-mail"),
    ],
)
def test_an_officer_whom_nobody_can_reach_is_a_gap_while_they_answer(sector, head, field, value, words):
    type(sector.responsible).objects.filter(pk=sector.responsible.pk).update(**{field: value})
    gap = only(head)
    assert gap.kind == GapKind.UNREACHABLE
    assert words in gap.what
    assert gap.url == f"/admin/officers/officer/{sector.responsible.pk}/change/"
    AbsenceFactory(officer=sector.responsible, period=DateTimeTZRange(at(-1), None))
    assert only(head).kind == GapKind.UNCOVERED


def test_an_address_whose_mails_come_back_is_a_gap_until_another_is_entered(sector, head):
    officer = sector.responsible
    UndeliverableAddress.objects.create(address=officer.email.lower(), since=timezone.now())
    gap = only(head)
    assert (gap.kind, gap.url) == (GapKind.UNREACHABLE, f"/admin/officers/officer/{officer.pk}/change/")
    assert "mails to the e-mail on the public page come back" in gap.what
    type(officer).objects.filter(pk=officer.pk).update(phone="")
    assert "no telephone number on the public page, and mails come back" in only(head).what
    type(officer).objects.filter(pk=officer.pk).update(phone="12 34 56", email="new@police.example")
    assert gaps(head) == []


def test_six_digits_are_a_telephone_number(sector, head):
    type(sector.responsible).objects.filter(pk=sector.responsible.pk).update(phone="12 34 56")
    assert gaps(head) == []


def test_hours_that_end_are_a_gap_from_the_next_day_on(sector, head):
    today = timezone.localdate()
    sector.contact_hours.update(until=today + 6 * DAY)
    gap = only(head)
    assert (gap.kind, gap.first, gap.goes_on) == (GapKind.UNREACHABLE, today + 7 * DAY, True)
    assert gap.url.endswith("/hours/new/")


def test_a_hand_over_that_waits_is_a_gap_until_it_is_accepted(sector, head):
    handover = HandoverFactory(
        sector=sector, taker=sector.responsible, on=timezone.localdate() - 3 * DAY, made_by=head
    )
    gap = only(head)
    assert (gap.kind, gap.url) == (GapKind.HAND_OVER, f"/log/handovers/{handover.uuid}/")
    type(handover).objects.filter(pk=handover.pk).update(taker_signed_at=timezone.now())
    assert gaps(head) == []


def test_an_event_lacks_who_said_no_and_who_is_away(sector, head):
    event = EventFactory(
        station=sector.station,
        sectors=[sector],
        begins_at=at(6, 12),
        ends_at=at(6, 15),
        required_presence=2,
        published=True,
    )
    one, other = OfficerFactory.create_batch(2, station=sector.station)
    for officer in (one, other):
        EventPresence.objects.create(event=event, officer=officer, assigned_by=head)
    assert gaps(head) == []
    absence = AbsenceFactory(officer=one, period=DateTimeTZRange(at(6, 14), at(7)))
    gap = only(head)
    assert (gap.kind, gap.sector, gap.first, gap.last) == (
        GapKind.EVENT, sector, timezone.localdate() + 6 * DAY, timezone.localdate() + 6 * DAY,
    )  # fmt: skip
    assert "1 of 2 officers" in gap.what
    absence.period = DateTimeTZRange(at(6, 15), at(7))
    type(absence).objects.filter(pk=absence.pk).update(withdrawn_at=timezone.now())
    assert gaps(head) == []
    event.presences.filter(officer=other).update(answer=EventPresence.Answer.NO)
    assert "1 of 2 officers" in only(head).what


def test_an_event_of_all_sectors_is_the_stations(sector, head):
    EventFactory(
        station=sector.station, begins_at=at(6, 12), ends_at=at(6, 15), required_presence=2, published=True
    )
    gap = only(head)
    assert (gap.sector, gap.station) == (None, sector.station)


def test_an_event_at_night_counts_on_both_of_its_days(sector, head):
    EventFactory(
        station=sector.station, begins_at=at(6, 23), ends_at=at(7, 2), required_presence=2, published=True
    )
    gap = only(head)
    assert (gap.last - gap.first).days == 1


def test_the_soonest_week_comes_first_and_in_a_week_the_gravest(sector, head):
    today = timezone.localdate()
    sector.contact_hours.update(until=today + DAY)
    AbsenceFactory(officer=sector.responsible, period=DateTimeTZRange(at(5), at(6)))
    later = SectorFactory(district=sector.district)
    BoundaryReleaseFactory(station=StationFactory(), areas={later: square(3)}, in_force=True)
    officer = complete(later)
    AbsenceFactory(officer=officer, period=DateTimeTZRange(at(20), at(21)))
    kinds = [(gap.kind, gap.first) for gap in gaps(head)]
    assert kinds == [
        (GapKind.UNCOVERED, today + 5 * DAY),
        (GapKind.UNREACHABLE, today + 2 * DAY),
        (GapKind.UNCOVERED, today + 20 * DAY),
    ]


def lacking_everything(station):
    """Put a sector into force that lacks something of every kind, and return it."""
    sector = SectorFactory(district=DistrictFactory(station=station))
    old = AssignmentFactory(sector=sector, period=DateTimeTZRange(at(-50), at(-5))).officer
    new = AssignmentFactory(sector=sector, period=DateTimeTZRange(at(-5), at(40))).officer
    type(new).objects.filter(pk=new.pk).update(phone="")
    HandoverFactory(sector=sector, taker=new, giver=old, on=timezone.localdate() - 4 * DAY)
    absence = AbsenceFactory(officer=new, period=DateTimeTZRange(at(5), at(25)))
    cover = CoverFactory(absence=absence, sector=sector, period=DateTimeTZRange(at(5), at(15)))
    AbsenceFactory(officer=cover.officer, period=DateTimeTZRange(at(8), at(10)))
    EventFactory(
        station=station, sectors=[sector], begins_at=at(6, 12), ends_at=at(6, 15),
        required_presence=2, published=True,
    )  # fmt: skip
    return sector


def test_every_act_of_a_station_head_leads_to_a_page(client):
    station = StationFactory()
    in_force(lacking_everything(station))
    head = LeadershipFactory(station=station).user
    found = gaps(head)
    assert {gap.kind for gap in found} == set(GapKind)
    client.force_login(head)
    assert {gap.url: client.get(gap.url).status_code for gap in found} == {gap.url: 200 for gap in found}


def test_every_act_of_a_district_head_leads_to_a_page(client):
    station = StationFactory()
    (sector,) = in_force(lacking_everything(station))
    head = LeadershipFactory(station=station, district=sector.district).user
    found = gaps(head)
    assert {gap.kind for gap in found} == set(GapKind)
    client.force_login(head)
    assert {gap.url: client.get(gap.url).status_code for gap in found} == {gap.url: 200 for gap in found}
    assert not [gap.url for gap in found if gap.url.startswith("/admin/")]
    appoint = next(gap for gap in found if gap.kind == GapKind.VACANT)
    assert appoint.act == "Look at the sector, and tell the station’s head"


def test_an_officer_lent_by_another_station_is_left_to_its_head(client):
    (sector,) = in_force(SectorFactory())
    lent = complete(sector, officer=OfficerFactory(phone=""))
    head = LeadershipFactory(station=sector.station).user
    AbsenceFactory(officer=lent, period=DateTimeTZRange(at(5), at(15)))
    client.force_login(head)
    found = gaps(head)
    assert {gap.kind for gap in found} == {GapKind.UNREACHABLE, GapKind.UNCOVERED}
    assert {client.get(gap.url).status_code for gap in found} == {200}


@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_do_not_grow_with_the_sectors(count, django_assert_max_num_queries):
    station = StationFactory()
    in_force(*(lacking_everything(station) for _ in range(count)))
    head = LeadershipFactory(station=station).user
    scope = scope_of(head, "", headed(head))
    assert head.standing
    with django_assert_max_num_queries(11):
        found = find(scope, head, timezone.localdate())
    assert len(found) >= count * len(GapKind)
    assert all(one.officers for one in found if one.gap.kind == GapKind.COVER_AWAY)


def test_a_station_without_sectors_lacks_nothing():
    head = LeadershipFactory().user
    assert gaps(head) == []


def test_what_was_asked_for_bounds_the_days(sector, head):
    AbsenceFactory(officer=sector.responsible, period=between(days=(-3, 60)))
    today = timezone.localdate()
    scope = scope_of(head, "", headed(head))
    (gap,) = find_gaps(scope, head, today + 10 * DAY, 1)
    assert (gap.first, gap.last, gap.goes_on) == (today + 10 * DAY, today + 10 * DAY, True)
