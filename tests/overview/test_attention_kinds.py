"""When each kind of thing begins to be listed, and when its time is over: both sides of every threshold."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from contacts.models import MessageEvent
from overview.attention import ItemKind
from overview.models import CountedMonth
from tests.factories import (
    BoundaryReleaseFactory,
    ChallengeFactory,
    LogEntryFactory,
    MonthCountFactory,
    PartyFactory,
    PromiseFactory,
    SectorFactory,
    SourceReferralFactory,
    days_ago,
    head_of_district,
    square,
)
from tests.overview.waiting import city_of, group, kinds, message, noon, waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return city_of()


def only(user):
    [item] = waits(user)
    return item


# --- Messages -----------------------------------------------------------------------------------


def test_a_message_comes_near_when_it_is_warned_of(city):
    message(city.sector, hours_over=-25)
    assert waits(city.head) == []
    message(city.sector, hours_over=-23)
    item = only(city.head)
    assert item.kind == ItemKind.MESSAGE
    assert not item.is_past


def test_a_message_is_past_its_time_at_72_hours(city):
    message(city.sector, hours_over=0.01)
    item = only(city.head)
    assert item.is_past
    assert item.late == "Its time is over."


def test_a_message_that_was_answered_closed_or_taken_back_waits_no_more(city):
    message(city.sector, hours_over=5, answered_at=timezone.now())
    message(city.sector, hours_over=5, closed_at=timezone.now(), result="settled")
    message(city.sector, hours_over=5, withdrawn_at=timezone.now())
    message(city.sector, hours_over=5, answer_by="none", read_at=timezone.now())
    assert waits(city.head) == []


def test_an_answer_that_came_back_is_past_its_time_at_once_until_another_is_sent(city):
    answered = message(city.sector, hours_over=-70, answered_at=days_ago(0.5))
    answered.events.create(kind=MessageEvent.Kind.ANSWERED, at=days_ago(0.5))
    assert waits(city.head) == []
    answered.events.create(kind=MessageEvent.Kind.BOUNCED, at=days_ago(0.1))
    item = only(city.head)
    assert item.kind == ItemKind.MESSAGE
    assert item.is_past
    assert "came back" in item.story
    answered.events.create(kind=MessageEvent.Kind.ANSWERED, at=timezone.now())
    assert waits(city.head) == []


# --- Promises -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "listed", "past"), [(4, 0, 0), (3, 1, 0), (0, 1, 0), (-1, 1, 1)])
def test_a_promise_comes_near_three_days_before_and_is_broken_the_day_after(city, days, listed, past):
    entry = LogEntryFactory(sector=city.sector, happened_at=noon(20))
    PromiseFactory(entry=entry, due_on=timezone.localdate() + datetime.timedelta(days=days))
    items = waits(city.head)
    assert (len(items), sum(item.is_past for item in items)) == (listed, past)


def test_a_promise_that_was_told_back_waits_no_more(city):
    PromiseFactory(
        entry=LogEntryFactory(sector=city.sector), due_on=noon(9).date(), told_back_at=timezone.now()
    )
    assert waits(city.head) == []


# --- Target groups ------------------------------------------------------------------------------


@pytest.mark.parametrize(("met", "listed", "past"), [(14, 0, 0), (15, 1, 0), (20, 1, 0), (21, 1, 1)])
def test_a_group_comes_near_in_the_last_quarter_of_its_interval(city, met, listed, past):
    group(city.sector, met=met, interval=20)
    items = waits(city.head)
    assert (len(items), sum(item.is_past for item in items)) == (listed, past)


def test_a_group_that_was_never_met_waits_since_it_was_agreed(city):
    group(city.sector, met=None, agreed=10)
    item = only(city.head)
    assert item.is_past
    assert item.late == "10 days past its time."
    assert item.since == noon(10).date()


def test_a_group_that_is_retired_waits_no_more(city):
    retired = group(city.sector, met=None).group
    retired.retired_at = timezone.now()
    retired.save()
    assert waits(city.head) == []


def test_an_entry_about_a_group_in_another_sector_is_no_contact_here(city):
    here = group(city.sector, met=30)
    LogEntryFactory(sector=city.southern, groups=[here.group])
    assert only(city.head).late == "10 days past its time."


# --- Challenges ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "listed", "past"), [(22.9, 0, 0), (23.1, 1, 0), (29.9, 1, 0), (30.1, 1, 1)])
def test_a_challenge_is_silent_after_thirty_days_and_named_a_week_before(city, days, listed, past):
    ChallengeFactory(sector=city.sector, opened_at=days_ago(days))
    items = waits(city.head)
    assert (len(items), sum(item.is_past for item in items)) == (listed, past)


def test_a_note_an_entry_and_an_end_break_the_silence_of_a_challenge(city):
    noted, written, closed = ChallengeFactory.create_batch(3, sector=city.sector, opened_at=days_ago(90))
    assert kinds(waits(city.head)) == [ItemKind.CHALLENGE] * 3
    noted.notes.create(text="It is better.", author=city.head)
    LogEntryFactory(sector=city.sector, challenges=[written])
    closed.closed_at, closed.result = timezone.now(), "Over."
    closed.save()
    assert waits(city.head) == []


# --- Parties ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("met", "listed", "past"), [(22, 0, 0), (23, 1, 0), (30, 1, 0), (31, 1, 1)])
def test_a_party_comes_near_a_week_before_its_day(city, met, listed, past):
    party = PartyFactory(sector=city.sector, interval_days=30, created_at=noon(100))
    LogEntryFactory(sector=city.sector, happened_at=noon(met), parties=[party])
    items = waits(city.head)
    assert (len(items), sum(item.is_past for item in items)) == (listed, past)


@pytest.mark.parametrize(("days", "past"), [(0, False), (1, True)])
def test_a_party_that_was_never_met_is_due_on_the_day_it_was_entered(city, days, past):
    PartyFactory(sector=city.sector, interval_days=30, created_at=noon(days))
    assert only(city.head).is_past is past


def test_a_party_without_an_interval_or_gone_does_not_wait(city):
    PartyFactory(sector=city.sector, created_at=noon(100))
    PartyFactory(sector=city.sector, interval_days=7, created_at=noon(100), gone_at=timezone.now())
    assert waits(city.head) == []


# --- Referrals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "past"), [(23, False), (25, True)])
def test_a_referral_waits_at_once_and_is_past_its_time_after_a_day(city, hours, past):
    with time_machine.travel(days_ago(hours / 24)):
        SourceReferralFactory(district=city.north)
    assert only(head_of_district(city.north)).is_past is past


# --- Silent logs --------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "listed"), [(6.9, 0), (7.1, 1)])
def test_a_log_without_counts_is_silent_after_a_week(city, days, listed):
    city.sector.entries.update(happened_at=days_ago(days))
    assert kinds(waits(city.head)) == [ItemKind.SILENCE] * listed


def month(back: int) -> datetime.date:
    """Return the first day of the month so many months ago."""
    first = timezone.localdate().replace(day=1)
    for _ in range(back):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return first


@pytest.mark.parametrize(("gap_share", "listed"), [(3.9, 0), (4.1, 1)])
def test_a_log_is_silent_after_four_of_its_usual_gaps(city, gap_share, listed):
    for back in range(3):
        CountedMonth.objects.create(month=month(back))
    MonthCountFactory(sector=city.sector, month=month(2), value=10)
    MonthCountFactory(sector=city.sector, month=month(1), value=6)
    gap = (timezone.localdate() - month(2)).days / 16
    city.sector.entries.update(happened_at=days_ago(gap * gap_share))
    assert kinds(waits(city.head)) == [ItemKind.SILENCE] * listed


def test_counts_of_more_than_a_year_ago_are_not_usual_any_more(city):
    for back in range(14):
        CountedMonth.objects.create(month=month(back))
    MonthCountFactory(sector=city.sector, month=month(13), value=2)
    city.sector.entries.update(happened_at=days_ago(8))
    assert kinds(waits(city.head)) == [ItemKind.SILENCE]


def test_a_log_that_is_hardly_kept_is_silent_after_two_months_all_the_same(city):
    CountedMonth.objects.create(month=month(11))
    MonthCountFactory(sector=city.sector, month=month(11), value=1)
    city.sector.entries.update(happened_at=days_ago(59))
    assert waits(city.head) == []
    city.sector.entries.update(happened_at=days_ago(60.2))
    assert kinds(waits(city.head)) == [ItemKind.SILENCE]


def test_a_sector_without_any_entry_says_so_a_week_after_it_came_into_force():
    sector = SectorFactory()
    BoundaryReleaseFactory(station=sector.station, areas={sector: square()}, in_force=True)
    head = head_of_district(sector.district)
    with time_machine.travel(days_ago(-5)):
        assert waits(head) == []
    with time_machine.travel(days_ago(-7)):
        assert "Nobody has written anything" in only(head).story
