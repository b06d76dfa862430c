"""What `/api/v1/sectors/<slug>` says of hours, notices and events, and what there is to take along."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from contacts.api.schemas import SectorDetailOut
from contacts.models import AnswerTime
from tests.factories import ContactHoursFactory, EventFactory, NoticeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    def get(slug: str = "broenshoej") -> dict:
        response = client.get(f"/api/v1/sectors/{slug}")
        SectorDetailOut.model_validate_json(response.content, strict=False, extra="forbid")
        return response.json()

    return get


def test_hours_are_told_with_their_next_days_and_place(ask, quarter):
    hours = ContactHoursFactory(
        sector=quarter.west,
        point=Point(12.5, 55.7, srid=4326),
        note_en="Ring twice.",
        note_da="Ring to gange.",
    )
    (told,) = ask()["hours"]
    today = timezone.localdate()
    assert told["next_days"] == [f"{day:%Y-%m-%d}" for day in hours.days(today, 60)[:6]]
    assert told["id"] == str(hours.uuid)
    assert (told["weekday"], told["week"], told["begins"], told["ends"]) == (2, None, "16:00", "18:00")
    assert told["position"] == {"lat": 55.7, "lon": 12.5}
    assert told["note"] == {"en": "Ring twice.", "da": "Ring to gange."}


def test_notices_and_events_are_told_in_both_languages(ask, quarter):
    notice = NoticeFactory(sector=quarter.west, published=True)
    EventFactory(station=quarter.station, sectors=[quarter.west], published=True)
    told = ask()
    assert [row["id"] for row in told["notices"]] == [str(notice.uuid)]
    assert told["notices"][0]["title"] == {"en": "An English title", "da": "En dansk overskrift"}
    (event,) = told["events"]
    assert event["text"] == {"en": "An English text.", "da": "En dansk tekst."}
    assert datetime.datetime.fromisoformat(event["begins_at"]) > timezone.now()
    assert (event["place"], event["position"], event["is_cancelled"]) == ("The square", None, False)
    assert ask("husum")["events"] == []


def test_what_is_not_public_is_not_told(ask, quarter):
    NoticeFactory(sector=quarter.west)
    NoticeFactory(
        sector=quarter.west, published=True, shown_until=timezone.now() - datetime.timedelta(hours=1)
    )
    EventFactory(station=quarter.station, sectors=[quarter.west])
    EventFactory(station=quarter.station, sectors=[quarter.west], published=True, is_internal=True)
    told = ask()
    assert (told["notices"], told["events"]) == ([], [])


@pytest.mark.parametrize("answered", [AnswerTime.FEWEST - 1, AnswerTime.FEWEST])
def test_how_long_people_wait_is_told_of_enough_messages_only(ask, quarter, answered):
    today = timezone.localdate()
    AnswerTime.objects.create(
        district=quarter.north, since=today, until=today, answered=answered, median_hours=20, p90_hours=60.5
    )
    expected = {"since": f"{today:%Y-%m-%d}", "answered": 5, "median_hours": 20.0, "p90_hours": 60.5}
    assert ask()["answer_time"] == (expected if answered == AnswerTime.FEWEST else None)


def test_all_that_there_is_to_take_along_is_there(ask, client, quarter):
    links = ask()["links"]
    for name, address in links.items():
        response = client.get(address.removeprefix("http://testserver"))
        assert response.status_code == 200, name


def test_a_vacant_sector_has_no_card(ask, quarter):
    told = ask("vanloese")
    assert told["officer"] is None
    assert told["links"]["card_vcf"] is None
    assert told["links"]["message"].endswith("/sectors/vanloese/message/")


def test_a_notice_that_appears_changes_what_stands_for_the_answer(client, quarter):
    before = client.get("/api/v1/sectors/broenshoej").headers["ETag"]
    NoticeFactory(sector=quarter.west, published=True)
    response = client.get("/api/v1/sectors/broenshoej", headers={"if-none-match": before})
    assert response.status_code == 200
    assert len(response.json()["notices"]) == 1


def test_a_warm_answer_costs_no_query(ask, quarter, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 3600
    ask()
    with django_assert_num_queries(0):
        ask()
