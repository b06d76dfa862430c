"""Answers on paper: typed in by who works in the sector and its heads, while the round takes them."""

import datetime
import uuid

import pytest
from django.utils import timezone

from contacts.models import SurveyAnswer
from contacts.surveys.rounds import DAYS_FOR_PAPER
from tests.factories import (
    SectorFactory,
    StaffRoleFactory,
    SurveyRoundFactory,
    UserFactory,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(quarter):
    return SurveyRoundFactory(station=quarter.station)


@pytest.fixture
def officer(quarter, client):
    quarter.mette.user = UserFactory()
    quarter.mette.save()
    client.force_login(quarter.mette.user)
    return quarter.mette.user


def paper(survey, sector):
    return f"/station/surveys/{survey.uuid}/sectors/{sector.slug}/paper/"


def sheet(**said):
    return {"key": uuid.uuid4(), "knows_officer": "yes", "has_met": "no", "feels_safe": "rather", **said}


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_sheet_is_one_answer_on_paper_and_the_next_form_is_empty(quarter, survey, officer, client):
    address = paper(survey, quarter.west)
    key = client.get(address).context["key"]
    response = client.post(address, sheet(key=key), follow=True)
    answer = SurveyAnswer.objects.get()
    assert (answer.pk, answer.round, answer.sector, answer.channel) == (key, survey, quarter.west, "paper")
    assert (answer.knows_officer, answer.has_met, answer.feels_safe) == (True, False, "rather")
    assert response.context["key"] != key
    assert not response.context["form"].is_bound


def test_the_same_sheet_sent_twice_is_one_answer(quarter, survey, officer, client):
    same = sheet()
    for _time in range(2):
        response = client.post(paper(survey, quarter.west), same, follow=True)
    assert SurveyAnswer.objects.count() == 1
    assert "1 sheet of this sector typed in by you today" in text_of(response)


def test_sheets_of_today_are_counted_by_sector(quarter, survey, client):
    client.force_login(head_of(quarter.station))
    for sector in (quarter.west, quarter.west, quarter.mid):
        client.post(paper(survey, sector), sheet())
    assert client.get(paper(survey, quarter.west)).context["count"] == 2
    assert client.get(paper(survey, quarter.mid)).context["count"] == 1
    assert client.get(paper(survey, quarter.vacant)).context["count"] == 0


def test_yesterdays_sheets_are_not_counted_today(quarter, survey, officer, client, time_machine):
    client.post(paper(survey, quarter.west), sheet())
    time_machine.move_to(timezone.now() + datetime.timedelta(days=1))
    client.force_login(officer)
    client.post(paper(survey, quarter.west), sheet())
    assert client.get(paper(survey, quarter.west)).context["count"] == 1


def test_questions_left_out_are_no_answer(quarter, survey, officer, client):
    client.post(paper(survey, quarter.west), sheet(knows_officer="", feels_safe=""))
    answer = SurveyAnswer.objects.get()
    assert (answer.knows_officer, answer.has_met, answer.feels_safe) == (None, False, "")


@pytest.mark.parametrize(
    "said",
    [
        {"knows_officer": "", "has_met": "", "feels_safe": ""},
        {"knows_officer": "perhaps"},
        {"feels_safe": "very\x00"},
        {"key": "no number"},
        {"key": ""},
    ],
)
def test_what_is_no_sheet_is_refused_and_kept_on_the_page(quarter, survey, officer, client, said):
    response = client.post(paper(survey, quarter.west), sheet(**said))
    assert response.status_code == 422
    assert 'role="alert"' in text_of(response)
    assert response.context["form"].data["has_met"] == said.get("has_met", "no")
    assert not SurveyAnswer.objects.exists()


def test_a_form_that_lost_its_number_is_saved_at_the_next_press(quarter, survey, officer, client):
    response = client.post(paper(survey, quarter.west), sheet(key=""))
    assert "press Save once more" in text_of(response)
    client.post(paper(survey, quarter.west), sheet(key=response.context["key"]))
    assert SurveyAnswer.objects.count() == 1


def round_of(quarter, begins, ends):
    today = timezone.localdate()
    return SurveyRoundFactory(
        station=quarter.station,
        opens_on=today + datetime.timedelta(days=begins),
        closes_on=today + datetime.timedelta(days=ends),
    )


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (1, 9, "Keep them until then"),
        (-90, -DAYS_FOR_PAPER - 1, "What comes later is not counted"),
    ],
)
def test_before_the_first_day_and_three_weeks_after_the_last_nothing_is_taken(
    quarter, officer, client, begins, ends, words
):
    survey = round_of(quarter, begins, ends)
    address = paper(survey, quarter.west)
    page = client.get(address)
    assert words in text_of(page)
    assert "data-survey-paper" not in text_of(page)
    response = client.post(address, sheet())
    assert response.status_code == 409
    assert words in text_of(response)
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize(("begins", "ends"), [(0, 0), (-90, -DAYS_FOR_PAPER)])
def test_on_the_first_day_and_three_weeks_after_the_last_it_is_taken(quarter, officer, client, begins, ends):
    assert client.post(paper(round_of(quarter, begins, ends), quarter.west), sheet()).status_code == 302


def test_an_officer_types_in_nothing_of_other_sectors(quarter, survey, officer, client):
    assert client.get(paper(survey, quarter.mid)).status_code == 404
    assert client.post(paper(survey, quarter.mid), sheet()).status_code == 404


def test_heads_type_in_what_they_head_analysts_nothing(quarter, survey, client):
    client.force_login(head_of_district(quarter.north))
    assert client.post(paper(survey, quarter.west), sheet()).status_code == 302
    assert client.post(paper(survey, quarter.vacant), sheet()).status_code == 404
    client.force_login(StaffRoleFactory(analyst=True, station=quarter.station).user)
    assert client.post(paper(survey, quarter.west), sheet()).status_code == 404
    assert SurveyAnswer.objects.count() == 1


def test_a_round_and_a_sector_of_two_stations_do_not_go_together(quarter, survey, client):
    client.force_login(head_of(quarter.station))
    foreign = SectorFactory()
    assert client.post(paper(survey, foreign), sheet()).status_code == 404
    other = SurveyRoundFactory(station=foreign.station)
    assert client.post(paper(other, quarter.west), sheet()).status_code == 404
