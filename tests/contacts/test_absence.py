"""What the public sees while an officer is away: who answers instead, until when, or whom to call."""

import datetime
import json

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from contacts.templatetags.public_site import last_day
from officers.absence import PlannedCover, end_absence, enter_absence
from officers.models import User
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    OfficerFactory,
    UserFactory,
    middle,
)

BEGINS = datetime.datetime(2027, 11, 28, 7, tzinfo=datetime.UTC)
ENDS = datetime.datetime(2027, 12, 5, 7, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


def detail(client, slug: str = "broenshoej") -> str:
    return " ".join(client.get(f"/sectors/{slug}/").content.decode().split())


@pytest.fixture
def away(quarter):
    """Mette, who is responsible for the western sector, is away."""
    return AbsenceFactory(officer=quarter.mette, period=DateTimeTZRange(BEGINS, ENDS))


@pytest.fixture
def covered(quarter, away):
    """Jonas covers, for the whole time."""
    return CoverFactory(absence=away, sector=quarter.west, officer=quarter.jonas)


@pytest.fixture
def during(covered):
    with time_machine.travel(BEGINS, tick=False):
        yield


def test_cover_is_named_first_with_telephone_and_the_absent_officers_return(client, quarter, during):
    page = detail(client)
    assert "In place of Mette Holm in Brønshøj" in page
    assert page.index('<span class="officer-name">Jonas Berg') < page.index('href="tel:+4522222222"')
    assert "Mette Holm, your police officer, is away until 5 December 2027." in page
    assert "Until then Jonas Berg answers for this sector." in page
    assert "tel:+4511111111" not in page


def test_cover_that_ends_before_the_absence_says_its_own_day(client, quarter, away):
    period = DateTimeTZRange(BEGINS, ENDS - 2 * datetime.timedelta(days=1))
    CoverFactory(absence=away, sector=quarter.west, officer=quarter.jonas, period=period)
    with time_machine.travel(BEGINS, tick=False):
        assert "Until 3 December 2027 Jonas Berg answers for this sector." in detail(client)
    with time_machine.travel(period.upper, tick=False):
        page = detail(client)
    assert "Meanwhile North East takes care of you." in page
    assert "Mette Holm, your police officer, is away until 5 December 2027." in page


def test_open_absence_promises_no_day(client, quarter):
    absence = AbsenceFactory(officer=quarter.mette, period=DateTimeTZRange(timezone.now(), None))
    CoverFactory(absence=absence, sector=quarter.west, officer=quarter.jonas)
    page = detail(client)
    assert "Mette Holm, your police officer, is away at the moment." in page
    assert "Meanwhile Jonas Berg answers for this sector." in page


def test_stand_in_answers_where_nobody_covers(client, quarter, away):
    AssignmentFactory(sector=quarter.west, officer__name="Stine Dam", attached=True, is_stand_in=True)
    with time_machine.travel(BEGINS, tick=False):
        page = detail(client)
    assert '<span class="officer-name">Stine Dam' in page
    assert "Until then Stine Dam answers for this sector." in page
    assert "Also at work here" not in page


def test_stand_in_of_a_vacant_sector_answers_until_somebody_is_appointed(client, quarter):
    AssignmentFactory(sector=quarter.vacant, officer__name="Stine Dam", attached=True, is_stand_in=True)
    page = detail(client, "vanloese")
    assert '<span class="officer-name">Stine Dam' in page
    assert "Takes care of this sector until an officer is appointed to it." in page


def test_district_answers_where_nobody_does(client, quarter, away):
    with time_machine.travel(BEGINS, tick=False):
        page = detail(client)
    assert '<span class="officer-name">North East' in page
    assert "Mette Holm, your police officer, is away until 5 December 2027." in page
    assert 'href="tel:+4500002000"' in page


def test_lists_say_who_answers_in_whose_place(client, quarter, during):
    for url in ("/", "/sectors/", "/map/", "/sectors/husum/", "/sectors/?q=mette"):
        page = " ".join(client.get(url).content.decode().split())
        assert "Jonas Berg, in place of Mette Holm" in page, url


def test_list_says_that_an_officer_is_away(client, away):
    with time_machine.travel(BEGINS, tick=False):
        assert "Mette Holm is away" in client.get("/sectors/").content.decode()


def locate(client) -> dict:
    lon, lat = middle(0)
    response = client.get("/api/v1/locate", {"lat": lat, "lon": lon})
    return json.loads(response.content)["officer"]


def test_page_interface_and_rights_follow_at_the_minute_it_begins_and_ends(client, quarter, covered):
    """A cover from another district: nobody does anything at its beginning, nobody at its end."""
    user = quarter.jonas.user = UserFactory()
    quarter.jonas.save()
    for instant, name, is_cover in (
        (BEGINS - SECOND, "Mette Holm", False),
        (BEGINS, "Jonas Berg", True),
        (ENDS - SECOND, "Jonas Berg", True),
        (ENDS, "Mette Holm", False),
    ):
        with time_machine.travel(instant, tick=False):
            officer = locate(client)
            assert (officer["name"], officer["is_cover"]) == (name, is_cover)
            assert f'<span class="officer-name">{name}' in detail(client)
            standing = User.objects.get(pk=user.pk).standing
            assert (quarter.west.pk in standing.covering) is is_cover


def test_cover_until_is_the_covers_end_as_iso_8601(client, during):
    assert locate(client)["cover_until"] == "2027-12-05T07:00:00+00:00"


def test_etag_changes_at_the_very_instant(client, covered):
    with time_machine.travel(BEGINS - SECOND, tick=False):
        before = client.get("/sectors/broenshoej/")["ETag"]
        unchanged = client.get("/sectors/broenshoej/", headers={"If-None-Match": before})
    assert unchanged.status_code == 304
    with time_machine.travel(BEGINS, tick=False):
        assert client.get("/sectors/broenshoej/", headers={"If-None-Match": before}).status_code == 200
    with time_machine.travel(ENDS, tick=False):
        assert client.get("/sectors/broenshoej/", headers={"If-None-Match": before}).status_code == 304


def test_officer_back_early_is_shown_at_once(client, quarter):
    period = DateTimeTZRange(timezone.now(), timezone.now() + datetime.timedelta(days=3))
    absence = enter_absence(quarter.mette, period, [PlannedCover(quarter.west, quarter.jonas, period)])
    assert locate(client)["name"] == "Jonas Berg"
    end_absence(absence, timezone.now())
    assert locate(client)["name"] == "Mette Holm"


def test_cover_by_somebody_who_falls_ill_is_not_shown(client, quarter, during):
    AbsenceFactory(officer=quarter.jonas, period=DateTimeTZRange(BEGINS, ENDS))
    assert locate(client) is None
    assert '<span class="officer-name">North East' in detail(client)


def test_pages_with_a_cover_need_no_query_once_warm(client, during, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    with django_assert_num_queries(4):  # the register's version, the division, the dated rows, what is told
        client.get("/sectors/broenshoej/")
    with django_assert_num_queries(0):
        client.get("/sectors/broenshoej/")


@pytest.mark.parametrize(
    ("until", "day"),
    [
        ("2027-12-05T07:00+00:00", "2027-12-05"),
        ("2027-12-04T23:00+00:00", "2027-12-04"),  # midnight in Copenhagen
        ("2027-12-04T23:01+00:00", "2027-12-05"),
    ],
)
def test_midnight_ends_the_day_before(until, day):
    assert last_day(datetime.datetime.fromisoformat(until)).isoformat() == day


def test_colleague_who_is_away_is_not_said_to_be_at_work(client, quarter):
    colleague = OfficerFactory(name="Ulrik Dam")
    AssignmentFactory(sector=quarter.west, officer=colleague, attached=True)
    assert "Ulrik Dam" in detail(client)
    AbsenceFactory(officer=colleague)
    assert "Ulrik Dam" not in detail(client)
