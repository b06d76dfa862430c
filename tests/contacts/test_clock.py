"""The 72-hour clock (decision 0016)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.test import override_settings
from hypothesis import assume, given
from hypothesis import strategies as st

from contacts.messages.clock import (
    DUE_AFTER,
    WARN_AFTER,
    instant_after,
    is_working_day,
    time_between,
)

HERE = ZoneInfo("Europe/Copenhagen")
HOUR = datetime.timedelta(hours=1)


@contextmanager
def zone(name: str) -> Iterator[ZoneInfo]:
    """Let the site be somewhere else."""
    with override_settings(TIME_ZONE=name):
        yield ZoneInfo(name)


START = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
instants = st.timedeltas(datetime.timedelta(), datetime.timedelta(days=3200)).map(START.__add__)
runs = st.timedeltas(datetime.timedelta(), datetime.timedelta(hours=300))


def at(*moment: int) -> datetime.datetime:
    return datetime.datetime(*moment, tzinfo=HERE)


def test_friday_afternoon_is_due_on_wednesday_at_the_same_hour():
    assert instant_after(at(2026, 11, 20, 14, 0), DUE_AFTER) == at(2026, 11, 25, 14, 0)


def test_friday_afternoon_is_warned_of_on_tuesday():
    assert instant_after(at(2026, 11, 20, 14, 0), WARN_AFTER) == at(2026, 11, 24, 14, 0)


def test_what_comes_on_a_weekend_is_due_when_thursday_begins():
    assert instant_after(at(2026, 11, 21, 9, 30), DUE_AFTER) == at(2026, 11, 26, 0, 0)


def test_night_counts_on_working_days():
    assert instant_after(at(2026, 11, 23, 23, 59), DUE_AFTER) == at(2026, 11, 26, 23, 59)


def test_easter_stops_the_clock_for_five_days():
    # Wednesday before Maundy Thursday 2027; Easter Monday is 29 March.
    assert instant_after(at(2027, 3, 24, 12, 0), DUE_AFTER) == at(2027, 4, 1, 12, 0)


def test_christmas_days_and_new_year_are_left_out():
    assert not is_working_day(datetime.date(2026, 12, 25))
    assert not is_working_day(datetime.date(2027, 1, 1))
    assert instant_after(at(2026, 12, 23, 12, 0), DUE_AFTER) > at(2026, 12, 29, 0, 0)


def test_the_great_prayer_day_was_a_holiday_until_2023_and_is_none_since():
    assert not is_working_day(datetime.date(2023, 5, 5))
    assert is_working_day(datetime.date(2024, 4, 26))


def test_the_holidays_are_those_of_the_country_that_is_set(settings):
    # The Fourth of July 2028 is a Tuesday.
    assert is_working_day(datetime.date(2028, 7, 4))
    settings.HOLIDAYS_OF = "US"
    assert not is_working_day(datetime.date(2028, 7, 4))


def test_the_hour_stays_though_the_clocks_are_changed_meanwhile():
    # Back on Sunday 25 October 2026, forward on Sunday 30 March 2025.
    assert instant_after(at(2026, 10, 23, 10, 0), DUE_AFTER) == at(2026, 10, 28, 10, 0)
    assert instant_after(at(2025, 3, 28, 10, 0), DUE_AFTER) == at(2025, 4, 2, 10, 0)


def test_a_working_day_on_which_the_clocks_change_counts_as_long_as_it_is():
    # In Egypt the clocks go forward on the last Friday of April, when it begins.
    with zone("Africa/Cairo") as there:
        forward = datetime.datetime(2027, 4, 29, 12, tzinfo=there)
        assert time_between(forward, forward.replace(day=30)) == 23 * HOUR
        assert time_between(forward, instant_after(forward, 24 * HOUR)) == 24 * HOUR


def test_nothing_ran_backwards():
    assert time_between(at(2026, 11, 24), at(2026, 11, 23)) == datetime.timedelta()


def test_a_weekend_lasts_no_time():
    assert time_between(at(2026, 11, 21, 0, 0), at(2026, 11, 23, 0, 0)) == datetime.timedelta()


@given(instants, runs)
def test_the_clock_has_run_for_as_long_as_it_was_set(begin, hours):
    assert time_between(begin, instant_after(begin, hours)) == hours


@given(instants, runs, runs)
def test_longer_is_later(begin, one, other):
    shorter, longer = sorted((one, other))
    assert instant_after(begin, shorter) <= instant_after(begin, longer)


@given(instants, runs, runs)
def test_parts_make_the_whole(first, one, other):
    middle, last = first + one, first + one + other
    assert time_between(first, last) == time_between(first, middle) + time_between(middle, last)


@given(instants, runs)
def test_it_stops_within_a_working_day_or_where_one_ends(begin, hours):
    assume(hours)
    end = instant_after(begin, hours)
    before = (end - datetime.timedelta(microseconds=1)).astimezone(HERE)
    assert is_working_day(before.date())


@given(instants, runs)
def test_due_is_the_same_whatever_zone_the_beginning_is_said_in(begin, hours):
    assert instant_after(begin.astimezone(HERE), hours) == instant_after(begin, hours)


@given(instants)
def test_the_warning_comes_before_it_is_due(begin):
    assert begin < instant_after(begin, WARN_AFTER) < instant_after(begin, DUE_AFTER)
