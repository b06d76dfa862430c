"""What if somebody is appointed, and what is planned already: today against then."""

import datetime
import html
import re

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit.models import ReadEntry
from officers.models import Assignment
from overview.comparing.appointing import Wanted, appointing
from overview.comparing.planned import Planned, Step
from overview.gaps import GapKind
from sectors.instants import instant_of
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    DistrictFactory,
    ManningBasisFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
    between,
    days_ago,
    division_of,
    head_of,
    head_of_district,
    since,
)
from tests.overview.files import lines_of

pytestmark = pytest.mark.django_db

URL, FILE = "overview:what_if_appointment", "overview:what_if_appointment_csv"
RESPONSIBLE, ATTACHED = Assignment.Role.RESPONSIBLE, Assignment.Role.ATTACHED


class City:
    """A district with two sectors; the first is vacant, the second has an officer since a hundred days."""

    def __init__(self) -> None:
        self.station = StationFactory()
        self.district = DistrictFactory(station=self.station)
        self.vacant, self.held = (SectorFactory(district=self.district, number=number) for number in (1, 2))
        division_of(self.vacant, self.held)
        self.officer = OfficerFactory(station=self.station, name="Holder Held")
        self.assignment = AssignmentFactory(sector=self.held, officer=self.officer)
        self.free = OfficerFactory(station=self.station, name="Free Free")
        self.head = head_of(self.station)

    def ask(self, officer, sector, *, role=RESPONSIBLE, days=10.0, ends=None, leaves=False):
        begins, ends = days_ago(-days), None if ends is None else days_ago(-ends)
        return appointing(Wanted(sector, officer, role, begins, ends, leaves), lambda _sector: True)


@pytest.fixture
def city():
    return City()


def test_a_vacancy_closes_when_somebody_begins(city):
    (one,) = city.ask(city.free, city.vacant).sectors
    assert one.today.officer is None
    assert one.then.officer.name == "Free Free"
    (lack,) = one.lacks
    assert (lack.before, lack.after, lack.goes_on) == (GapKind.VACANT, None, True)
    assert timezone.localdate(lack.begins) == timezone.localdate() + datetime.timedelta(days=10)
    assert one.there == (0, 1)


def test_leaving_opens_a_gap_where_the_officer_is_now(city):
    ManningBasisFactory(sector=city.held, required=2)
    found = city.ask(city.officer, city.vacant, leaves=True)
    _here, left = found.sectors
    assert (left.sector, left.there, left.required, left.is_short) == (city.held, (1, 0), 2, True)
    assert [(lack.before, lack.after) for lack in left.lacks] == [(None, GapKind.VACANT)]
    assert [one.pk for one in found.ending] == [city.assignment.pk]
    assert any("3 months" in remark for remark in found.remarks)


def test_without_leaving_the_officer_keeps_the_other_sector(city):
    found = city.ask(city.officer, city.vacant)
    assert [one.sector for one in found.sectors] == [city.vacant]
    assert [one.pk for one in found.kept] == [city.assignment.pk]
    assert found.ending == ()


def test_the_predecessor_makes_room_and_their_time_ends(city):
    found = city.ask(city.free, city.held, ends=20)
    (one,) = found.sectors
    assert (one.today.officer.name, one.then.officer.name) == ("Holder Held", "Free Free")
    # The predecessor does not come back when the new appointment ends.
    assert [(lack.before, lack.after) for lack in one.lacks] == [(None, GapKind.VACANT)]
    assert "Takes over" in found.remarks[0]
    assert "Holder Held will have been responsible" in found.remarks[1]


def test_an_absence_then_is_told_and_leaves_the_gap_open(city):
    last = timezone.localdate() + datetime.timedelta(days=14)
    seven = instant_of(last + datetime.timedelta(days=1), datetime.time(7))
    AbsenceFactory(officer=city.free, period=DateTimeTZRange(days_ago(-5), seven))
    found = city.ask(city.free, city.vacant)
    (one,) = found.sectors
    assert [(lack.before, lack.after) for lack in one.lacks] == [
        (GapKind.VACANT, GapKind.UNCOVERED),
        (GapKind.VACANT, None),
    ]
    assert f"Free Free is away then, up to and including {date_format(last)}." in found.remarks


def test_an_attached_officer_fills_no_vacancy_but_counts(city):
    (one,) = city.ask(city.free, city.vacant, role=ATTACHED).sectors
    assert (one.there, one.lacks, one.then.officer) == ((0, 1), (), None)


@pytest.mark.parametrize(
    ("officer", "sector", "role", "words"),
    [
        ("officer", "held", RESPONSIBLE, "is appointed to"),
        ("officer", "held", ATTACHED, "is appointed to"),
        ("foreign", "vacant", RESPONSIBLE, "belongs to another station"),
        ("switched_off", "vacant", RESPONSIBLE, "is switched off"),
    ],
)
def test_what_would_be_refused_is_told_in_advance(city, officer, sector, role, words):
    city.foreign = OfficerFactory()
    city.switched_off = OfficerFactory(station=city.station, user=UserFactory(is_active=False))
    found = city.ask(getattr(city, officer), getattr(city, sector), role=role)
    assert words in " ".join(found.refusals)
    assert found.sectors == ()


def test_who_begins_later_stands_in_the_way(city):
    AssignmentFactory(sector=city.vacant, officer=city.officer, period=between(days=(30, 60)))
    assert "is to begin in" in " ".join(city.ask(city.free, city.vacant).refusals)
    assert city.ask(city.free, city.vacant, ends=29).refusals == ()


def test_the_page_leads_to_the_appointment_with_these_values(client, city):
    client.force_login(city.head)
    begins = f"{timezone.localdate() + datetime.timedelta(days=10)}T07:00"
    asked = {"sector": city.held.slug, "officer": city.free.pk, "from": begins, "role": RESPONSIBLE}
    answer = client.get(reverse(URL), asked)
    url = answer.context["appoint_url"]
    assert "takes_over=on" in url
    admin = client.get(url)
    form = admin.context["adminform"].form
    assert (form["sector"].value(), form["begins"].value()) == (str(city.held.pk), begins)
    assert "checked" in str(form["takes_over"])
    assert Assignment.objects.count() == 1


def test_what_the_page_promises_is_what_the_appointment_does(city):
    found = city.ask(city.free, city.held)
    ended = found.ending[0]
    ended.period = type(ended.period)(ended.period.lower, found.wanted.begins)
    ended.save()
    stored = AssignmentFactory(
        sector=city.held, officer=city.free, period=type(ended.period)(found.wanted.begins, None)
    )
    assert stored.officer.name == found.sectors[0].then.officer.name


def test_a_district_head_compares_and_does_not_appoint(client, city):
    client.force_login(head_of_district(city.district))
    page = client.get(reverse(URL), {"sector": city.vacant.slug, "officer": city.officer.pk})
    assert page.status_code == 200
    assert page.context["appoint_url"] == ""
    assert "The head of the station appoints." in page.content.decode()


def test_others_sectors_and_officers_cannot_be_chosen(client, city):
    foreign = AssignmentFactory(sector=SectorFactory())
    division_of(foreign.sector)
    client.force_login(city.head)
    answer = client.get(reverse(URL), {"sector": foreign.sector.slug, "officer": foreign.officer.pk})
    assert answer.status_code == 422
    assert foreign.officer.name not in answer.content.decode()
    assert set(answer.context["form"].errors) == {"sector", "officer"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("from", "2001-01-01T07:00"),
        ("from", "9999-12-31T23:59"),
        ("from", "yesterday"),
        ("until", "2001-01-01T07:00"),
        ("until", "9999-12-31T23:59"),
        ("role", "king"),
        ("officer", "9" * 40),
        ("officer", "\x00"),
        ("sector", "x" * 5000),
        ("sector", ""),
    ],
)
def test_bad_input_is_kept_with_a_sentence(client, city, field, value):
    client.force_login(city.head)
    asked = {"sector": city.vacant.slug, "officer": city.free.pk, "until": "", field: value}
    answer = client.get(reverse(URL), asked)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {field}
    assert form["officer" if field != "officer" else "sector"].value() in (
        str(city.free.pk),
        city.vacant.slug,
    )


def told(answer):
    """Return each row of a file by its titles; of two that are called the same, the first."""
    head, *rows = lines_of(answer)
    assert all(len(row) == len(head) for row in rows)
    return [dict(reversed(list(zip(head, row, strict=True)))) for row in rows]


def test_the_file_says_what_the_page_says_of_each_gap(client, city):
    city.free.name = "=HYPERLINK(1)"
    city.free.save()
    ManningBasisFactory(sector=city.vacant, required=2)
    begins = timezone.localdate() + datetime.timedelta(days=10)
    client.force_login(city.head)
    asked = {"sector": city.vacant.slug, "officer": city.free.pk, "from": f"{begins}T07:00"}
    asked["until"] = f"{begins + datetime.timedelta(days=20)}T07:00"
    answer = client.get(reverse(FILE), asked)
    (row,) = told(answer)
    assert (row["Number"], row["Sector"]) == ("1", city.vacant.name)
    assert (row["Who answers today"], row["Who answers then"]) == ("", "'=HYPERLINK(1)")
    assert (row["Appointed today"], row["Appointed then"], row["Required then"]) == ("0", "1", "2")
    assert (row["Then"], row["Gap from"]) == (f"{begins} 07:00",) * 2
    assert (row["Gap until"][:10], row["Goes on"]) == (asked["until"][:10], "no")
    assert (row["Gap without the change"], row["Gap with the change"]) == (GapKind.VACANT.label, "")
    name = f"what-if-{city.vacant.slug}-sectors-{timezone.localdate()}.csv"
    assert name in answer["Content-Disposition"]


def test_the_files_name_everybody_whom_the_page_names_and_are_noted(client, city):
    asked = {"sector": city.vacant.slug, "officer": city.officer.pk}
    client.force_login(city.head)
    (kept,) = told(client.get(reverse(FILE), asked | {"of": "appointments"}))
    assert (kept["Officer"], kept["Sector"], kept["What happens"]) == (
        "Holder Held",
        city.held.name,
        "Keeps besides",
    )
    (left,) = told(client.get(reverse(FILE), asked | {"of": "appointments", "leaves": "on"}))
    assert left["What happens"] == "Would end"
    rows = told(client.get(reverse(FILE), asked | {"leaves": "on"}))
    assert [row["Sector"] for row in rows] == [city.vacant.name, city.held.name]
    for entry in ReadEntry.objects.filter(verb="exported", subject="officers.officer"):
        assert f"officers.officer:{city.officer.pk}" in entry.keys
        assert city.vacant.pk in entry.sectors
    assert ReadEntry.objects.filter(verb="exported").count() == 3


def test_files_without_rows_have_their_titles_and_sectors_without_gaps_a_row(client, city):
    asked = {"sector": city.vacant.slug, "officer": city.free.pk, "role": ATTACHED}
    client.force_login(city.head)
    (head,) = lines_of(client.get(reverse(FILE), asked | {"of": "appointments"}))
    assert head[0] == "Officer"
    (row,) = told(client.get(reverse(FILE), asked))
    assert (row["Appointed then"], row["Gap from"], row["Gap with the change"]) == ("1", "", "")


def test_the_page_leads_to_its_files(client, city):
    asked = {"sector": city.vacant.slug, "officer": city.officer.pk, "leaves": "on"}
    client.force_login(city.head)
    page = client.get(reverse(URL), asked).content.decode()
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*appointment\.csv[^"]*)"', page)]
    assert [told(client.get(link))[0]["Sector"] for link in links] == [city.vacant.name, city.held.name]


@pytest.mark.parametrize("field", ["sector", "officer", "from"])
def test_a_file_of_nonsense_is_the_page_that_says_what_is_wrong(client, city, field):
    client.force_login(city.head)
    asked = {"sector": city.vacant.slug, "officer": city.free.pk, field: "nonsense"}
    answer = client.get(reverse(FILE), asked)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    assert not ReadEntry.objects.filter(verb="exported").exists()
    assert client.get(reverse(FILE)).status_code == 422
    assert client.get(reverse(FILE), {"of": "nonsense"}).status_code == 404


def test_there_is_no_file_of_what_would_be_refused(client, city):
    client.force_login(city.head)
    answer = client.get(reverse(FILE), {"sector": city.held.slug, "officer": city.officer.pk})
    assert answer.status_code == 422
    assert "This appointment would be refused." in answer.content.decode()


def test_who_was_named_is_in_the_read_log(client, city):
    client.force_login(city.head)
    client.get(reverse(URL), {"sector": city.held.slug, "officer": city.free.pk})
    shown = ReadEntry.objects.get(subject="officers.officer", verb="shown")
    assert set(shown.keys) >= {f"officers.officer:{one.pk}" for one in (city.officer, city.free)}


# --- What is planned already ---


@pytest.mark.parametrize(
    ("at", "minute"),
    [("12:00:00", "12:00"), ("12:00:00.5", "12:01"), ("12:00:59.9", "12:01"), ("23:59:01", "00:00")],
)
def test_the_link_leads_to_the_first_minute_at_which_it_has_happened(at, minute):
    instant = datetime.datetime.fromisoformat(f"2026-11-23T{at}+01:00")
    assert Planned(Step.BEGINS, instant, Assignment()).minute[11:] == minute


def test_planned_rows_come_in_the_order_of_time(client, city):
    AssignmentFactory(sector=city.vacant, officer=city.free, period=between(days=(5, 50)))
    CoverFactory(
        absence__officer=city.officer,
        absence__period=between(days=(20, 25)),
        sector=city.held,
        officer=city.free,
    )
    withdrawn = AssignmentFactory(sector=city.vacant, period=between(days=(60, 70)))
    withdrawn.withdrawn_at = timezone.now()
    withdrawn.save()
    client.force_login(city.head)
    page = client.get(reverse("overview:what_if"))
    assert [one.step for one in page.context["planned"]] == ["begins", "covers", "ends"]
    assert "Free Free begins to cover" in page.content.decode()
    url = f"{reverse('overview:what_if_planned')}?sector={city.vacant.slug}&at="
    first = client.get(url + page.context["planned"][0].minute)
    one = first.context["one"]
    assert (one.today.officer, one.then.officer.name) == (None, "Free Free")
    assert [lack.after for lack in one.lacks] == [GapKind.VACANT, GapKind.VACANT]


def test_the_file_of_what_is_planned_has_all_pages_of_one_place(client, city):
    city.free.name = "+Free"
    city.free.save()
    for day in range(5, 35):
        AssignmentFactory(
            sector=city.vacant, officer=city.free, attached=True, period=between(days=(day, day + 0.5))
        )
    AssignmentFactory(sector=city.held, officer=city.free, attached=True, period=between(days=(3, 4)))
    client.force_login(city.head)
    answer = client.get(reverse("overview:what_if_csv"), {"where": f"sector:{city.vacant.slug}", "page": "2"})
    rows = told(answer)
    assert len(rows) == 60
    first = rows[0]
    assert first["When"] == f"{timezone.localtime(days_ago(-5)):%Y-%m-%d %H:%M}"
    assert (first["Station"], first["District"], first["Number"], first["Sector"]) == (
        city.station.name,
        city.district.name,
        "1",
        city.vacant.name,
    )
    assert (first["Officer"], first["What happens"][:20]) == ("'+Free", "'+Free is attached t")
    exported = ReadEntry.objects.get(verb="exported", subject="officers.officer")
    assert (exported.keys, exported.sectors) == ([f"officers.officer:{city.free.pk}"], [city.vacant.pk])
    assert f"planned-{timezone.localdate()}.csv" in answer["Content-Disposition"]


def test_others_places_have_no_file_and_nothing_planned_has_its_titles(client, city):
    client.force_login(city.head)
    url = reverse("overview:what_if_csv")
    (head,) = lines_of(client.get(url))
    assert (head[0], head[-1]) == ("When", "What happens")
    assert "what-if.csv" not in client.get(reverse("overview:what_if")).content.decode()
    assert client.get(url, {"where": f"station:{StationFactory().slug}"}).status_code == 404


def test_today_and_then_comes_as_a_file_too(client, city):
    AssignmentFactory(sector=city.vacant, officer=city.free, period=between(days=(5, 50)))
    client.force_login(city.head)
    first = client.get(reverse("overview:what_if")).context["planned"][0]
    asked = {"sector": city.vacant.slug, "at": first.minute}
    assert (
        "what-if/planned.csv?sector="
        in client.get(reverse("overview:what_if_planned"), asked).content.decode()
    )
    before, after = told(client.get(reverse("overview:what_if_planned_csv"), asked))
    assert (before["Who answers today"], before["Who answers then"]) == ("", "Free Free")
    assert (before["Then"], before["Goes on"]) == (first.minute.replace("T", " "), "no")
    assert (after["What is lacking"], after["Goes on"]) == (GapKind.VACANT.label, "yes")
    exported = ReadEntry.objects.get(verb="exported", subject="officers.officer")
    assert (exported.keys, exported.sectors) == ([f"officers.officer:{city.free.pk}"], [city.vacant.pk])


@pytest.mark.parametrize("route", ["what_if_planned", "what_if_planned_csv"])
@pytest.mark.parametrize("at", ["", "2001-01-01T07:00", "9999-01-01T00:00", "x", "2027-03-28T02:30"])
def test_nonsense_instants_are_refused(client, city, at, route):
    client.force_login(city.head)
    answer = client.get(reverse(f"overview:{route}"), {"sector": city.held.slug, "at": at})
    assert answer.status_code == 422


@pytest.mark.parametrize("route", ["what_if_planned", "what_if_planned_csv"])
def test_a_foreign_sector_is_no_choice(client, city, route):
    client.force_login(city.head)
    at = f"{days_ago(-5):%Y-%m-%dT%H:%M}"
    answer = client.get(reverse(f"overview:{route}"), {"sector": SectorFactory().slug, "at": at})
    assert answer.status_code == 422


@pytest.mark.parametrize("number", [1, 20])
def test_queries_do_not_grow_with_sectors(client, django_assert_max_num_queries, number):
    station = StationFactory()
    sectors = [SectorFactory(district__station=station) for _ in range(number)]
    vacant = SectorFactory(district__station=station)
    division_of(*sectors, vacant)
    officer = OfficerFactory(station=station)
    for sector in sectors:
        AssignmentFactory(sector=sector, officer=officer, period=since(days=3))
        AssignmentFactory(sector=sector, attached=True, period=between(days=(5, 9)))
    client.force_login(head_of(station))
    asked = {
        "sector": sectors[0].slug,
        "officer": AssignmentFactory(sector=sectors[0], attached=True).officer_id,
    }
    moving = {"sector": vacant.slug, "officer": officer.pk, "leaves": "on"}
    client.get(reverse("overview:what_if"))
    pages = ("overview:what_if", {}), (URL, asked), (URL, moving)
    files = ("overview:what_if_csv", {}), (FILE, moving), (FILE, moving | {"of": "appointments"})
    for route, query in (*pages, *files):
        with django_assert_max_num_queries(30):
            assert client.get(reverse(route), query).status_code == 200


def test_a_station_without_sectors_has_nothing_planned(client):
    client.force_login(head_of(StationFactory()))
    page = client.get(reverse("overview:what_if")).content.decode()
    assert "No appointment begins or ends later" in page
    assert "No release is drafted or scheduled." in page


def test_who_heads_nothing_finds_nothing(client, city):
    client.force_login(UserFactory())
    for route in ("what_if", "what_if_appointment", "what_if_planned", "back_then"):
        assert client.get(reverse(f"overview:{route}")).status_code == 404
        assert client.get(reverse(f"overview:{route}_csv")).status_code == 404
