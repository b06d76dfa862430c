"""Absences and covers in the admin: entered in steps, with what stays open said before it is saved."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from officers.models import Absence, Cover
from officers.responsibility import answerable
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    CoverFactory,
    LeadershipFactory,
    OfficerFactory,
    SectorFactory,
    division_of,
    head_of_district,
    since,
    square,
)
from tests.officers.minutes import in_days

pytestmark = pytest.mark.django_db
ADD = "admin:officers_absence_add"


@pytest.fixture
def sector():
    return SectorFactory(name="Emdrup", number=1)


@pytest.fixture
def absent(sector):
    return AssignmentFactory(sector=sector, officer__name="Alma Eksempel").officer


@pytest.fixture
def neighbour(sector):
    """The officer next door, in another district of the station; the two sectors are in force."""
    beside = SectorFactory(
        district__station=sector.station, district__name="Elsewhere", number=2, name="Ryparken"
    )
    division_of(sector, beside)
    return AssignmentFactory(sector=beside, officer__name="Bjarke Opdigt").officer


@pytest.fixture
def as_head(client, sector):
    client.force_login(LeadershipFactory(station=sector.station).user)
    return client


def typed(instant: datetime.datetime) -> str:
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def holiday(absent, **more) -> dict:
    return {"officer": absent.pk, "begins": typed(in_days(3)), "ends": typed(in_days(10)), **more}


def covered_by(sector, officer, **more) -> dict:
    prefix = f"sector-{sector.pk}"
    fields = {"officer": officer.pk if officer else "", "begins": "", "ends": "", **more}
    return {f"{prefix}-{name}": value for name, value in fields.items()}


def away(absent, begins: float = 3, ends: float | None = 10) -> Absence:
    period = DateTimeTZRange(in_days(begins), None if ends is None else in_days(ends))
    return AbsenceFactory(officer=absent, period=period)


def page(found, name: str = "change") -> str:
    return reverse(f"admin:officers_{found._meta.model_name}_{name}", args=[found.pk])


# --- Entering ----------------------------------------------------------------------------------


def test_the_neighbours_officer_is_chosen_beforehand_across_districts(as_head, sector, absent, neighbour):
    answer = as_head.post(reverse(ADD), holiday(absent))
    [form] = answer.context["covers"]
    assert form["officer"].value() == neighbour.pk
    assert "Bjarke Opdigt, neighbouring sector 2 Ryparken (Elsewhere)" in answer.content.decode()
    assert not Absence.objects.exists()


def test_before_saving_the_page_says_what_stays_uncovered(as_head, sector, absent, neighbour):
    data = holiday(absent, **covered_by(sector, neighbour, ends=typed(in_days(5))), look="1")
    content = as_head.post(reverse(ADD), data).content.decode()
    assert "Bjarke Opdigt covers 1 Emdrup" in content
    assert "1 Emdrup: nobody covers from" in content
    assert not Absence.objects.exists()


def test_before_saving_the_page_says_which_promised_covers_fall_away(as_head, sector, absent, neighbour):
    promise = CoverFactory(
        absence=away(neighbour, 4, 20),
        sector=neighbour.assignments.get().sector,
        officer=absent,
        period=DateTimeTZRange(in_days(4), in_days(20)),
    )
    content = as_head.post(reverse(ADD), holiday(absent)).content.decode()
    assert "Alma Eksempel has promised to cover 2 Ryparken for Bjarke Opdigt" in content
    assert promise.absence.covers.count() == 1


def test_confirmed_it_is_saved_with_its_covers_and_citizens_see_it_at_the_minute(
    as_head, sector, absent, neighbour, time_machine
):
    data = holiday(absent, **covered_by(sector, neighbour), confirmed="1")
    answer = as_head.post(reverse(ADD), data)
    absence = Absence.objects.get()
    assert (answer.status_code, answer.url) == (302, page(absence))
    cover = Cover.objects.get()
    assert (cover.period, cover.officer) == (absence.period, neighbour)
    assert LogEntry.objects.get().object_id == str(absence.pk)
    for instant, name in (
        (absence.period.lower - datetime.timedelta(seconds=1), "Alma Eksempel"),
        (absence.period.lower, "Bjarke Opdigt"),
        (absence.period.upper, "Alma Eksempel"),
    ):
        time_machine.move_to(instant, tick=False)
        assert answerable(sector.pk).officer.name == name


def test_an_absence_from_now_on_without_end_and_without_cover_is_taken(as_head, sector, absent):
    data = {"officer": absent.pk, "begins": "", "ends": "", **covered_by(sector, None)}
    content = as_head.post(reverse(ADD), {**data, "look": "1"}).content.decode()
    assert "nobody covers" in content
    assert as_head.post(reverse(ADD), {**data, "confirmed": "1"}).status_code == 302
    assert Absence.objects.get().period.upper is None
    assert answerable(sector.pk).officer is None


def test_an_absence_that_begins_at_once_is_covered_from_its_first_moment(as_head, sector, absent, neighbour):
    data = {"officer": absent.pk, "begins": "", "ends": typed(in_days(9)), **covered_by(sector, neighbour)}
    assert "Nothing stays open." in as_head.post(reverse(ADD), {**data, "look": "1"}).content.decode()
    assert as_head.post(reverse(ADD), {**data, "confirmed": "1"}).status_code == 302
    assert Cover.objects.get().period == Absence.objects.get().period


def test_an_officer_without_a_sector_needs_no_cover(as_head, sector):
    officer = OfficerFactory(station=sector.station)
    assert "nothing needs to be covered" in as_head.post(reverse(ADD), holiday(officer)).content.decode()
    assert as_head.post(reverse(ADD), holiday(officer, confirmed="1")).status_code == 302


def test_going_back_keeps_what_was_typed(as_head, sector, absent, neighbour):
    data = holiday(absent, **covered_by(sector, neighbour))
    form = as_head.post(reverse(ADD), {**data, "back": "1"}).context["form"]
    assert (form["begins"].value(), form["begins"].is_hidden) == (data["begins"], False)
    [cover] = as_head.post(reverse(ADD), {**data, "change": "1"}).context["covers"]
    assert cover["officer"].value() == neighbour.pk or cover["officer"].value() == str(neighbour.pk)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"officer": "x"}, "Select a valid choice"),
        ({"officer": ""}, "required"),
        ({"ends": "2020-01-01T00:00"}, "ends before it begins"),
        ({"begins": "2020-01-01T00:00"}, "lies in the past"),
        ({"begins": "soon"}, "Give a date and a time"),
        ({"begins": "2027-10-31T02:30"}, "comes twice"),
        ({"begins": "9999-12-31T23:59"}, "more than five years ahead"),
    ],
)
def test_bad_input_gets_a_sentence_and_enters_nothing(as_head, sector, absent, fields, sentence):
    data = {**holiday(absent, **covered_by(sector, None)), **fields, "confirmed": "1"}
    assert sentence in as_head.post(reverse(ADD), data).content.decode()
    assert not Absence.objects.exists()


def test_an_absence_during_another_is_refused(as_head, sector, absent):
    away(absent)
    content = as_head.post(reverse(ADD), holiday(absent, confirmed="1")).content.decode()
    assert "Alma Eksempel is away already from" in content


@pytest.mark.parametrize(
    ("bounds", "sentence"),
    [
        ({"begins": typed(in_days(1))}, "A cover lies within the absence"),
        ({"ends": typed(in_days(12))}, "A cover lies within the absence"),
        ({"begins": typed(in_days(6)), "ends": typed(in_days(5))}, "ends before it begins"),
        ({"begins": "x"}, "Give a date and a time"),
    ],
)
def test_a_cover_with_odd_dates_is_refused(as_head, sector, absent, neighbour, bounds, sentence):
    data = holiday(absent, **covered_by(sector, neighbour, **bounds), confirmed="1")
    assert sentence in as_head.post(reverse(ADD), data).content.decode()
    assert not Absence.objects.exists()


def test_who_goes_away_meanwhile_covers_nobody_and_nothing_is_half_done(as_head, sector, absent, neighbour):
    away(neighbour, 4, 6)
    data = holiday(absent, **covered_by(sector, neighbour), confirmed="1")
    assert "Select a valid choice" in as_head.post(reverse(ADD), data).content.decode()
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("who", ["absent", "foreign"])
def test_nobody_covers_for_themselves_and_no_foreign_officer_is_offered(as_head, sector, absent, who):
    foreign = AssignmentFactory(officer__name="Foreign Officer").officer
    chosen = {"absent": absent, "foreign": foreign}[who]
    assert "Foreign Officer" not in as_head.post(reverse(ADD), holiday(absent)).content.decode()
    data = holiday(absent, **covered_by(sector, chosen), confirmed="1")
    assert "Select a valid choice" in as_head.post(reverse(ADD), data).content.decode()
    assert not Cover.objects.exists()


def test_a_neighbour_of_another_station_can_cover_and_shows_name_and_sector_only(as_head, sector, absent):
    beside = SectorFactory(name="Across", number=7)
    officer = AssignmentFactory(
        sector=beside, officer__name="Across Officer", officer__phone="+45 99"
    ).officer
    division_of(beside)
    release = BoundaryReleaseFactory(station=sector.station, areas={sector: square(1)})
    release.neighbours.create(sector=sector, other=beside)
    release.period, release.published_at = since(days=1), timezone.now()
    release.save()
    content = as_head.post(reverse(ADD), holiday(absent)).content.decode()
    assert "Across Officer, neighbouring sector 7 Across" in content
    assert "+45 99" not in content
    data = holiday(absent, **covered_by(sector, officer), confirmed="1")
    assert as_head.post(reverse(ADD), data).status_code == 302
    assert Cover.objects.get().officer == officer
    assert as_head.get(reverse("admin:officers_officer_change", args=[officer.pk])).status_code == 404


def test_an_officer_of_another_station_is_not_sent_away(as_head, sector):
    foreign = OfficerFactory()
    content = as_head.post(reverse(ADD), holiday(foreign, confirmed="1")).content.decode()
    assert "Select a valid choice" in content
    assert not Absence.objects.exists()


def test_a_district_head_enters_no_absence(client, sector, absent):
    client.force_login(head_of_district(sector.district))
    for method in (client.get, client.post):
        assert method(reverse(ADD)).status_code == 404
        assert method(reverse("admin:officers_cover_add")).status_code == 404


# --- Afterwards --------------------------------------------------------------------------------


def test_back_early_ends_the_absence_and_shortens_the_covers(as_head, sector, absent, neighbour):
    absence = away(absent, -1, 9)
    cover = CoverFactory(absence=absence, sector=sector, officer=neighbour)
    assert "no longer covers 1 Emdrup" in as_head.get(page(absence, "end")).content.decode()
    as_head.post(page(absence, "end"))
    absence.refresh_from_db()
    cover.refresh_from_db()
    assert cover.period.upper == absence.period.upper < timezone.now() + datetime.timedelta(seconds=5)
    assert answerable(sector.pk).officer.name == "Alma Eksempel"


def test_the_end_of_an_absence_can_be_put_off(as_head, sector, absent):
    absence = away(absent, -1, 9)
    assert as_head.post(page(absence, "until"), {"ends": typed(in_days(20))}).status_code == 302
    absence.refresh_from_db()
    assert absence.period.upper == in_days(20)


@pytest.mark.parametrize(("ends", "sentence"), [("x", "Give a date"), ("2020-01-01T00:00", "in the past")])
def test_an_impossible_end_is_refused(as_head, sector, absent, ends, sentence):
    absence = away(absent, -1, 9)
    assert sentence in as_head.post(page(absence, "until"), {"ends": ends}).content.decode()


def test_a_planned_absence_is_withdrawn_with_its_covers(as_head, sector, absent):
    absence = away(absent)
    cover = CoverFactory(absence=absence, sector=sector)
    as_head.post(page(absence, "withdraw"))
    for row in (absence, cover):
        row.refresh_from_db()
        assert row.withdrawn_at is not None


@pytest.mark.parametrize(("name", "days"), [("withdraw", (-1, 9)), ("end", (3, 9))])
def test_an_act_at_the_wrong_time_says_which_one_is_right(as_head, sector, absent, name, days):
    absence = away(absent, *days)
    answer = as_head.post(page(absence, name), follow=True)
    [message] = answer.context["messages"]
    assert message.level_tag == "error"
    assert "instead" in message.message


def test_the_page_of_an_absence_shows_its_covers_and_what_is_open(as_head, sector, absent, neighbour):
    absence = away(absent)
    CoverFactory(
        absence=absence, sector=sector, officer=neighbour, period=DateTimeTZRange(in_days(3), in_days(6))
    )
    content = as_head.get(page(absence)).content.decode()
    assert "Bjarke Opdigt" in content
    assert "1 Emdrup: nobody covers from" in content
    assert 'name="_save"' not in content


def test_an_absence_is_not_edited_by_posting_to_its_page(as_head, sector, absent):
    absence = away(absent)
    assert as_head.post(page(absence), {"officer": absent.pk}).status_code == 404


def test_a_cover_is_added_later_for_the_rest(as_head, sector, absent, neighbour):
    absence = away(absent)
    url = f"{reverse('admin:officers_cover_add')}?absence={absence.pk}"
    assert "Alma Eksempel" in as_head.get(reverse("admin:officers_cover_add")).content.decode()
    assert as_head.get(url).status_code == 200
    answer = as_head.post(url, {"officer": neighbour.pk, "begins": typed(in_days(5)), "ends": ""})
    assert answer.status_code == 302
    cover = Cover.objects.get()
    assert (cover.period.lower, cover.period.upper) == (in_days(5), absence.period.upper)


def test_another_officer_takes_the_place_of_a_cover_if_asked(as_head, sector, absent, neighbour):
    absence = away(absent)
    former = CoverFactory(absence=absence, sector=sector)
    url = f"{reverse('admin:officers_cover_add')}?absence={absence.pk}"
    data = {"officer": neighbour.pk, "begins": typed(in_days(5)), "ends": ""}
    assert "End that first" in as_head.post(url, data).content.decode()
    assert as_head.post(url, {**data, "takes_over": "on"}).status_code == 302
    former.refresh_from_db()
    assert former.period.upper == in_days(5)
    assert answerable(sector.pk, in_days(6)).officer.name == "Bjarke Opdigt"


def test_of_several_sectors_the_head_is_asked_which(as_head, sector, absent):
    second = AssignmentFactory(sector__district=sector.district, officer=absent).sector
    url = f"{reverse('admin:officers_cover_add')}?absence={away(absent).pk}"
    content = as_head.get(url).content.decode()
    assert f"sector={sector.pk}" in content
    assert f"sector={second.pk}" in content
    assert as_head.get(f"{url}&sector={second.pk}").status_code == 200
    assert as_head.get(f"{url}&sector={SectorFactory().pk}").status_code == 404


@pytest.mark.parametrize("query", ["?absence=x", "?absence=", "?absence=99999999999999999999"])
def test_an_absence_that_nobody_has_is_not_found(as_head, query):
    assert as_head.get(reverse("admin:officers_cover_add") + query).status_code == 404


def test_a_cover_ends_early(as_head, sector, absent):
    absence = away(absent, -1, 9)
    cover = CoverFactory(absence=absence, sector=sector)
    as_head.post(page(cover, "end"))
    cover.refresh_from_db()
    assert cover.period.upper <= timezone.now()
    assert answerable(sector.pk).officer is None


def test_the_list_says_which_absences_leave_a_sector_open(as_head, sector, absent, neighbour):
    open_one, covered = away(absent), away(neighbour)
    CoverFactory(absence=covered, sector=neighbour.assignments.get().sector)
    listing = reverse("admin:officers_absence_changelist")
    assert list(as_head.get(listing, {"covered": "no"}).context["cl"].queryset) == [open_one]
    assert as_head.get(listing).content.decode().count("Without cover</strong>") == 1
