"""What the public is told, and when: by the clock, by the state of what was written, at once after a change."""

import datetime

import pytest
import time_machine
from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone, translation

from contacts.models import AnswerTime
from contacts.publishing.told import NOTHING, told_by, told_in
from tests.factories import ContactHoursFactory, EventFactory, NoticeFactory, StationFactory, UserFactory

SECOND = datetime.timedelta(seconds=1)
# A Monday in winter, noon in Copenhagen.
NOON = datetime.datetime(2027, 11, 29, 11, tzinfo=datetime.UTC)
TUESDAY = datetime.date(2027, 11, 30)
WEEK = datetime.timedelta(days=7)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def titles(sector) -> list[str]:
    told = told_in(sector.pk)
    return [row.title for row in (*told.notices, *told.events)]


def test_nothing_is_told_where_nothing_was_written(quarter):
    assert told_in(quarter.west.pk) == told_in(0) == told_by("nowhere") == NOTHING


def test_a_notice_is_told_from_its_beginning_to_its_end_by_the_clock_alone(quarter):
    begins, ends = NOON + datetime.timedelta(hours=1), NOON + datetime.timedelta(hours=2)
    NoticeFactory(sector=quarter.west, published=True, shown_from=begins, shown_until=ends)
    for instant, is_told in (
        (begins - SECOND, False),
        (begins, True),
        (ends - SECOND, True),
        (ends, False),
    ):
        with time_machine.travel(instant, tick=False):
            assert bool(told_in(quarter.west.pk).notices) is is_told, instant


def test_an_event_is_told_until_it_is_over(quarter):
    event = EventFactory(station=quarter.station, sectors=[quarter.west], published=True)
    assert told_in(quarter.west.pk).events
    with time_machine.travel(event.ends_at - SECOND, tick=False):
        assert told_in(quarter.west.pk).events
    with time_machine.travel(event.ends_at, tick=False):
        assert told_in(quarter.west.pk) == NOTHING


@pytest.mark.parametrize("state", ["draft", "waiting", "withdrawn"])
def test_what_is_not_published_is_never_told(quarter, state):
    NoticeFactory(sector=quarter.west, state=state)
    EventFactory(station=quarter.station, sectors=[quarter.west], state=state)
    assert told_in(quarter.west.pk) == told_by(quarter.station.slug) == NOTHING


def test_an_internal_event_is_never_told(quarter):
    EventFactory(station=quarter.station, published=True, is_internal=True)
    assert told_in(quarter.west.pk) == told_by(quarter.station.slug) == NOTHING


def test_what_is_taken_back_is_gone_at_once(quarter):
    notice = NoticeFactory(sector=quarter.west, published=True)
    assert titles(quarter.west) == ["An English title"]
    notice.withdraw(timezone.now())
    assert titles(quarter.west) == []


def test_texts_are_in_the_language_of_the_reader(quarter):
    said = {"kind": "you_said", "said_en": "It was dark.", "said_da": "Der var mørkt."}
    NoticeFactory(sector=quarter.west, published=True, **said)
    EventFactory(station=quarter.station, published=True)
    ContactHoursFactory(sector=quarter.west, note_en="Upstairs", note_da="Ovenpå")
    told = told_in(quarter.west.pk)
    for language, title, text, what, note in (
        ("en", "An English title", "An English text.", "It was dark.", "Upstairs"),
        ("da", "En dansk overskrift", "En dansk tekst.", "Der var mørkt.", "Ovenpå"),
    ):
        with translation.override(language):
            assert {row.title for row in (*told.notices, *told.events)} == {title}
            assert {row.text for row in (*told.notices, *told.events)} == {text}
            assert (told.notices[0].said, told.hours[0].note) == (what, note)


def test_what_a_station_tells_stands_in_all_of_its_sectors_and_in_no_other(quarter):
    NoticeFactory(sector=None, station=quarter.station, published=True, title_en="For all")
    EventFactory(station=quarter.station, published=True, title_en="Open house")
    NoticeFactory(sector=None, station=StationFactory(), published=True, title_en="Elsewhere")
    for sector in (quarter.west, quarter.mid, quarter.vacant):
        assert titles(sector) == ["For all", "Open house"]
    assert told_in(quarter.west.pk).notices[0].is_of_station


def test_a_station_tells_every_event_once_and_only_the_notices_to_all(quarter):
    NoticeFactory(sector=quarter.west, published=True, title_en="Own")
    NoticeFactory(sector=None, station=quarter.station, published=True, title_en="For all")
    both = EventFactory(
        station=quarter.station, sectors=[quarter.west, quarter.mid], published=True, title_en="Both"
    )
    told = told_by(quarter.station.slug)
    assert [notice.title for notice in told.notices] == ["For all"]
    assert [event.uuid for event in told.events] == [both.uuid]
    assert told_in(quarter.vacant.pk).events == ()
    assert len(told_in(quarter.west.pk).events) == len(told_in(quarter.mid.pk).events) == 1


def test_newest_notice_and_soonest_event_come_first(quarter):
    for days in (3, 1, 2):
        at = NOON - datetime.timedelta(days=days)
        NoticeFactory(sector=quarter.west, published=True, title_en=f"{days} days ago", shown_from=at)
        ahead = NOON + datetime.timedelta(days=days)
        EventFactory(station=quarter.station, published=True, title_en=f"in {days} days", begins_at=ahead)
    assert titles(quarter.west) == [
        "1 days ago", "2 days ago", "3 days ago", "in 1 days", "in 2 days", "in 3 days",
    ]  # fmt: skip


def test_instants_and_places_come_exactly_as_they_are_stored(quarter):
    begins = datetime.datetime(2027, 12, 1, 17, 0, 0, 120300, tzinfo=datetime.UTC)
    stored = EventFactory(
        station=quarter.station, published=True, begins_at=begins, point=Point(12.4812345, 55.6954321)
    )
    (event,) = told_in(quarter.west.pk).events
    assert (event.begins_at, event.ends_at) == (begins, stored.ends_at)
    assert event.position == pytest.approx((12.4812345, 55.6954321), abs=1e-9)
    assert not event.is_cancelled
    stored.cancelled_at = NOON
    stored.save()
    assert told_in(quarter.west.pk).events[0].is_cancelled


def test_hours_say_their_next_days_and_which_are_cancelled(quarter):
    ContactHoursFactory(sector=quarter.west, cancelled_on=[TUESDAY, TUESDAY + datetime.timedelta(days=1)])
    (hours,) = told_in(quarter.west.pk).hours
    assert hours.next_day == TUESDAY + WEEK
    assert hours.days[:2] == (TUESDAY + WEEK, TUESDAY + 2 * WEEK)
    assert hours.cancelled == (TUESDAY,)  # the Wednesday is none of its days
    assert (hours.begins, hours.ends) == (datetime.time(16), datetime.time(18))


def test_hours_of_one_day_that_are_cancelled_are_still_told(quarter):
    ContactHoursFactory(sector=quarter.west, weekday=None, on_date=TUESDAY, cancelled_on=[TUESDAY])
    (hours,) = told_in(quarter.west.pk).hours
    assert (hours.next_day, hours.days, hours.cancelled) == (None, (), (TUESDAY,))


@pytest.mark.parametrize("cancelled", [[], [TUESDAY]])
def test_hours_that_are_over_make_room_for_the_next_at_that_minute(quarter, cancelled):
    ContactHoursFactory(sector=quarter.west, cancelled_on=cancelled)
    ends = datetime.datetime(2027, 11, 30, 17, tzinfo=datetime.UTC)
    with time_machine.travel(ends - SECOND, tick=False):
        (hours,) = told_in(quarter.west.pk).hours
        assert TUESDAY in (*hours.days, *hours.cancelled)
    with time_machine.travel(ends, tick=False):
        (hours,) = told_in(quarter.west.pk).hours
        assert (hours.next_day, hours.cancelled) == (TUESDAY + WEEK, ())


def test_hours_move_on_at_midnight_in_copenhagen_also_when_the_clocks_change(quarter):
    ContactHoursFactory(sector=quarter.west, weekday=7, begins=datetime.time(1), ends=datetime.time(4))
    sunday = datetime.date(2028, 3, 26)  # the clocks go forward at two
    for instant, day in (
        (datetime.datetime(2028, 3, 26, 1, 59, 59, tzinfo=datetime.UTC), sunday),
        (datetime.datetime(2028, 3, 26, 2, tzinfo=datetime.UTC), sunday + WEEK),
    ):
        with time_machine.travel(instant, tick=False):
            assert told_in(quarter.west.pk).hours[0].next_day == day


def test_hours_that_ended_long_ago_are_not_told(quarter):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    ContactHoursFactory(sector=quarter.west, until=yesterday)
    ContactHoursFactory(sector=quarter.west, weekday=None, on_date=yesterday)
    assert told_in(quarter.west.pk) == NOTHING


def test_soonest_hours_come_first_in_their_own_sector_alone(quarter):
    ContactHoursFactory(sector=quarter.west, weekday=3, place="Wednesday")
    ContactHoursFactory(sector=quarter.west, weekday=1, place="Monday")
    assert [hours.place for hours in told_in(quarter.west.pk).hours] == ["Monday", "Wednesday"]
    assert told_in(quarter.mid.pk) == NOTHING


@pytest.mark.parametrize(("answered", "is_told"), [(4, False), (5, True)])
def test_answer_times_of_few_messages_are_not_told(quarter, answered, is_told):
    day = timezone.localdate()
    AnswerTime.objects.create(
        district=quarter.north, since=day, until=day, answered=answered, median_hours=5.5, p90_hours=40
    )
    told = told_in(quarter.west.pk).answer_time
    assert (told is not None) is is_told
    assert told is None or (told.median_hours, told.p90_hours, told.since) == (5.5, 40, day)
    assert told_in(quarter.vacant.pk).answer_time is None


def test_raw_sql_is_noticed_like_any_other_change(quarter):
    notice = NoticeFactory(sector=quarter.west, published=True)
    assert titles(quarter.west)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_notice SET state = 'withdrawn', withdrawn_at = now() WHERE id = %s", [notice.pk]
        )
    assert titles(quarter.west) == []


def test_another_sector_of_an_event_is_noticed(quarter):
    event = EventFactory(station=quarter.station, sectors=[quarter.west], published=True)
    assert told_in(quarter.mid.pk) == NOTHING
    event.sectors.add(quarter.mid)
    assert len(told_in(quarter.mid.pk).events) == 1


def test_it_is_read_by_one_query_however_much_there_is(quarter, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    author = UserFactory()
    for sector in (quarter.west, quarter.mid):
        NoticeFactory.create_batch(3, sector=sector, published=True, written_by=author)
        ContactHoursFactory.create_batch(3, sector=sector)
        EventFactory(station=quarter.station, sectors=[sector], published=True, written_by=author)
    with django_assert_num_queries(2):  # the register's version, and all of it
        assert len(told_in(quarter.west.pk).notices) == 3
        assert len(told_in(quarter.mid.pk).events) == 1
    with django_assert_num_queries(0):
        told_by(quarter.station.slug)
