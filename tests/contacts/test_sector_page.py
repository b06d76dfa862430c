"""What a sector's page tells besides its officer: hours, events, notices, answer times, and in which order."""

import datetime
import re
from html import unescape
from itertools import pairwise

import pytest
import time_machine
from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.html import strip_tags

from contacts.models import AnswerTime
from contacts.templatetags.sector_page import in_words, rhythm, working_time
from sectors.snapshot import Snapshot, register
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    ContactHoursFactory,
    CoverFactory,
    EventFactory,
    NoticeFactory,
    OfficerFactory,
)

# A Sunday in winter, noon in Copenhagen.
NOON = datetime.datetime(2027, 11, 28, 11, tzinfo=datetime.UTC)
TUESDAY = datetime.date(2027, 11, 30)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def source(client, url: str = "/sectors/broenshoej/") -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """Return the text of a page as it is read aloud."""
    return unescape(" ".join(strip_tags(re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)).split()))


def read(client, url: str = "/sectors/broenshoej/") -> str:
    return words(source(client, url))


def section(html: str, name: str) -> str:
    return html.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


@pytest.fixture
def everything(quarter):
    """All that a page can tell, in the western sector."""
    AssignmentFactory(
        sector=quarter.west, officer=OfficerFactory(station=quarter.station, name="Ulrik Dam"), attached=True
    )
    ContactHoursFactory(sector=quarter.west, place="Brønshøj Library", address="Krabbesholmvej 3")
    EventFactory(
        station=quarter.station,
        sectors=[quarter.west],
        published=True,
        title_en="Open meeting",
        begins_at=NOON + 3 * DAY,
    )
    NoticeFactory(sector=quarter.west, published=True, title_en="Bicycles")
    day = timezone.localdate()
    AnswerTime.objects.create(
        district=quarter.north, since=day, until=day, answered=37, median_hours=8.2, p90_hours=41
    )
    return quarter


def test_it_is_read_aloud_in_the_order_of_what_people_come_for(client, everything):
    page = read(client).partition("Your police officer in Brønshøj")[2]
    order = [
        "Mette Holm", "Police constable", "Your officer since", "Call +45 11 11 11 11", "Leave a message",
        "@police.example", "This is for what is not urgent.", "call 112", "Other police matters: 114",
        "Meet in person", "Brønshøj Library", "Come along", "Open meeting", "News from here", "Bicycles",
        "Also at work here", "Ulrik Dam", "How quickly we answer", "Sector 1: Brønshøj", "Neighbouring sectors",
        "Your station", "Take along, pass on", "Not where you live?",
    ]  # fmt: skip
    places = [page.index(part) for part in order]
    assert places == sorted(places)


def test_headings_make_an_outline_without_gaps(client, everything):
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", source(client))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(level <= before + 1 for before, level in pairwise(levels))


@pytest.mark.parametrize("slug", ["broenshoej", "vanloese"])
@pytest.mark.parametrize("numbers", [("112", "114"), ("911", "+1 202 555 0100")])
def test_what_is_urgent_leads_to_the_numbers_of_the_settings(client, quarter, settings, slug, numbers):
    settings.EMERGENCY_NUMBER, settings.POLICE_NUMBER = numbers
    article = source(client, f"/sectors/{slug}/").partition("<article")[2].partition("</article>")[0]
    for number in numbers:
        assert f'href="tel:{number.replace(" ", "")}"' in article
        assert number in words(article)


@pytest.mark.parametrize("slug", ["broenshoej", "vanloese"])
def test_message_and_leaflet_are_one_step_away(client, quarter, slug):
    page = source(client, f"/sectors/{slug}/")
    assert f'href="/sectors/{slug}/message/"' in page
    assert f'href="/sectors/{slug}/leaflet.pdf"' in page


def test_nothing_told_shows_no_empty_section(client, quarter):
    page = source(client)
    for name in ("hours", "events", "notices", "colleagues", "answer-time"):
        assert f'aria-labelledby="{name}"' not in page
    assert 'data-marks="sector-marks"' in page
    assert '<script id="sector-marks" type="application/json">[]</script>' in page


def test_hours_say_the_next_day_in_words_with_place_note_and_rhythm(client, quarter):
    ContactHoursFactory(
        sector=quarter.west,
        place="The library",
        address="Krabbesholmvej 3",
        note_en="By the door.",
        until=datetime.date(2027, 12, 21),
        cancelled_on=[datetime.date(2027, 12, 7)],
    )
    hours = words(section(source(client), "hours"))
    assert "Tuesday 30 November, 16:00–18:00 The library, Krabbesholmvej 3 By the door." in hours
    assert "Every Tuesday, until Tuesday 21 December." in hours
    assert "Not on Tuesday 7 December." in hours


def test_hours_are_called_today_and_tomorrow_as_days_go_by(client, quarter):
    ContactHoursFactory(sector=quarter.west)
    for begins, said in (
        (NOON, "Tuesday 30 November, 16:00–18:00"),
        (NOON + DAY, "Tomorrow, Tuesday 30 November, 16:00–18:00"),
        (NOON + 2 * DAY, "Today, Tuesday 30 November, 16:00–18:00"),
        (NOON + 2 * DAY + datetime.timedelta(hours=6), "Tuesday 7 December, 16:00–18:00"),
    ):
        with time_machine.travel(begins, tick=False):
            assert words(section(source(client), "hours")).count(said) == 1
            assert ("Today" in said) == ("Today" in read(client)), begins


def test_hours_that_are_all_cancelled_promise_no_day(client, quarter):
    ContactHoursFactory(sector=quarter.west, weekday=None, on_date=TUESDAY, cancelled_on=[TUESDAY])
    hours = words(section(source(client), "hours"))
    assert "Not on Tuesday 30 November." in hours
    assert "30 November, 16:00" not in hours


def test_hours_while_the_officer_is_away_ask_to_call_first(client, quarter):
    ContactHoursFactory(sector=quarter.west)
    absence = AbsenceFactory(officer=quarter.mette)
    assert "nobody is on duty here. Please call before you come" in read(client)
    CoverFactory(absence=absence, sector=quarter.west, officer=quarter.jonas)
    assert "Mette Holm is away. Please ask Jonas Berg before you come." in read(client)


def test_place_has_the_same_letter_in_the_list_and_on_the_map(client, quarter):
    ContactHoursFactory(sector=quarter.west, place="The library", point=Point(12.484, 55.694))
    ContactHoursFactory(sector=quarter.west, weekday=4, place="Somewhere")
    EventFactory(station=quarter.station, published=True, point=Point(12.487, 55.695), place="The square")
    page = source(client)
    assert "The library. A on the map" in words(section(page, "hours"))
    assert "The square. B on the map" in words(section(page, "events"))
    assert "Somewhere." not in words(section(page, "hours"))
    assert (
        '[{"letter": "A", "name": "The library", "lon": 12.484, "lat": 55.694}, '
        '{"letter": "B", "name": "The square", "lon": 12.487, "lat": 55.695}]' in page
    )


def test_a_cancelled_event_says_so_and_cannot_be_put_into_a_calendar(client, quarter):
    event = EventFactory(station=quarter.station, published=True, title_en="Walk", begins_at=NOON + 3 * DAY)
    assert f"/sectors/broenshoej/events/{event.uuid}.ics" in section(source(client), "events")
    event.cancelled_at = NOON
    event.save()
    events = section(source(client), "events")
    assert "Cancelled: Walk Wednesday 1 December, 12:00–14:00 The square" in words(events)
    assert ".ics" not in events


def test_an_event_over_midnight_says_both_days(client, quarter):
    EventFactory(
        station=quarter.station,
        published=True,
        begins_at=NOON + 3 * DAY,
        ends_at=NOON + 4 * DAY,
    )
    assert "Wednesday 1 December, 12:00 – Thursday 2 December, 12:00" in read(client)


def test_more_than_two_events_and_notices_are_folded_up_not_left_out(client, quarter):
    for number in range(5):
        begins = NOON + (number + 1) * DAY
        EventFactory(station=quarter.station, published=True, title_en=f"Event {number}", begins_at=begins)
        shown_from = NOON - (number + 1) * DAY
        NoticeFactory(sector=quarter.west, published=True, title_en=f"Notice {number}", shown_from=shown_from)
    page = source(client)
    events, notices = section(page, "events"), section(page, "notices")
    assert "3 more events" in words(events)
    assert [events.count(f"Event {number}</h3>") for number in range(5)] == [1] * 5
    assert events.index("Event 1") < events.index("<details") < events.index("Event 2")
    assert notices.index("Notice 1") < notices.index("<details") < notices.index("Notice 2")
    assert notices.count("<details") == 3


def test_long_texts_are_folded_up_wherever_they_stand(client, quarter):
    NoticeFactory(sector=quarter.west, published=True, title_en="Long", text_en="word " * 500)
    NoticeFactory(
        sector=quarter.west, published=True, title_en="Short", shown_from=NOON - 3 * DAY, text_en="In short."
    )
    EventFactory(station=quarter.station, published=True, text_en="word " * 500)
    page = source(client)
    notices, events = section(page, "notices"), section(page, "events")
    assert "<summary>Long</summary>" in notices
    assert "<h3>Short</h3>" in notices
    assert events.index("<summary>What it is about") < events.index("word word")


def test_what_people_said_is_set_apart_from_what_was_done(client, quarter):
    NoticeFactory(
        sector=quarter.west,
        published=True,
        kind="you_said",
        said_en="It is dark.",
        said_da="Der er mørkt.",
        text_en="Four lamps.",
        text_da="Fire lamper.",
    )
    notices = " ".join(section(source(client), "notices").split())
    assert re.search(r"<dt>You said</dt> <dd> ?<p>It is dark\.</p>", notices)
    assert re.search(r"<dt>We did</dt> <dd> ?<p>Four lamps\.</p>", notices)
    assert "Der er mørkt." in read(client, "/da/sectors/broenshoej/")


def test_what_the_station_tells_bears_its_name(client, quarter):
    NoticeFactory(sector=None, station=quarter.station, published=True, title_en="For all")
    assert "For all Bellahøj Station · 27 November 2027" in read(client)


def test_texts_of_officers_are_words_never_marks(client, quarter):
    evil = "<script>alert(1)</script>\"&'"
    NoticeFactory(sector=quarter.west, published=True, title_en=evil, text_en=evil)
    EventFactory(
        station=quarter.station,
        published=True,
        title_en=evil,
        text_en=evil,
        place=evil,
        point=Point(12.484, 55.694),
    )
    ContactHoursFactory(sector=quarter.west, place=evil, address=evil, note_en=evil)
    page = source(client)
    assert "alert(1)" in page
    assert "<script>alert" not in page


def test_answer_time_is_said_in_plain_words(client, everything):
    assert (
        "Half of the messages in North East were answered within 9 hours, nine out of ten within 2 working days."
        in read(client)
    )
    assert "Counted from 37 messages since 28 November 2027." in read(client)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.0, "1 hour"),
        (1, "1 hour"),
        (1.01, "2 hours"),
        (24, "24 hours"),
        (24.5, "2 working days"),
        (48, "2 working days"),
        (72.1, "4 working days"),
    ],
)
def test_working_time_never_promises_less_than_it_took(hours, said):
    assert working_time(hours) == said


@pytest.mark.parametrize(
    ("week", "said"),
    [(None, "Every Tuesday"), (1, "The first Tuesday of the month"), (5, "The last Tuesday of the month")],
)
def test_rhythm_is_said_as_people_say_it(db, week, said):
    assert rhythm(ContactHoursFactory.build(weekday=2, week=week)) == said


def test_a_day_far_away_is_said_with_its_year():
    assert in_words(TUESDAY + 365 * DAY, TUESDAY) == "Wednesday 29 November 2028"
    assert in_words(datetime.date(2028, 1, 4), TUESDAY) == "Tuesday 4 January"


def test_feed_and_calendar_are_linked_in_the_head_in_the_language_of_the_page(client, quarter):
    for prefix in ("", "/da"):
        head = source(client, f"{prefix}/sectors/broenshoej/").partition("</head>")[0]
        links = re.findall(r'<link rel="alternate"\s+type="([^"]+)"\s+href="([^"]+)"', head)
        assert links == [
            ("application/atom+xml", f"{prefix}/sectors/broenshoej/notices.atom"),
            ("text/calendar", f"{prefix}/sectors/broenshoej/events.ics"),
        ]


def test_address_to_pass_on_is_the_known_one_whatever_host_was_asked(client, quarter, settings):
    settings.SITE_URL = "https://police.example"
    assert "https://police.example/da/sectors/broenshoej/" in read(client, "/da/sectors/broenshoej/")


def test_page_and_etag_change_with_what_is_told_and_with_the_day(client, quarter):
    seen = [client.get("/sectors/broenshoej/")["ETag"]]
    NoticeFactory(sector=quarter.west, published=True)
    seen.append(client.get("/sectors/broenshoej/")["ETag"])
    ContactHoursFactory(sector=quarter.west, weekday=1)
    seen.append(client.get("/sectors/broenshoej/")["ETag"])
    with time_machine.travel(NOON + DAY, tick=False):  # what was tomorrow is today
        seen.append(client.get("/sectors/broenshoej/")["ETag"])
        assert client.get("/sectors/broenshoej/", headers={"If-None-Match": seen[-1]}).status_code == 304
    assert len(set(seen)) == 4


def test_a_full_page_needs_no_query_once_warm(client, everything, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    url = "/sectors/broenshoej/"
    with django_assert_num_queries(4):  # the register's version, the division, the appointments, what is told
        client.get(url)
    with django_assert_num_queries(0):
        client.get(url)
        client.get(f"{url}?found=nonsense")
        client.get(f"/da{url}")


def test_the_first_page_of_a_process_that_has_read_its_copies_needs_no_query(
    client, everything, settings, django_assert_num_queries
):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    Snapshot.forget_all()
    Snapshot.load_all()
    with django_assert_num_queries(0):
        client.get("/sectors/broenshoej/")


def test_a_change_of_what_is_told_costs_the_next_page_two_queries(
    client, everything, settings, django_assert_num_queries
):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    client.get("/sectors/broenshoej/")
    NoticeFactory(sector=everything.west, published=True, title_en="Something new")
    register.forget()
    with django_assert_num_queries(2):  # the register's version, what is told
        assert "Something new" in read(client)
