import datetime

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from officers.continuity import (
    Tenure,
    by_district,
    continuity_of,
    figures,
    months_between,
    months_text,
)
from sectors.models import Sector
from tests.factories import AssignmentFactory, DistrictFactory, OfficerFactory, SectorFactory, since

NOW = datetime.datetime(2027, 5, 3, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def held(officer: int, begins: float, ends: float | None = None, **more) -> Tenure:
    """One officer's time; days from now."""
    return Tenure(
        officer, f"Officer {officer}", NOW + begins * DAY, None if ends is None else NOW + ends * DAY, **more
    )


def test_tenure_is_the_present_officers():
    continuity = figures([held(1, -500, -100), held(2, -100)], NOW)
    assert continuity.present.officer_id == 2
    assert continuity.tenure == 100 * DAY
    assert continuity.months == 3


def test_changes_count_within_three_years_only():
    tenures = [held(1, -3000, -1200), held(2, -1200, -900), held(3, -900, -400), held(4, -400)]
    continuity = figures(tenures, NOW)
    assert continuity.changes == 2
    assert continuity.years == pytest.approx(3)
    assert continuity.changes_a_year == pytest.approx(2 / 3)


def test_young_sector_is_measured_since_its_first_officer():
    continuity = figures([held(1, -730.5, -300), held(2, -300)], NOW)
    assert continuity.changes_a_year == pytest.approx(0.5)


def test_change_in_the_first_weeks_is_no_trend():
    assert figures([held(1, -20, -10), held(2, -10)], NOW).changes_a_year == 1


def test_first_officer_and_the_same_one_after_a_vacancy_are_no_changes():
    assert figures([held(1, -500, -200), held(1, -100)], NOW).changes == 0
    assert figures([held(1, -500, -200), held(2, -100)], NOW).changes == 1


def test_change_to_come_is_not_counted_yet():
    assert figures([held(1, -500, 10), held(2, 10)], NOW).changes == 0


def test_vacant_sector_has_changes_but_no_tenure():
    continuity = figures([held(1, -500, -300), held(2, -300, -1)], NOW)
    assert (continuity.present, continuity.tenure, continuity.months) == (None, None, None)
    assert continuity.changes == 1
    assert continuity.departure is None


@pytest.mark.parametrize("tenures", [[], [held(1, 5)]])
def test_sector_that_never_had_an_officer_has_no_figures(tenures):
    continuity = figures(tenures, NOW)
    assert (continuity.present, continuity.changes, continuity.changes_a_year) == (None, 0, None)


def test_announced_departure_is_told_with_hand_over_and_successor():
    tenures = [held(1, -500, 30, hand_over_on=datetime.date(2027, 5, 28)), held(2, 30)]
    departure = figures(tenures, NOW).departure
    assert (departure.ends, departure.hand_over_on) == (NOW + 30 * DAY, datetime.date(2027, 5, 28))
    assert departure.successor.officer_id == 2
    assert not departure.leaves_gap


@pytest.mark.parametrize("others", [[], [held(2, 40)]])
def test_departure_before_the_successor_begins_leaves_a_gap(others):
    assert figures([held(1, -500, 30), *others], NOW).departure.leaves_gap


def test_open_appointment_is_no_departure():
    assert figures([held(1, -500)], NOW).departure is None


@pytest.mark.parametrize(
    ("begins", "months"),
    [("2027-04-03T12:00", 1), ("2027-04-03T12:01", 0), ("2026-05-04T00:00", 11), ("2024-03-01T07:00", 38)],
)
def test_months_are_whole_months_of_the_calendar(begins, months):
    assert months_between(datetime.datetime.fromisoformat(f"{begins}+00:00"), NOW) == months


@pytest.mark.parametrize(
    ("months", "text"),
    [(0, "less than a month"), (1, "1 month"), (12, "1 year"), (27.5, "2 years and 3 months")],
)
def test_months_as_people_say_them(months, text):
    assert months_text(months) == text


@pytest.mark.django_db
def test_appointment_made_longer_by_a_second_one_is_one_tenure():
    first = AssignmentFactory(period=DateTimeTZRange(timezone.now() - 90 * DAY, timezone.now() - 30 * DAY))
    AssignmentFactory(
        sector=first.sector, officer=first.officer, period=DateTimeTZRange(first.period.upper, None)
    )
    continuity = continuity_of([first.sector])[first.sector_id]
    assert continuity.present.begins == first.period.lower
    assert continuity.changes == 0


@pytest.mark.django_db
def test_attached_and_withdrawn_appointments_do_not_count():
    coming = AssignmentFactory(period=DateTimeTZRange(timezone.now() + DAY, None))
    coming.withdrawn_at = timezone.now()
    coming.save()
    AssignmentFactory(sector=coming.sector, attached=True)
    with time_machine.travel(timezone.now() + 9 * DAY):
        assert continuity_of([coming.sector])[coming.sector_id].present is None


@pytest.mark.django_db
def test_district_has_the_median_tenure_and_one_query_serves_all(django_assert_num_queries):
    district = DistrictFactory()
    sectors = [SectorFactory(district=district) for _ in range(4)]
    for sector, days in zip(sectors, (100, 200, 800), strict=False):
        AssignmentFactory(sector=sector, period=since(days=days))
    elsewhere = AssignmentFactory(officer=OfficerFactory()).sector
    everything = list(Sector.objects.select_related("district").order_by("pk"))
    with django_assert_num_queries(1):
        known = continuity_of(everything)
        here, there = by_district(everything, known)
    assert (here.district, here.sectors, here.vacant, here.departing) == (district, 4, 1, 0)
    assert here.median_months == 6
    assert here.changes_a_year == 0
    assert there.district == elsewhere.district


@pytest.mark.django_db
def test_district_rate_is_that_of_its_average_sector():
    district = DistrictFactory()
    calm, restless = (SectorFactory(district=district) for _ in range(2))
    AssignmentFactory(sector=calm, period=since(days=4000))
    change = timezone.now() - 100 * DAY
    AssignmentFactory(sector=restless, period=DateTimeTZRange(change - 4000 * DAY, change))
    AssignmentFactory(sector=restless, period=DateTimeTZRange(change, timezone.now() + 9 * DAY))
    (figure,) = by_district([calm, restless], continuity_of([calm, restless]))
    assert figure.changes_a_year == pytest.approx(1 / 6)
    assert figure.departing == 1


@pytest.mark.django_db
def test_district_without_any_appointment_has_no_figures():
    sector = SectorFactory()
    (figure,) = by_district([sector], continuity_of([sector]))
    assert (figure.vacant, figure.median_months, figure.changes_a_year) == (1, None, None)
