"""Contact card, QR code, calendar and feed: read back by the programs that people use them with."""

import datetime
import io
import re
from uuid import UUID
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
import vobject
import zxingcpp
from dateutil.tz import tzical
from django.contrib.gis.geos import Point
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from contacts.publishing.told import PublicNotice, Told
from contacts.take_along.calendar import calendar
from contacts.take_along.contact_card import contact_card
from contacts.take_along.feed import feed
from officers.models import Portrait
from officers.portraits import written_anew
from officers.responsibility import Answer, Basis, PublicOfficer
from sectors.division import PublicDistrict, PublicSector, PublicStation
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    ContactHoursFactory,
    CoverFactory,
    EventFactory,
    NoticeFactory,
    between,
)

# A Sunday in winter, noon in Copenhagen.
NOON = datetime.datetime(2027, 11, 28, 11, tzinfo=datetime.UTC)
TUESDAY = datetime.date(2027, 11, 30)
DAY = datetime.timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"
SECTOR_FILES = ("card.vcf", "qr.svg", "events.ics", "notices.atom")
FILES = (
    *(f"/sectors/broenshoej/{name}" for name in SECTOR_FILES),
    "/stations/bellahoej/events.ics",
    "/stations/bellahoej/notices.atom",
)


@pytest.fixture(autouse=True)
def _noon(settings):
    settings.SITE_URL = "https://police.example"
    with time_machine.travel(NOON, tick=False):
        yield


def fetched(client, url: str) -> bytes:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content


def parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314  # what the site itself has just written


# All of them


@pytest.mark.parametrize("prefix", ["", "/da"])
@pytest.mark.parametrize(
    ("url", "content_type", "disposition"),
    [
        (FILES[0], "text/vcard; charset=utf-8", 'attachment; filename="broenshoej.vcf"'),
        (FILES[1], "image/svg+xml", 'inline; filename="broenshoej.svg"'),
        (FILES[2], "text/calendar; charset=utf-8", 'inline; filename="broenshoej.ics"'),
        (FILES[3], "application/atom+xml; charset=utf-8", 'inline; filename="notices.atom"'),
        (FILES[4], "text/calendar; charset=utf-8", 'inline; filename="bellahoej.ics"'),
        (FILES[5], "application/atom+xml; charset=utf-8", 'inline; filename="notices.atom"'),
    ],
)
def test_each_file_has_a_type_a_name_and_an_etag(client, quarter, prefix, url, content_type, disposition):
    response = client.get(prefix + url)
    assert (response["Content-Type"], response["Content-Disposition"]) == (content_type, disposition)
    assert set(response["Cache-Control"].split(", ")) == {"max-age=0", "public", "must-revalidate"}
    assert not response.cookies
    again = client.get(prefix + url, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "url",
    [
        *(f"/sectors/nowhere/{name}" for name in SECTOR_FILES),
        "/stations/nowhere/events.ics",
        "/stations/nowhere/notices.atom",
        "/sectors/broenshoej/events/00000000-0000-4000-8000-000000000000.ics",
        "/sectors/nowhere/events/00000000-0000-4000-8000-000000000000.ics",
    ],
)
def test_what_does_not_exist_is_not_found(client, quarter, url):
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", FILES)
def test_nothing_is_written_by_them(client, quarter, url):
    assert client.post(url).status_code == 405


@pytest.mark.parametrize("url", FILES)
def test_no_query_is_needed_once_warm(client, quarter, settings, django_assert_num_queries, url):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    client.get(url)
    with django_assert_num_queries(0):
        client.get(url)


# The contact card


def card_of(client, url: str = "/sectors/broenshoej/card.vcf") -> vobject.base.Component:
    return vobject.readOne(fetched(client, url).decode())


def test_card_is_the_responsible_officers(client, quarter):
    card = card_of(client)
    assert card.version.value == "3.0"
    assert (card.fn.value, card.n.value.family, card.n.value.given) == ("Mette Holm", "Holm", "Mette")
    assert card.title.value == "Police constable"
    assert card.tel.value == "+45 11 11 11 11"
    assert card.email.value == quarter.mette.email
    assert card.org.value == ["Bellahøj Station", "North East"]
    assert card.url.value == "https://police.example/sectors/broenshoej/"
    assert card.note.value.startswith("Your police officer in Brønshøj.\n")
    assert "call 112" in card.note.value
    assert not hasattr(card, "photo")
    assert card_of(client, "/da/sectors/broenshoej/card.vcf").url.value.endswith("/da/sectors/broenshoej/")


def test_card_of_an_absent_officers_sector_is_the_covers_until_the_day(client, quarter):
    absence = AbsenceFactory(officer=quarter.mette, period=between(days=(-1, 9)))
    assert card_of(client).fn.value == "North East"
    CoverFactory(absence=absence, sector=quarter.west, officer=quarter.jonas)
    card = card_of(client)
    assert (card.fn.value, card.tel.value) == ("Jonas Berg", "+45 22 22 22 22")
    assert card.note.value.startswith("Answers for Brønshøj until 7 December 2027.")
    with time_machine.travel(NOON + 9 * DAY, tick=False):
        assert card_of(client).fn.value == "Mette Holm"


def test_card_of_a_vacant_sector_is_the_districts(client, quarter):
    card = card_of(client, "/sectors/vanloese/card.vcf")
    assert (card.fn.value, card.tel.value, card.email.value) == (
        "South", "+45 00 00 22 22", "south@police.example"
    )  # fmt: skip
    assert card.note.value.startswith("Takes care of Vanløse while no police officer answers for it.")


def test_card_of_a_sector_that_nobody_can_be_reached_for_has_the_police_number(client, quarter):
    for office in (quarter.south, quarter.station):
        office.phone = office.email = ""
        office.save()
    card = card_of(client, "/sectors/vanloese/card.vcf")
    assert card.tel.value == "114"
    assert not hasattr(card, "email")


def test_card_of_a_stand_in_without_an_end_promises_none(client, quarter):
    AssignmentFactory(sector=quarter.vacant, officer__name="Stine Dam", attached=True, is_stand_in=True)
    card = card_of(client, "/sectors/vanloese/card.vcf")
    assert card.fn.value == "Stine Dam"
    assert card.note.value.startswith("Answers for Vanløse at the moment.")


def test_card_carries_the_portrait_in_folded_lines(client, quarter):
    picture = io.BytesIO()
    Image.new("RGB", (600, 600), (90, 140, 170)).save(picture, "JPEG")
    made = written_anew(picture)
    Portrait.objects.create(
        officer=quarter.mette, digest=made.digest, small=made.small, medium=made.medium, large=made.large
    )
    content = fetched(client, "/sectors/broenshoej/card.vcf")
    assert max(map(len, content.split(b"\r\n"))) <= 76
    card = vobject.readOne(content.decode())
    assert card.photo.type_param == "JPEG"
    assert Image.open(io.BytesIO(card.photo.value)).size == Image.open(io.BytesIO(made.small)).size


STATION = PublicStation("s", "Station", "", "", "")
DISTRICT = PublicDistrict("d", "District", "1", "", STATION)
SECTOR = PublicSector(1, 1, "Sector", "sector", DISTRICT)
# What somebody may have typed, or pasted, or tried.
text = st.text(max_size=80) | st.sampled_from(
    ["A\r\nTEL:666", "A\nEND:VCARD", "a;b,c\\n", "\x00\x0b", "</a>&"]
)


@given(name=text.filter(lambda name: name.split()), title=text)
def test_no_name_can_add_a_line_to_the_card(name, title):
    officer = PublicOfficer(name, title, "+45 1", "a@b.example")
    content = contact_card(SECTOR, Answer(officer, Basis.RESPONSIBLE)).decode()
    card = vobject.readOne(content)
    assert [line.value for line in card.contents["tel"]] == ["+45 1"]
    assert set(card.contents) <= {"version", "fn", "n", "title", "tel", "email", "org", "url", "note"}
    assert content.split("\r\n").count("END:VCARD") == 1


# The QR code


def drawn(svg: bytes) -> Image.Image:
    """Draw the code as a browser would: each run of modules is a line of the one path."""
    root = parsed(svg)
    side = int(float(root.get("viewBox").split()[2]))
    scale = 6
    picture = Image.new("L", (side * scale, side * scale), 255)
    pen = ImageDraw.Draw(picture)
    path = root.findall(".//{http://www.w3.org/2000/svg}path")[-1].get("d")
    x = y = 0.0
    for letter, numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if letter == "h":
            pen.rectangle(
                (x * scale, (y - 0.5) * scale, (x + values[0]) * scale - 1, (y + 0.5) * scale - 1), fill=0
            )
            x += values[0]
        else:
            x, y = (values[0], values[1]) if letter == "M" else (x + values[0], y + values[1])
    return picture


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_qr_code_leads_to_the_page_in_the_language_of_its_address(client, quarter, prefix):
    svg = fetched(client, f"{prefix}/sectors/broenshoej/qr.svg")
    (code,) = zxingcpp.read_barcodes(drawn(svg))
    assert code.text == f"https://police.example{prefix}/sectors/broenshoej/"


def test_qr_code_says_what_it_is_and_stays_black_on_white(client, quarter):
    root = parsed(fetched(client, "/sectors/broenshoej/qr.svg"))
    assert root.find("{http://www.w3.org/2000/svg}title").text == "QR code of the page of Brønshøj"
    assert b"#fff" in fetched(client, "/sectors/broenshoej/qr.svg")
    assert b"style" not in fetched(client, "/sectors/broenshoej/qr.svg")


# The calendar


def calendar_of(client, url: str = "/sectors/broenshoej/events.ics") -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(fetched(client, url))


def entries(read: icalendar.Calendar) -> list[icalendar.Event]:
    return read.walk("VEVENT")


@pytest.mark.parametrize("url", ["/sectors/vanloese/events.ics", "/stations/bellahoej/events.ics"])
def test_calendar_with_nothing_to_tell_is_empty_and_valid(client, quarter, url):
    read = calendar_of(client, url)
    assert (read["version"], read["method"], entries(read)) == ("2.0", "PUBLISH", [])
    (zone,) = read.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Copenhagen"


def test_calendar_tells_an_event_in_the_language_of_its_address(client, quarter):
    event = EventFactory(
        station=quarter.station,
        sectors=[quarter.west],
        published=True,
        begins_at=NOON + 3 * DAY,
        point=Point(12.4812345, 55.69),
        place="Torvet, Brønshøj; ved fontænen",
    )
    (entry,) = entries(calendar_of(client))
    assert entry["uid"] == f"{event.uuid}@police.example"
    assert entry["summary"] == "An English title"
    assert entry["description"] == "An English text."
    assert entry["location"] == "Torvet, Brønshøj; ved fontænen"
    assert entry["dtstart"].params["TZID"] == "Europe/Copenhagen"
    assert (entry.start, entry.end) == (event.begins_at, event.ends_at)
    assert (entry["status"], entry["sequence"]) == ("CONFIRMED", 0)
    assert entry["url"] == f"https://police.example/sectors/broenshoej/#event-{event.uuid}"
    assert (entry["geo"].latitude, entry["geo"].longitude) == (55.69, 12.481234)
    (danish,) = entries(calendar_of(client, "/da/sectors/broenshoej/events.ics"))
    assert (danish["summary"], danish["uid"]) == ("En dansk overskrift", entry["uid"])


def test_calendar_knows_when_the_clocks_change(client, quarter):
    """An event on the days around 26 March 2028 is at its hour in Copenhagen, by the calendar's own rules."""
    for days in (0, 1):
        EventFactory(
            station=quarter.station,
            published=True,
            begins_at=datetime.datetime(2028, 3, 25 + days, 11, tzinfo=datetime.UTC),
        )
    content = fetched(client, "/sectors/broenshoej/events.ics").decode()
    assert "DTSTART;TZID=Europe/Copenhagen:20280325T120000" in content
    assert "DTSTART;TZID=Europe/Copenhagen:20280326T130000" in content


def test_calendars_own_rules_of_the_zone_are_those_of_the_zone(client, quarter, settings):
    (zone,) = calendar_of(client).walk("VTIMEZONE")
    rules = tzical(io.StringIO(f"BEGIN:VCALENDAR\r\n{zone.to_ical().decode()}END:VCALENDAR\r\n")).get()
    hour = datetime.timedelta(hours=1)
    there = ZoneInfo(settings.TIME_ZONE)
    for day in (
        datetime.datetime(2027, 10, 31, tzinfo=datetime.UTC),
        datetime.datetime(2034, 3, 26, tzinfo=datetime.UTC),
    ):
        for instant in (day + number * hour for number in range(-2, 5)):
            assert instant.astimezone(rules).utcoffset() == instant.astimezone(there).utcoffset(), instant


def test_calendar_keeps_a_cancelled_event_and_says_so(client, quarter):
    event = EventFactory(station=quarter.station, published=True)
    (before,) = entries(calendar_of(client))
    event.cancelled_at = NOON
    event.save()
    (after,) = entries(calendar_of(client))
    assert after["uid"] == before["uid"]
    assert (after["status"], after["sequence"]) == ("CANCELLED", 1)
    assert after["summary"] == "Cancelled: An English title"


def test_calendar_has_the_hours_of_each_known_day_and_the_cancelled_ones(client, quarter):
    hours = ContactHoursFactory(
        sector=quarter.west,
        place="The library",
        address="Krabbesholmvej 3",
        note_en="By the door.",
        until=datetime.date(2027, 12, 14),
        cancelled_on=[datetime.date(2027, 12, 7)],
    )
    first, second, third = entries(calendar_of(client))
    assert [entry["status"] for entry in (first, second, third)] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert first.start == datetime.datetime(2027, 11, 30, 15, tzinfo=datetime.UTC)
    assert first["uid"] == f"{hours.uuid}-20271130@police.example"
    assert first["summary"] == "Meet your police officer: The library"
    assert first["location"] == "The library, Krabbesholmvej 3"
    assert first["description"] == "Sector 1: Brønshøj\nBy the door."
    with time_machine.travel(NOON + 3 * DAY, tick=False):
        assert [entry["uid"] for entry in entries(calendar_of(client))] == [second["uid"], third["uid"]]


def test_calendar_of_one_event_has_the_same_identifier(client, quarter):
    EventFactory.create_batch(2, station=quarter.station, published=True)
    wanted = entries(calendar_of(client))[1]
    uuid = wanted["uid"].partition("@")[0]
    (entry,) = entries(calendar_of(client, f"/sectors/broenshoej/events/{uuid}.ics"))
    assert entry["uid"] == wanted["uid"]


def test_an_event_of_another_sector_is_not_found_here(client, quarter):
    event = EventFactory(station=quarter.station, sectors=[quarter.mid], published=True)
    assert client.get(f"/sectors/husum/events/{event.uuid}.ics").status_code == 200
    assert client.get(f"/sectors/broenshoej/events/{event.uuid}.ics").status_code == 404


def test_calendar_of_the_station_has_the_events_of_all_sectors_once_and_no_hours(client, quarter):
    ContactHoursFactory(sector=quarter.west)
    event = EventFactory(station=quarter.station, sectors=[quarter.west, quarter.mid], published=True)
    EventFactory(station=quarter.station, published=True, is_internal=True)
    (entry,) = entries(calendar_of(client, "/stations/bellahoej/events.ics"))
    assert entry["uid"].startswith(str(event.uuid))


# The feed


def feed_of(client, url: str = "/sectors/broenshoej/notices.atom") -> ElementTree.Element:
    return parsed(fetched(client, url))


@pytest.mark.parametrize("url", ["/sectors/vanloese/notices.atom", "/stations/bellahoej/notices.atom"])
def test_feed_with_nothing_to_tell_is_empty_valid_and_the_same_all_day(client, quarter, url):
    root = feed_of(client, url)
    assert root.findall(f"{ATOM}entry") == []
    assert root.find(f"{ATOM}updated").text == "2027-11-28T00:00:00+01:00"
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Bellahøj Station"


def test_feed_tells_notices_in_the_language_of_its_address(client, quarter):
    notice = NoticeFactory(
        sector=quarter.west, published=True, title_en="Lamps & hedges", text_en="One <b>lamp</b>.\n\nTwo."
    )
    NoticeFactory(sector=None, station=quarter.station, published=True, shown_from=NOON - 9 * DAY)
    root = feed_of(client)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert root.find(f"{ATOM}title").text == "Sector 1: Brønshøj"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "https://police.example/sectors/broenshoej/",
        "self": "https://police.example/sectors/broenshoej/notices.atom",
    }
    newest, _oldest = root.findall(f"{ATOM}entry")
    assert newest.find(f"{ATOM}id").text == f"urn:uuid:{notice.uuid}"
    assert newest.find(f"{ATOM}title").text == "Lamps & hedges"
    assert newest.find(f"{ATOM}updated").text == "2027-11-27T12:00:00+01:00"
    assert newest.find(f"{ATOM}link").get("href").endswith(f"/sectors/broenshoej/#notice-{notice.uuid}")
    summary = newest.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert summary.text == "<p>One &lt;b&gt;lamp&lt;/b&gt;.</p>\n\n<p>Two.</p>"
    danish = feed_of(client, "/da/sectors/broenshoej/notices.atom")
    assert danish.find(f"{ATOM}entry/{ATOM}title").text == "En dansk overskrift"
    assert danish.find(f"{ATOM}id").text != root.find(f"{ATOM}id").text


def test_feed_keeps_its_identifier_whatever_it_tells(client, quarter):
    before = feed_of(client).find(f"{ATOM}id").text
    NoticeFactory(sector=quarter.west, published=True)
    assert feed_of(client).find(f"{ATOM}id").text == before
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", before)


def test_feed_sets_apart_what_was_said_and_done(client, quarter):
    NoticeFactory(
        sector=quarter.west, published=True, kind="you_said", said_en="It is <dark>.", said_da="Mørkt."
    )
    summary = feed_of(client).find(f"{ATOM}entry/{ATOM}summary").text
    assert summary == (
        "<p><strong>You said</strong></p><p>It is &lt;dark&gt;.</p>"
        "<p><strong>We did</strong></p><p>An English text.</p>"
    )


def test_feed_of_the_station_has_only_what_it_tells_to_all(client, quarter):
    NoticeFactory(sector=quarter.west, published=True, title_en="Own")
    NoticeFactory(sector=None, station=quarter.station, published=True, title_en="For all")
    titles = [
        title.text
        for title in feed_of(client, "/stations/bellahoej/notices.atom").findall(f"{ATOM}entry/{ATOM}title")
    ]
    assert titles == ["For all"]


@given(words=st.text(max_size=200))
def test_no_words_break_feed_or_calendar(words):
    """Characters that XML does not know, ends of lines, marks: all of it may be pasted into a form."""
    notice = PublicNotice(UUID(int=1), "you_said", words, words, words, words, words, words, NOON, False)
    written = feed("T", Told(notices=(notice,)), page="https://x/", address="https://x/f", author=words)
    assert len(parsed(written).findall(f"{ATOM}entry")) == 1
    content = calendar(words, Told(), "https://x/", TUESDAY)
    assert icalendar.Calendar.from_ical(content).walk("VEVENT") == []
    assert content.count(b"BEGIN:VCALENDAR") == 1
