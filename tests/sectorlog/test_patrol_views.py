import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from sectorlog.models import Patrol
from tests.factories import (
    AssignmentFactory,
    OfficerFactory,
    PatrolFactory,
    UserFactory,
    between,
    head_of,
)

pytestmark = pytest.mark.django_db

START = "/log/patrols/start/"


@pytest.fixture
def officer():
    return OfficerFactory(user=UserFactory(), patrol_form="bicycle")


@pytest.fixture
def sector(officer):
    return appoint(officer)


def appoint(officer, **fields):
    return AssignmentFactory(officer=officer, sector__district__station=officer.station, **fields).sector


@pytest.fixture
def own(client, officer):
    """The officer's browser."""
    client.force_login(officer.user)
    return client


def running(officer, sector, hours=1.0):
    begins = timezone.now() - datetime.timedelta(hours=hours)
    return PatrolFactory(user=officer.user, sector=sector, period=DateTimeTZRange(begins, None, "[)"))


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_start_page_offers_three_forms_the_usual_one_stressed(own, sector):
    page = text(own.get("/log/"))
    assert "Begin a patrol" in page
    assert 'value="bicycle" class="button button-main"' in page
    assert 'value="foot" class="button button-quiet"' in page
    assert f'name="sector" value="{sector.slug}"' in page


def test_one_tap_begins_a_patrol(own, officer, sector):
    response = own.post(START, {"sector": sector.slug, "form": "foot"}, follow=True)
    patrol = Patrol.objects.get()
    assert (patrol.user, patrol.sector, patrol.form) == (officer.user, sector, "foot")
    page = text(response)
    assert "You are on patrol" in page
    assert f"/log/patrols/{patrol.uuid}/stop/" in page


def test_the_sector_of_the_last_patrol_is_chosen(own, officer, sector):
    second = appoint(officer, attached=True)
    page = text(own.get("/log/"))
    assert f'<option value="{sector.slug}" selected>' in page
    PatrolFactory(user=officer.user, sector=second)
    assert f'<option value="{second.slug}" selected>' in text(own.get("/log/"))


def test_a_start_from_a_second_tab_is_told_of_the_first(own, officer, sector):
    running(officer, sector)
    response = own.post(START, {"sector": sector.slug, "form": "vehicle"})
    assert response.status_code == 409
    assert "You are on patrol already" in text(response)
    assert Patrol.objects.count() == 1


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({}, "Choose a sector."),
        ({"form": "horse"}, "Press one of the three"),
        ({"sector": "elsewhere", "form": "foot"}, "You do not work in this sector at the moment."),
        ({"sector": "a\x00b", "form": "foot"}, "Null characters are not allowed."),
    ],
)
def test_a_start_that_says_too_little_is_asked_again(own, sector, posted, sentence):
    response = own.post(START, posted)
    assert response.status_code == 422
    assert sentence in text(response)
    assert not Patrol.objects.exists()


def test_nobody_starts_in_a_sector_of_others(own, sector):
    foreign = AssignmentFactory().sector
    assert own.post(START, {"sector": foreign.slug, "form": "foot"}).status_code == 422
    assert not Patrol.objects.exists()


def test_who_works_nowhere_is_offered_no_patrol(own):
    assert own.get(START).status_code == 404
    assert "Begin a patrol" not in text(own.get("/log/"))


def test_a_head_who_looks_at_a_sector_is_offered_no_patrol(client, officer, sector):
    client.force_login(head_of(officer.station))
    assert "Begin a patrol" not in text(client.get(f"/log/sectors/{sector.slug}/"))


def test_one_tap_stops_the_patrol(own, officer, sector):
    patrol = running(officer, sector)
    page = text(own.post(f"/log/patrols/{patrol.uuid}/stop/", follow=True))
    assert "Your patrol has ended." in page
    patrol.refresh_from_db()
    assert patrol.period.upper is not None


def test_a_patrol_is_stopped_after_the_right_to_the_sector_has_ended(own, officer):
    appoint(officer, period=between(days=(-9, -1)))
    patrol = running(officer, officer.assignments.get().sector)
    assert "Stop the patrol" in text(own.get("/log/"))
    own.post(f"/log/patrols/{patrol.uuid}/stop/")
    patrol.refresh_from_db()
    assert patrol.period.upper is not None


def test_nobody_stops_or_mends_the_patrol_of_a_colleague(own, officer, sector):
    colleague = OfficerFactory(station=officer.station, user=UserFactory())
    patrol = running(colleague, sector)
    assert own.post(f"/log/patrols/{patrol.uuid}/stop/").status_code == 404
    assert own.get(f"/log/patrols/{patrol.uuid}/").status_code == 404
    patrol.refresh_from_db()
    assert patrol.period.upper is None


def test_a_forgotten_patrol_asks_for_its_true_end(own, officer, sector):
    patrol = running(officer, sector, hours=14)
    page = text(own.post(f"/log/patrols/{patrol.uuid}/stop/", follow=True))
    assert "When did the patrol end?" in page
    assert "When did it really end?" in text(own.get("/log/"))
    ended = timezone.localtime(patrol.period.lower + datetime.timedelta(hours=6))
    response = own.post(f"/log/patrols/{patrol.uuid}/", {"ends": f"{ended:%Y-%m-%dT%H:%M}"}, follow=True)
    assert "Saved." in text(response)
    patrol.refresh_from_db()
    assert patrol.period.upper == ended.replace(second=0, microsecond=0)
    assert "When did it really end?" not in text(own.get("/log/"))


@pytest.mark.parametrize("typed", ["", "yesterday", "0001-01-01T00:00", "2999-01-01T00:00"])
def test_an_end_that_cannot_be_stays_typed_with_a_sentence(own, officer, sector, typed):
    patrol = PatrolFactory(user=officer.user, sector=sector)
    response = own.post(f"/log/patrols/{patrol.uuid}/", {"ends": typed})
    assert response.status_code == 422
    assert f'value="{typed}"' in text(response) or not typed


def test_after_a_day_the_end_stays(own, officer, sector):
    patrol = PatrolFactory(user=officer.user, sector=sector, period=between(hours=(-30, -25)))
    assert "It stays as it is." in text(own.get(f"/log/patrols/{patrol.uuid}/"))
    response = own.post(f"/log/patrols/{patrol.uuid}/", {"ends": "2027-05-03T10:00"})
    assert response.status_code == 409


def test_the_share_is_shown_to_officers_and_heads_without_names(client, officer, sector):
    colleague = OfficerFactory(station=officer.station, user=UserFactory(name="Colleague Carlsen"))
    PatrolFactory(user=colleague.user, sector=sector)
    PatrolFactory(user=colleague.user, sector=sector, form="vehicle", period=between(hours=(-10, -4)))
    for user in (officer.user, head_of(officer.station)):
        client.force_login(user)
        page = text(client.get(f"/log/sectors/{sector.slug}/patrols/"))
        assert "<b>25 %</b> of the hours of the last 12 months" in page
        assert "Carlsen" not in page
        assert page.count('<th scope="row">') == 53 + 5


def test_the_pages_ask_the_database_few_questions(own, officer, sector, django_assert_max_num_queries):
    for hours in (30, 20, 10):
        PatrolFactory(user=officer.user, sector=sector, period=between(hours=(-hours, -hours + 2)))
    with django_assert_max_num_queries(12):
        own.get(f"/log/sectors/{sector.slug}/patrols/")
