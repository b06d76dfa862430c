"""How long people of a district waited, as it is counted each night and as it is published."""

import datetime
import random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from contacts.messages.answer_times import count_answer_times, percentile_90
from contacts.messages.clock import instant_after
from contacts.models import AnswerTime, Message
from contacts.publishing.told import told_in
from tests.factories import MessageFactory

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
# A Monday without a holiday near it, 18 days before the count.
MONDAY = datetime.datetime(2026, 11, 2, 8, tzinfo=ZoneInfo("Europe/Copenhagen"))
NOW = MONDAY + datetime.timedelta(days=18)


def answered(sector, *hours: float, received=MONDAY, **facts) -> list[Message]:
    """Messages that were answered after so many hours of the clock."""
    return [
        MessageFactory(
            sector=sector, received_at=received, answered_at=instant_after(received, HOUR * wait), **facts
        )
        for wait in hours
    ]


def row_of(district) -> AnswerTime:
    return AnswerTime.objects.get(district=district)


def test_median_and_nine_of_ten_are_counted_in_hours_of_the_clock(quarter):
    answered(quarter.west, 1, 2, 3)
    answered(quarter.mid, 4, 5)
    assert count_answer_times(NOW) == 1
    row = row_of(quarter.north)
    assert (row.answered, row.median_hours) == (5, 3.0)
    assert row.p90_hours == pytest.approx(4.6)
    assert (row.since, row.until) == (datetime.date(2026, 5, 24), datetime.date(2026, 11, 20))


def test_a_weekend_between_question_and_answer_is_not_counted(quarter):
    friday = MONDAY + datetime.timedelta(days=4)
    message = MessageFactory(
        sector=quarter.west, received_at=friday, answered_at=friday + datetime.timedelta(days=3)
    )
    assert message.answered_at.astimezone(MONDAY.tzinfo).isoweekday() == 1
    count_answer_times(NOW)
    assert row_of(quarter.north).median_hours == 24.0


def test_what_was_taken_back_was_spam_or_needed_no_answer_is_left_out(quarter):
    answered(quarter.west, 2)
    answered(quarter.west, 50, withdrawn_at=NOW)
    answered(quarter.west, 60, closed_at=NOW, result=Message.Result.SPAM)
    answered(quarter.west, 70, answer_by=Message.AnswerBy.NONE)
    count_answer_times(NOW)
    assert (row_of(quarter.north).answered, row_of(quarter.north).p90_hours) == (1, 2.0)


def test_what_is_older_than_the_days_of_the_setting_is_left_out(quarter, settings):
    settings.ANSWER_TIMES_DAYS = 10
    answered(quarter.west, 2, received=NOW - datetime.timedelta(days=40))
    count_answer_times(NOW)
    assert not AnswerTime.objects.exists()


def test_what_nobody_has_answered_does_not_count_yet(quarter):
    MessageFactory(sector=quarter.west, received_at=MONDAY)
    assert count_answer_times(NOW) == 0


def test_a_district_whose_answers_are_too_old_now_loses_its_figures(quarter):
    answered(quarter.west, 1, 2, 3, 4, 5)
    count_answer_times(NOW)
    count_answer_times(NOW + datetime.timedelta(days=200))
    assert not AnswerTime.objects.exists()


def test_erased_messages_still_count(quarter):
    answered(quarter.west, 3, erased_at=NOW, text="", name="", email="")
    count_answer_times(NOW)
    assert row_of(quarter.north).answered == 1


def test_fewer_than_five_are_kept_and_never_published(quarter):
    answered(quarter.west, 1, 2, 3, 4)
    count_answer_times(timezone.now())
    assert row_of(quarter.north).answered == 4
    assert told_in(quarter.west.pk).answer_time is None


def test_five_are_published_for_every_sector_of_the_district_and_no_other(quarter):
    answered(quarter.west, 1, 2, 3, 4, 5)
    count_answer_times(timezone.now())
    published = told_in(quarter.mid.pk).answer_time
    assert (published.answered, published.median_hours) == (5, 3.0)
    assert told_in(quarter.vacant.pk).answer_time is None


def test_counting_again_changes_nothing(quarter):
    answered(quarter.west, 1, 2, 3, 4, 5)
    count_answer_times(NOW)
    before = AnswerTime.objects.values().get()
    count_answer_times(NOW)
    assert AnswerTime.objects.values().get() == before


def test_the_count_asks_the_database_the_same_whatever_the_number_of_messages(
    quarter, django_assert_max_num_queries
):
    answered(quarter.west, *range(1, 30))
    with django_assert_max_num_queries(11):
        count_answer_times(NOW)


@pytest.mark.parametrize("size", [1, 2, 5, 10, 97])
def test_nine_of_ten_is_what_postgresql_calls_the_continuous_percentile(quarter, size):
    chance = random.Random(size)
    values = [chance.uniform(0, 100) for _ in range(size)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY wait) FROM unnest(%s::float8[]) AS wait",
            [values],
        )
        assert percentile_90(values) == pytest.approx(cursor.fetchone()[0])
