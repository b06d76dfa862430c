"""A station's rounds: made and changed by its head, so far as nobody has answered."""

import datetime

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from contacts.models import SurveyRound
from tests.contacts.survey_scene import answer
from tests.factories import (
    LeadershipFactory,
    StaffRoleFactory,
    StationFactory,
    SurveyRoundFactory,
    UserFactory,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

LIST, NEW = "/station/surveys/", "/station/surveys/new/"


@pytest.fixture
def head(quarter, client):
    user = head_of(quarter.station)
    client.force_login(user)
    return user


def day(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def typed(begins=10, ends=31, name="Spring", **more):
    return {"name": name, "opens_on": day(begins), "closes_on": day(ends), **more}


def text_of(response):
    return " ".join(response.content.decode().split())


# Making one


def test_the_stations_head_makes_a_round(quarter, head, client):
    response = client.post(NEW, typed())
    made = SurveyRound.objects.get()
    assert (made.station, made.created_by, made.opens_on) == (quarter.station, head, day(10))
    assert response.url == f"{LIST}{made.uuid}/"


def test_nobody_else_makes_or_changes_one(quarter, client):
    survey = SurveyRoundFactory(station=quarter.station)
    quarter.mette.user = UserFactory()
    quarter.mette.save()
    analyst = StaffRoleFactory(analyst=True, station=quarter.station).user
    for user in (head_of_district(quarter.north), quarter.mette.user, analyst):
        client.force_login(user)
        assert client.post(NEW, typed()).status_code == 404
        assert client.post(f"{LIST}{survey.uuid}/change/", typed()).status_code == 404
        assert NEW not in text_of(client.get(LIST))
    assert SurveyRound.objects.count() == 1


def test_who_heads_two_stations_says_which(quarter, head, client):
    other = StationFactory(name="Other Station")
    LeadershipFactory(station=other, user=head)
    assert client.post(NEW, typed()).status_code == 422
    assert client.post(NEW, typed(station=StationFactory().pk)).status_code == 422
    assert client.post(NEW, typed(station=other.pk)).status_code == 302
    assert SurveyRound.objects.get().station == other


def test_with_one_station_no_other_can_be_slipped_in(quarter, head, client):
    client.post(NEW, typed(station=StationFactory().pk))
    assert SurveyRound.objects.get().station == quarter.station


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ends": 9}, "closes_on", "Choose a later one"),
        ({"ends": 200}, "closes_on", "three months at most"),
        ({"begins": -20, "ends": -1}, "closes_on", "This day is over"),
        ({"begins": 800, "ends": 810}, "opens_on", "Check the year"),
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 61}, "name", "60"),
        ({"opens_on": ""}, "opens_on", "Say which day is the first."),
        ({"closes_on": "soon"}, "closes_on", "valid date"),
        ({"name": "Taken"}, "name", "has a round of this name already"),
        ({"begins": 100, "ends": 110}, "opens_on", "“Taken” lasts from"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_with_what_to_do(
    quarter, head, client, changes, field, words
):
    SurveyRoundFactory(station=quarter.station, name="Taken", opens_on=day(105), closes_on=day(120))
    response = client.post(NEW, typed(**changes))
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert words in form.errors[field][0]
    assert SurveyRound.objects.count() == 1


def test_the_very_next_day_is_free_and_another_stations_days_too(quarter, head, client):
    SurveyRoundFactory(station=quarter.station, opens_on=day(0), closes_on=day(9))
    SurveyRoundFactory(opens_on=day(0), closes_on=day(40), name="Spring")
    assert client.post(NEW, typed()).status_code == 302


def test_a_double_press_makes_one_round(quarter, head, client):
    answers = [client.post(NEW, typed()) for _time in range(2)]
    assert [response.status_code for response in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert SurveyRound.objects.count() == 1


def test_the_same_round_made_by_somebody_else_is_in_the_way(quarter, head, client):
    SurveyRoundFactory(station=quarter.station, name="Spring", opens_on=day(10), closes_on=day(31))
    response = client.post(NEW, typed())
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name", "opens_on"}


# Changing one


def changed(client, survey, **typed_in):
    address = f"{LIST}{survey.uuid}/change/"
    seen = client.get(address).context["form"]["seen"].value()
    return client.post(address, {"name": survey.name, "opens_on": survey.opens_on, "seen": seen} | typed_in)


def test_before_anybody_answers_all_of_it_changes(quarter, head, client):
    survey = SurveyRoundFactory(station=quarter.station)
    changed(client, survey, name="Later", opens_on=day(1), closes_on=day(2))
    survey.refresh_from_db()
    assert (survey.name, survey.opens_on, survey.closes_on) == ("Later", day(1), day(2))


def test_after_the_first_answer_the_first_day_stays_and_the_page_says_so(quarter, head, client):
    survey = SurveyRoundFactory(station=quarter.station)
    answer(survey, quarter.west, 1)
    response = changed(client, survey, name="Longer", opens_on=day(-1), closes_on=day(30))
    assert response.status_code == 302
    kept = SurveyRound.objects.get()
    assert (kept.name, kept.opens_on, kept.closes_on) == ("Longer", survey.opens_on, day(30))
    assert "there are answers already" in text_of(client.get(f"{LIST}{survey.uuid}/change/"))


def test_after_the_results_are_told_only_the_name_changes(quarter, head, client):
    survey = SurveyRoundFactory(station=quarter.station, past=True)
    answer(survey, quarter.west, 1)
    changed(client, survey, name="Renamed", closes_on=day(30))
    kept = SurveyRound.objects.get()
    assert (kept.name, kept.closes_on) == ("Renamed", survey.closes_on)


@pytest.mark.parametrize(("ago", "is_kept"), [(21, False), (22, True)])
def test_the_last_day_moves_until_the_results_are_told(quarter, head, client, ago, is_kept):
    survey = SurveyRoundFactory(station=quarter.station, opens_on=day(-40), closes_on=day(-ago))
    answer(survey, quarter.west, 1)
    changed(client, survey, closes_on=day(3))
    assert SurveyRound.objects.get().closes_on == (survey.closes_on if is_kept else day(3))


def test_a_round_in_the_way_is_named_at_the_day_that_can_move(quarter, head, client):
    survey = SurveyRoundFactory(station=quarter.station)
    SurveyRoundFactory(station=quarter.station, name="Next", opens_on=day(20), closes_on=day(40))
    answer(survey, quarter.west, 1)
    response = changed(client, survey, closes_on=day(21))
    assert response.status_code == 422
    assert "Next" in response.context["form"].errors["closes_on"][0]


def test_of_two_who_change_the_second_is_told_and_keeps_what_was_typed(quarter, head, client):
    survey = SurveyRoundFactory(station=quarter.station)
    address = f"{LIST}{survey.uuid}/change/"
    seen = client.get(address).context["form"]["seen"].value()
    SurveyRound.objects.filter(pk=survey.pk).update(name="By somebody else")
    mine = typed(name="Mine", begins=1, ends=5, seen=seen)
    response = client.post(address, mine)
    assert response.status_code == 409
    text = text_of(response)
    assert 'value="Mine"' in text
    assert "By somebody else" in text
    mine["seen"] = response.context["form"]["seen"].value()
    assert client.post(address, mine).status_code == 302


# The list


def test_open_ones_stand_first_then_those_to_come_then_those_that_are_over(quarter, head, client):
    SurveyRoundFactory(station=quarter.station, past=True, name="Gone")
    SurveyRoundFactory(station=quarter.station, opens_on=day(50), name="Coming")
    survey = SurveyRoundFactory(station=quarter.station, name="Now")
    SurveyRoundFactory(name="Foreign")
    answer(survey, quarter.west, 7)
    response = client.get(LIST)
    assert [(row.survey.name, row.answers) for row in response.context["rows"]] == [
        ("Now", 7),
        ("Coming", None),
        ("Gone", None),
    ]
    assert "7 answers" in text_of(response)


@pytest.mark.parametrize(("ago", "is_said"), [(1, True), (21, True), (22, False)])
def test_of_a_round_that_is_over_the_list_says_from_when_its_results_are_told(
    quarter, head, client, ago, is_said
):
    SurveyRoundFactory(station=quarter.station, opens_on=day(-50), closes_on=day(-ago))
    words = f"results from {date_format(day(22 - ago), 'DATE_FORMAT')}"
    assert (words in text_of(client.get(LIST))) is is_said


def test_the_list_tells_no_number_from_which_a_hidden_sectors_follows(quarter, head, client):
    survey = SurveyRoundFactory(station=quarter.station)
    answer(survey, quarter.west, 7)
    answer(survey, quarter.mid, 3)
    assert client.get(LIST).context["rows"][0].answers == 7


def test_an_empty_list_says_who_begins(quarter, head, client):
    assert "Make the first one" in text_of(client.get(LIST))
    client.force_login(head_of_district(quarter.north))
    assert "The station's head makes the first one" in client.get(LIST).content.decode().replace(
        "&#x27;", "'"
    )


def test_the_list_costs_the_same_however_many_rounds(quarter, head, client, django_assert_max_num_queries):
    for number in range(30):
        opens_on = day(-40 * number)
        survey = SurveyRoundFactory(station=quarter.station, opens_on=opens_on)
        answer(survey, quarter.west, 5)
    client.get(LIST)
    with django_assert_max_num_queries(8):
        response = client.get(LIST)
    assert len(response.context["rows"]) == 25


# What leads to them


def test_the_stations_sectors_lead_to_the_surveys(quarter, head, client):
    assert f'href="{LIST}"' in client.get("/station/").content.decode()


def test_a_sectors_page_of_staff_leads_to_the_open_round_only(quarter, head, client):
    address = f"/station/sectors/{quarter.west.slug}/public/"
    SurveyRoundFactory(station=quarter.station, past=True)
    assert "/station/surveys/" not in client.get(address).content.decode()
    survey = SurveyRoundFactory(station=quarter.station)
    assert f"{LIST}{survey.uuid}/" in client.get(address).content.decode()
