import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from notifications.models import Notification
from officers.absence import (
    AbsenceRefused,
    PlannedCover,
    add_cover,
    end_absence,
    end_cover,
    enter_absence,
    withdraw_absence,
    withdraw_cover,
)
from officers.models import Absence, Cover
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    OfficerFactory,
    SectorFactory,
    UserFactory,
    between,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock_stands_still():
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def post(db):
    """An officer's appointment to a sector."""
    return AssignmentFactory(officer__name="Rita Fictional", sector__name="Nowhere", sector__number=7007)


@pytest.fixture
def other(post):
    """The responsible officer of another sector and district of the station."""
    return AssignmentFactory(
        sector__district__station=post.sector.station, officer__name="Otto Other"
    ).officer


def coming(begins: float = 1, ends: float | None = 5) -> DateTimeTZRange:
    now = timezone.now()
    return DateTimeTZRange(now + begins * DAY, None if ends is None else now + ends * DAY)


def refused(words: str):
    return pytest.raises(AbsenceRefused, match=words)


def test_absence_is_entered_with_its_covers(post, other):
    period = coming()
    absence = enter_absence(post.officer, period, [PlannedCover(post.sector, other, period)])
    cover = Cover.objects.get(absence=absence)
    assert (cover.sector, cover.officer, cover.period) == (post.sector, other, absence.period)
    assert absence.period == period


def test_an_absence_of_a_moment_ago_begins_now_with_its_cover(post, other):
    period = DateTimeTZRange(timezone.now() - datetime.timedelta(seconds=50), None)
    absence = enter_absence(post.officer, period, [PlannedCover(post.sector, other, period)])
    assert absence.period.lower > period.lower
    assert absence.covers.get().period.lower == absence.period.lower


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ((-1, 5), "in the past"),
        ((3, 2), "ends before it begins"),
        ((3, 3), "ends before it begins"),
        ((800, 801), "two years ahead"),
        ((1, 800), "two years ahead"),
    ],
)
def test_impossible_periods_are_refused(post, period, words):
    with refused(words):
        enter_absence(post.officer, coming(*period))
    assert not Absence.objects.exists()


def test_period_without_beginning_is_refused(post):
    with refused("Say when it begins"):
        enter_absence(post.officer, DateTimeTZRange(None, timezone.now() + DAY))


def test_second_absence_in_a_period_is_refused(post):
    enter_absence(post.officer, coming(1, 5))
    with refused("away in this period already"):
        enter_absence(post.officer, coming(4, 9))
    enter_absence(post.officer, coming(6, 9))


@pytest.mark.parametrize("bounds", [(0.5, 3), (3, 6), (3, None)])
def test_cover_beyond_the_absence_is_refused_with_its_dates(post, other, bounds):
    with refused("A cover lies within the absence: from ") as refusal:
        enter_absence(post.officer, coming(1, 5), [PlannedCover(post.sector, other, coming(*bounds))])
    assert refusal.value.cover.officer == other
    assert not Absence.objects.exists()


def test_cover_by_oneself_is_refused(post):
    period = coming()
    with refused("Rita Fictional cannot cover for themselves"):
        enter_absence(post.officer, period, [PlannedCover(post.sector, post.officer, period)])


def test_cover_by_somebody_absent_is_refused_with_the_dates(post, other):
    AbsenceFactory(officer=other, period=between(days=(3, 4)))
    with refused("Otto Other is away themselves from .* until "):
        enter_absence(post.officer, coming(), [PlannedCover(post.sector, other, coming())])


def test_circle_of_covers_is_refused(post, other):
    period = coming()
    enter_absence(post.officer, period, [PlannedCover(post.sector, other, period)])
    with refused("Rita Fictional is away themselves"):
        others_sector = other.assignments.get().sector
        enter_absence(other, period, [PlannedCover(others_sector, post.officer, period)])


def test_cover_by_somebody_switched_off_is_refused(post):
    switched_off = OfficerFactory(user=UserFactory(is_active=False), name="Olga Off")
    with refused("account of Olga Off is switched off"):
        enter_absence(post.officer, coming(), [PlannedCover(post.sector, switched_off, coming())])


def test_cover_of_a_foreign_sector_is_refused(post, other):
    with refused("Rita Fictional is not responsible for 99"):
        enter_absence(post.officer, coming(), [PlannedCover(SectorFactory(number=99), other, coming())])


def test_two_covers_of_a_sector_at_once_are_refused_and_nothing_is_saved(post, other):
    period = coming()
    covers = [PlannedCover(post.sector, who, period) for who in (other, OfficerFactory())]
    with refused("Otto Other covers 7007 Nowhere from"):
        enter_absence(post.officer, period, covers)
    assert not Absence.objects.exists()
    assert not Cover.objects.exists()


def test_back_early_shortens_covers_and_withdraws_those_to_come(post, other):
    period = DateTimeTZRange(timezone.now(), timezone.now() + 5 * DAY)
    covers = [
        PlannedCover(post.sector, other, coming(0, 3)),
        PlannedCover(post.sector, OfficerFactory(), coming(3, 4)),
    ]
    absence = enter_absence(post.officer, period, covers)
    ends = timezone.now() + DAY
    end_absence(absence, ends)
    first, second = Cover.objects.order_by("period")
    assert absence.period.upper == first.period.upper == ends
    assert second.withdrawn_at


def test_absence_can_last_longer(post, other):
    absence = enter_absence(post.officer, coming(0, 2), [PlannedCover(post.sector, other, coming(0, 2))])
    ends = timezone.now() + 9 * DAY
    end_absence(absence, ends)
    assert absence.period.upper == ends
    assert absence.covers.get().period.upper < ends


def test_absence_cannot_last_into_the_next(post):
    absence = enter_absence(post.officer, coming(0, 2))
    enter_absence(post.officer, coming(4, 6))
    with refused("away in this period already"):
        end_absence(absence, timezone.now() + 5 * DAY)


def test_absence_that_has_not_begun_is_withdrawn_with_its_covers(post, other):
    absence = enter_absence(post.officer, coming(), [PlannedCover(post.sector, other, coming())])
    with refused("has not begun. Withdraw it"):
        end_absence(absence, timezone.now() + 2 * DAY)
    withdraw_absence(absence)
    assert not Cover.objects.valid().exists()
    assert not Absence.objects.valid().exists()
    with refused("withdrawn already"):
        withdraw_absence(absence)


def test_absence_that_has_begun_is_not_withdrawn(post):
    absence = enter_absence(post.officer, coming(0, 2))
    with refused("has begun. End it"):
        withdraw_absence(absence)


def test_absence_that_is_over_does_not_end_again(post):
    absence = AbsenceFactory(officer=post.officer, period=between(days=(-9, -2)))
    with refused("is over"):
        end_absence(absence, timezone.now() + DAY)


def test_absence_does_not_end_in_the_past(post):
    absence = AbsenceFactory(officer=post.officer)
    with refused("in the past"):
        end_absence(absence, timezone.now() - datetime.timedelta(hours=1))


def test_cover_is_added_in_the_place_of_another(post, other):
    absence = enter_absence(post.officer, coming(0, 9), [PlannedCover(post.sector, other, coming(0, 9))])
    former = absence.covers.get()
    successor = OfficerFactory()
    with refused("Otto Other covers 7007 Nowhere"):
        add_cover(absence, PlannedCover(post.sector, successor, coming(4, 9)))
    cover = add_cover(absence, PlannedCover(post.sector, successor, coming(4, 8)), instead_of=[former])
    former.refresh_from_db()
    assert former.period.upper == cover.period.lower


def test_cover_is_not_added_to_a_withdrawn_absence(post, other):
    absence = enter_absence(post.officer, coming())
    withdraw_absence(absence)
    with refused("withdrawn. Enter it anew"):
        add_cover(absence, PlannedCover(post.sector, other, coming(1, 5)))


def test_cover_ends_earlier_but_not_later(post, other):
    absence = enter_absence(post.officer, coming(0, 9), [PlannedCover(post.sector, other, coming(0, 5))])
    cover = absence.covers.get()
    with refused("ends earlier anyway"):
        end_cover(cover, timezone.now() + 6 * DAY)
    with refused("has begun. End it"):
        withdraw_cover(cover)
    ends = timezone.now() + 2 * DAY
    end_cover(cover, ends)
    assert Cover.objects.get().period.upper == ends


def test_cover_that_has_not_begun_is_withdrawn(post, other):
    absence = enter_absence(post.officer, coming(), [PlannedCover(post.sector, other, coming())])
    cover = absence.covers.get()
    with refused("has not begun. Withdraw it"):
        end_cover(cover, timezone.now() + 3 * DAY)
    withdraw_cover(cover)
    assert not Cover.objects.valid().exists()
    with refused("withdrawn already"):
        withdraw_cover(cover)


@time_machine.travel("2027-10-30T08:00:00+00:00", tick=False)
def test_the_hour_that_comes_twice_in_october_is_an_hour_of_absence(post):
    copenhagen = ZoneInfo("Europe/Copenhagen")
    begins = datetime.datetime(2027, 10, 31, 2, 30, tzinfo=copenhagen)
    absence = enter_absence(post.officer, DateTimeTZRange(begins, begins.replace(fold=1)))
    absence.refresh_from_db()
    assert absence.period.upper - absence.period.lower == datetime.timedelta(hours=1)


@time_machine.travel("2027-10-30T08:00:00+00:00", tick=False)
def test_order_in_the_hour_that_comes_twice_is_that_of_time_not_of_the_clock(post):
    copenhagen = ZoneInfo("Europe/Copenhagen")
    begins = datetime.datetime(2027, 10, 31, 2, 10, fold=1, tzinfo=copenhagen)
    with refused("ends before it begins"):
        enter_absence(post.officer, DateTimeTZRange(begins, begins.replace(minute=50, fold=0)))


def test_acts_lock_officers_and_sectors(post, other, django_assert_max_num_queries):
    with django_assert_max_num_queries(20) as queries:
        enter_absence(post.officer, coming(), [PlannedCover(post.sector, other, coming())])
    locks = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert [any(table in lock for lock in locks) for table in ("sectors_sector", "officers_officer")]
    assert len(locks) == 2
    assert not connection.needs_rollback


def test_who_covers_is_told_and_told_again_when_it_is_withdrawn(post, other):
    other.user = UserFactory()
    other.save()
    absence = enter_absence(post.officer, coming(), [PlannedCover(post.sector, other, coming())])
    told = Notification.objects.get(recipient=other.user)
    assert told.event == "officers.cover_arranged"
    assert told.context["absent"] == "Rita Fictional"
    withdraw_absence(absence)
    events = Notification.objects.filter(recipient=other.user).order_by("pk").values_list("event", flat=True)
    assert list(events) == ["officers.cover_arranged", "officers.cover_withdrawn"]


def test_a_cover_that_is_refused_tells_nobody(post, other):
    AbsenceFactory(officer=other, period=coming())
    with refused("away themselves"):
        enter_absence(post.officer, coming(), [PlannedCover(post.sector, other, coming())])
    assert not Notification.objects.exists()
