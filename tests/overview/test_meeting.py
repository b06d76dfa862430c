"""The overview on paper, for the meeting: looked at page by page as a printer gets it."""

import datetime
import re

import pypdfium2
import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape

from audit.models import ReadEntry
from overview.gaps import GapKind
from overview.gaps.finding import find
from overview.meeting.gaps import DAYS, MOST_GAPS, gaps_by_district
from overview.meeting.making import meeting_of
from overview.meeting.waiting import MOST_ITEMS, waiting_by_district
from overview.scope import headed, key_of, scope_of
from sectorlog.models import TargetGroup
from sectors.instants import instant_of
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    ContactHoursFactory,
    DistrictFactory,
    EventFactory,
    GroupInSectorFactory,
    LeadershipFactory,
    ManningBasisFactory,
    MessageFactory,
    MonthCountFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
    between,
    division_of,
    head_of,
    head_of_district,
)
from tests.overview.waiting import city_of

pytestmark = pytest.mark.django_db

ADDRESS = "/station/overview/meeting.pdf"
A4 = (595, 842)


@pytest.fixture
def city():
    """Return two districts with a sector each, in which somebody is responsible, helped and to be met."""
    city = city_of()
    for sector in (city.sector, city.southern):
        AssignmentFactory(sector=sector)
        AssignmentFactory(sector=sector, attached=True)
        ContactHoursFactory(sector=sector)
    return city


@pytest.fixture
def printed(client):
    """Return the pages that an account is handed out, as their words."""

    def fetch(user, language="en", **query) -> list[str]:
        client.force_login(user)
        answer = client.get(ADDRESS if language == "en" else f"/{language}{ADDRESS}", query)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        document = pypdfium2.PdfDocument(answer.content)
        assert {tuple(round(side) for side in page.get_size()) for page in document} == {A4}
        return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]

    return fetch


def responsible(sector):
    return sector.assignments.get(role="responsible").officer


def gaps_of(user, where=""):
    scope = scope_of(user, where, headed(user))
    today = timezone.localdate()
    return gaps_by_district(scope, find(scope, user, today, DAYS), today)


def test_it_says_what_it_is_about_of_which_day_and_for_whom(city, printed):
    pages = printed(city.head)
    assert str(city.station) in pages[0]
    assert f"As it was on {date_format(timezone.localdate())}, for {city.head}." in pages[0]
    assert "2 sectors." in pages[0]
    assert all(f"{at} / {len(pages)}" in page for at, page in enumerate(pages, start=1))


def test_it_has_gaps_what_waits_and_five_figures_with_tables(city, printed):
    AbsenceFactory(officer=responsible(city.sector))
    MessageFactory(sector=city.southern, overdue=True)
    young = TargetGroup.objects.get(slug="young")
    MonthCountFactory(sector=city.sector, measure="contacts", key=str(young.pk), value=41)
    words = " ".join(printed(city.head))
    assert "Away, and nobody covers" in words
    assert f"{city.sector.number} {city.sector.name}" in words
    assert "Past their time today, by district" in words
    for figure in ("Contacts by target group", "Patrol form", "Answer times", "Continuity", "Manning"):
        assert figure in words
    assert " 41 " in words


def test_it_is_danish_for_who_reads_danish(city, printed):
    with translation.override("da"):
        day = date_format(timezone.localdate())
    assert day in printed(city.head, "da")[0]
    assert day not in printed(city.head)[0]


def test_it_names_no_citizen_and_quotes_nobody(city, printed):
    message = MessageFactory(sector=city.sector, overdue=True)
    words = " ".join(printed(city.head))
    assert "Messages" in words
    assert [word for word in (message.name, message.email, message.text) if word in words] == []


def test_a_districts_head_gets_the_district_alone(city, printed, client):
    head = head_of_district(city.north)
    AbsenceFactory(officer=responsible(city.southern))
    words = " ".join(printed(head))
    assert city.north.name in words
    assert responsible(city.southern).name not in words
    assert f" {city.southern.name}" not in words
    assert client.get(ADDRESS, {"where": key_of(city.south)}).status_code == 404


def test_a_part_of_the_city_is_printed_alone(city, printed):
    AbsenceFactory(officer=responsible(city.southern))
    words = " ".join(printed(city.head, where=key_of(city.north)))
    assert "Nothing is lacking from today" in words
    assert responsible(city.southern).name not in words


def test_who_heads_two_districts_of_two_stations_has_both_in_the_title(printed):
    head = UserFactory()
    districts = [DistrictFactory(station=StationFactory(), name=name) for name in ("Harbour", "Hills")]
    for district in districts:
        LeadershipFactory(user=head, station=district.station, district=district)
        division_of(SectorFactory(district=district))
    assert re.search(r"Harbour, Hills|Hills, Harbour", printed(head)[0])


def test_where_nothing_is_lacking_and_nothing_waits_it_says_so(city, printed):
    words = " ".join(printed(city.head))
    assert "Nothing is lacking from today" in words
    assert "Nothing waits past its time." in words


def test_a_station_without_sectors_gets_a_page_that_says_so(printed):
    (page,) = printed(LeadershipFactory().user)
    assert "No sector is in force here." in page


def test_the_strip_shows_the_days_of_the_gap_in_four_weeks_of_seven(city):
    AbsenceFactory(officer=responsible(city.sector), period=between(days=(5, 9)))
    found = gaps_of(city.head)
    (north, south) = found.districts
    ((row,),) = [one.rows for one in north.shown]
    days = [is_there for week in row.weeks for is_there in week]
    assert [len(week) for week in row.weeks] == [7] * 4
    assert days == [row.gap.covers(timezone.localdate() + datetime.timedelta(at)) for at in range(28)]
    assert sum(days) in (4, 5)
    assert (row.days_with.count("M"), row.days_without.count("M")) == (sum(days), 28 - sum(days))
    assert (row.days_with + row.days_without).count("M0.00 ") == 1
    assert (north.total, south.total, north.lacking_today) == (1, 0, 0)


def test_who_is_missing_is_drawn_apart_from_what_else_is_lacking(city, printed):
    """In black and white too: a filled box, an outlined one, a line where nothing is lacking."""
    AbsenceFactory(officer=responsible(city.sector))
    ManningBasisFactory(sector=city.southern, holds_from=timezone.localdate(), required=3)
    (away,), (few,) = (group.rows for one in gaps_of(city.head).districts for group in one.shown)
    assert [(row.gap.kind, row.is_grave) for row in (away, few)] == [
        (GapKind.UNCOVERED, True),
        (GapKind.TOO_FEW, False),
    ]
    drawn = [render_to_string("overview/print/includes/strip.html", {"row": row}) for row in (away, few)]
    fills = [re.findall(r'fill="(\S+)"', picture)[1] for picture in drawn]
    assert (fills[0] != "none", fills[1]) == (True, "none")
    assert "z" not in away.days_without
    (first, *_others) = printed(city.head)
    assert "Nobody responsible, or nobody answers Something else is lacking" in first


def test_what_several_sectors_lack_counts_no_sector_and_is_no_sum(city, printed):
    noon = instant_of(timezone.localdate() + datetime.timedelta(days=6), datetime.time(12))
    until = noon + datetime.timedelta(hours=3)
    EventFactory(station=city.station, begins_at=noon, ends_at=until, required_presence=2, published=True)
    AbsenceFactory(officer=responsible(city.sector))
    found = gaps_of(city.head)
    assert [(one.sectors, one.lacking_today) for one in found.districts][-1] == (None, None)
    assert (found.together[0], sum(found.together[2:])) == (2, found.total)
    (first, *_others) = printed(city.head)
    assert re.search(r"Several sectors or all – – 0 1 All 2 \d 1 1", first)


def test_each_chart_stands_beneath_its_title(city):
    scope = scope_of(city.head, "", headed(city.head))
    meeting = meeting_of(city.head, scope, timezone.localdate())
    page = render_to_string("overview/print/meeting.html", {"meeting": meeting})
    for one in (one for figure in meeting.figures for one in figure.tables):
        title = page.index(f"<h3>{escape(one.table.caption)}</h3>")
        picture = re.search(r"(<img|<table)", page[title:])
        assert picture.group() == ("<img" if one.picture else "<table")


def test_lists_are_capped_with_a_word_and_the_sums_hold_all(printed):
    first = SectorFactory(number=1)
    sectors = [first, *(SectorFactory(district=first.district, number=at) for at in range(2, 31))]
    division_of(*sectors)
    for sector in sectors:
        MessageFactory(sector=sector, overdue=True)
    head = head_of(first.station)
    found = gaps_of(head)
    assert (len(found.shown), found.total) == (MOST_GAPS, sum(one.total for one in found.districts))
    assert found.total > MOST_GAPS
    waiting = waiting_by_district(head, scope_of(head, "", headed(head)))
    assert (len(waiting.items), waiting.total) == (MOST_ITEMS, 30)
    words = " ".join(printed(head))
    assert f"The {MOST_GAPS} gravest of {found.total} gaps follow." in words
    assert f"The {MOST_ITEMS} most urgent of 30" in words


def test_what_is_past_its_time_is_counted_by_district(city):
    MessageFactory.create_batch(2, sector=city.sector, overdue=True)
    MessageFactory(sector=city.southern, overdue=True)
    MessageFactory(sector=city.southern)
    found = waiting_by_district(city.head, scope_of(city.head, "", headed(city.head)))
    assert [kind.value for kind in found.kinds] == ["message"]
    assert [(one.district, one.counts) for one in found.districts] == [(city.north, (2,)), (city.south, (1,))]
    assert found.counts == (3,)


def test_what_it_shows_is_noted_as_handed_out(city, printed):
    absent = responsible(city.sector)
    AbsenceFactory(officer=absent)
    message = MessageFactory(sector=city.sector, overdue=True)
    printed(city.head)
    noted = {key for read in ReadEntry.objects.filter(verb="downloaded") for key in read.keys}
    assert {f"officers.officer:{absent.pk}", f"contacts.message:{message.pk}"} <= noted


@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_do_not_grow_with_the_sectors(count, django_assert_max_num_queries):
    first = SectorFactory(number=1)
    sectors = [first, *(SectorFactory(district=first.district, number=at) for at in range(2, count + 1))]
    division_of(*sectors)
    for sector in sectors:
        MessageFactory(sector=sector, overdue=True)
        GroupInSectorFactory(sector=sector, interval_days=1)
        AbsenceFactory(officer=AssignmentFactory(sector=sector).officer)
        MonthCountFactory(sector=sector, measure="contacts", key="1")
    head = head_of(first.station)
    scope = scope_of(head, "", headed(head))
    assert head.standing
    with django_assert_max_num_queries(25):
        meeting_of(head, scope, timezone.localdate())
