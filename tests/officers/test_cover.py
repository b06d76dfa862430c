import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from officers.absence import PlannedCover
from officers.cover import Nearness, consequences, suggest_covers, uncovered
from officers.models import Portrait
from sectors.models import Sector
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    DistrictFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
    division_of,
    since,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


class Row:
    """Four sectors side by side; the first two are one district, the others another."""

    def __init__(self):
        self.station = StationFactory()
        near, far = DistrictFactory(station=self.station), DistrictFactory(station=self.station)
        self.sectors = [SectorFactory(district=d, number=n) for n, d in enumerate([near, near, far, far], 1)]
        self.posts = [
            AssignmentFactory(sector=sector, officer__name=name)
            for sector, name in zip(self.sectors, ["Ane", "Bo", "Cai", "Dan"], strict=True)
        ]
        division_of(*self.sectors)

    def officer(self, place: int):
        return self.posts[place].officer


@pytest.fixture
def row(db) -> Row:
    return Row()


def days(begins: float, ends: float | None) -> DateTimeTZRange:
    now = timezone.now()
    return DateTimeTZRange(now + begins * DAY, None if ends is None else now + ends * DAY)


def suggested(sector, period=None) -> list[str]:
    return [suggestion.officer.name for suggestion in suggest_covers(sector, period or days(1, 5))]


def test_neighbours_come_first_across_districts_then_attached_then_the_district(row):
    AssignmentFactory(sector=row.sectors[1], officer__name="Edda", attached=True)
    AssignmentFactory(sector=row.sectors[0], officer__name="Finn", attached=True)
    suggestions = suggest_covers(row.sectors[1], days(1, 5))
    assert [(s.officer.name, s.nearness, s.is_own_district) for s in suggestions] == [
        ("Ane", Nearness.NEIGHBOUR, True),
        ("Cai", Nearness.NEIGHBOUR, False),
        ("Edda", Nearness.ATTACHED, True),
        ("Finn", Nearness.DISTRICT, True),
    ]


def test_who_is_away_in_the_period_is_left_out(row):
    AbsenceFactory(officer=row.officer(0), period=days(4, 9))
    assert suggested(row.sectors[1], days(1, 5)) == ["Cai"]
    assert suggested(row.sectors[1], days(1, 3)) == ["Ane", "Cai"]


def test_who_is_switched_off_is_left_out(row):
    row.officer(0).user = UserFactory(is_active=False)
    row.officer(0).save()
    assert suggested(row.sectors[1]) == ["Cai"]


def test_the_responsible_officer_of_the_sector_is_left_out_elsewhere_too(row):
    AssignmentFactory(sector=row.sectors[0], officer=row.officer(1), attached=True)
    assert suggested(row.sectors[1]) == ["Ane", "Cai"]


def test_change_of_a_neighbours_officer_within_the_period_is_told(row):
    change = timezone.now() + 3 * DAY
    row.posts[0].period = DateTimeTZRange(row.posts[0].period.lower, change)
    row.posts[0].save()
    AssignmentFactory(sector=row.sectors[0], officer__name="Gry", period=DateTimeTZRange(change, None))
    ane, gry, cai = suggest_covers(row.sectors[1], days(1, 5))
    assert (ane.ends, gry.begins) == (change, change)
    assert ane.changes
    assert gry.changes
    assert not cai.changes


def test_who_covers_elsewhere_already_comes_later_and_it_is_told(row):
    cover = CoverFactory(
        sector=row.sectors[3],
        officer=row.officer(0),
        absence__officer=row.officer(3),
        absence__period=days(1, 9),
    )
    cai, ane = suggest_covers(row.sectors[1], days(1, 5))
    assert ane.other_covers == (cover,)
    assert not cai.other_covers


def test_sector_that_is_not_drawn_yet_has_the_officers_of_its_district(row):
    planned = SectorFactory(district=row.sectors[0].district, number=9)
    assert suggested(planned) == ["Ane", "Bo"]


def test_suggestions_cost_two_queries(row, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 3600
    suggested(row.sectors[1])
    with django_assert_num_queries(2):
        suggested(row.sectors[1])


def test_absence_without_cover_leaves_its_sectors_open(row):
    Portrait.objects.create(officer=row.officer(1), digest="d", small=b"", medium=b"", large=b"")
    found = consequences(row.officer(1), days(1, 5))
    (gap,) = found.gaps
    assert (gap.sector, gap.absent.name, gap.stand_in) == (row.sectors[1], "Bo", None)
    assert gap.ends - gap.begins == pytest.approx(4 * DAY, abs=DAY / 1000)
    assert found


def test_planned_covers_close_the_gap_for_their_time(row):
    period = days(1, 5)
    covers = [PlannedCover(row.sectors[1], row.officer(0), DateTimeTZRange(period.lower, period.upper - DAY))]
    (gap,) = consequences(row.officer(1), period, covers).gaps
    assert (gap.begins, gap.ends) == (period.upper - DAY, period.upper)
    covers = [PlannedCover(row.sectors[1], row.officer(0), period)]
    assert not consequences(row.officer(1), period, covers)


def test_stand_in_is_told_where_nobody_covers(row):
    AssignmentFactory(sector=row.sectors[1], officer__name="Edda", attached=True, is_stand_in=True)
    (gap,) = consequences(row.officer(1), days(1, 5)).gaps
    assert gap.stand_in.name == "Edda"
    assert not uncovered(row.sectors, timezone.now(), None)


def test_promised_covers_that_fall_away_are_told_with_their_time(row):
    cover = CoverFactory(
        sector=row.sectors[1],
        officer=row.officer(2),
        absence__officer=row.officer(1),
        absence__period=days(0, 4),
    )
    period = days(2, 9)
    (lost,) = consequences(row.officer(2), period).lost_covers
    assert (lost.cover, lost.begins, lost.ends) == (cover, period.lower, cover.period.upper)


def test_gap_ends_with_the_appointment_of_the_absent_officer(row):
    leaves = timezone.now() + 3 * DAY
    row.posts[1].period = DateTimeTZRange(row.posts[1].period.lower, leaves)
    row.posts[1].save()
    AssignmentFactory(sector=row.sectors[1], period=DateTimeTZRange(leaves, None))
    (gap,) = consequences(row.officer(1), days(1, None)).gaps
    assert gap.ends == leaves


def test_uncovered_are_absences_that_nobody_covers_and_cover_by_somebody_who_fell_ill(row):
    begins = timezone.now()
    alone = AbsenceFactory(officer=row.officer(0), period=days(2, None))
    CoverFactory(
        sector=row.sectors[1],
        officer=row.officer(2),
        absence__officer=row.officer(1),
        absence__period=days(1, 9),
    )
    ill = AbsenceFactory(officer=row.officer(2), period=days(3, 6))
    AssignmentFactory(sector=SectorFactory(district=row.sectors[0].district), attached=True)
    gaps = [(gap.sector.number, gap.begins, gap.ends) for gap in uncovered(row.sectors, begins, None)]
    assert gaps == [
        (1, alone.period.lower, None),
        (2, ill.period.lower, ill.period.upper),
        (3, ill.period.lower, ill.period.upper),
    ]


def test_uncovered_is_cut_to_the_period_asked_for(row):
    AbsenceFactory(officer=row.officer(0), period=since(days=3))
    ends = timezone.now() + 7 * DAY
    (gap,) = uncovered(row.sectors, timezone.now(), ends)
    assert gap.ends == ends
    assert not uncovered([], timezone.now(), None)


def test_uncovered_costs_one_query_however_many_sectors(row, django_assert_num_queries):
    sectors = list(Sector.objects.all())
    with django_assert_num_queries(1):
        uncovered(sectors, timezone.now(), None)


def test_a_stranger_can_cover_though_nobody_would_suggest_them(row):
    period = days(1, 5)
    stranger = OfficerFactory()
    assert not consequences(row.officer(1), period, [PlannedCover(row.sectors[1], stranger, period)])
