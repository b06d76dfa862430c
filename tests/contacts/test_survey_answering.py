"""A citizen answers the survey of a sector: anonymous, once for each form, and nothing chosen is lost."""

import datetime
import html
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from audit.models import Change, ReadEntry
from contacts.models import RequestCount, SurveyAnswer, SurveyRound
from contacts.views.surveys import answering
from sectors.snapshot import Snapshot
from tests.factories import StationFactory, SurveyRoundFactory
from tests.handbook.editing_desk import at_once

PATH = "/sectors/broenshoej/survey/"
FORM = "application/x-www-form-urlencoded"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def survey(quarter) -> SurveyRound:
    return SurveyRoundFactory(station=quarter.station, name="Canary round")


def text_of(response) -> str:
    return html.unescape(" ".join(response.content.decode().split()))


def token_on(response) -> str:
    return re.search(r'name="form_token" value="([^"]+)"', text_of(response))[1]


def send(client, token: str | None = None, path: str = PATH, **answers: str):
    if token is None:
        token = token_on(client.get(path))
    return client.post(path, urlencode(answers | {"form_token": token}), FORM)


def checked(response) -> set[tuple[str, str]]:
    return set(re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', text_of(response)))


ALL = {"knows_officer": "yes", "has_met": "no", "feels_safe": "rather"}


def test_answers_are_kept_and_thanked_for_on_a_page_of_its_own(client, survey, quarter):
    response = send(client, **ALL)
    assert (response.status_code, response["Location"]) == (303, f"{PATH}?sent")
    kept = SurveyAnswer.objects.get()
    assert (kept.round, kept.sector, kept.channel) == (survey, quarter.west, "online")
    assert (kept.knows_officer, kept.has_met, kept.feels_safe) == (True, False, "rather")
    assert "Thank you for your answers." in text_of(client.get(response["Location"]))


def test_the_officer_is_named_after_the_answer_and_not_before(client, survey):
    page = client.get(PATH)
    refused = send(client)
    for response in (page, refused):
        assert "Mette" not in text_of(response)
        assert "+45 11 11 11 11" not in text_of(response)
    thanks = text_of(client.get(f"{PATH}?sent"))
    assert "Mette Holm" in thanks
    assert 'href="tel:+4511111111"' in thanks
    assert 'href="/sectors/broenshoej/message/"' in thanks


def test_a_vacant_sector_thanks_with_its_district(client, survey):
    page = text_of(client.get("/sectors/vanloese/survey/?sent"))
    assert "South" in page
    assert "+45 00 00 22 22" in page


@pytest.mark.parametrize(("question", "said"), ALL.items())
def test_the_other_questions_may_be_left_out(client, survey, question, said):
    assert send(client, **{question: said}).status_code == 303
    kept = SurveyAnswer.objects.get()
    assert [kept.knows_officer, kept.has_met, kept.feels_safe].count(None) + (not kept.feels_safe) == 2


def test_nothing_answered_asks_for_one_of_them(client, survey):
    response = send(client)
    assert response.status_code == 422
    assert "Answer one of the questions." in text_of(response)
    assert 'href="#id_knows_officer_0"' in text_of(response)
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize("nonsense", ["maybe", "True", "x" * 10_000, "\ufffd"])
@pytest.mark.parametrize("question", ALL)
def test_what_is_no_answer_is_refused_and_the_others_are_kept(client, survey, question, nonsense):
    response = send(client, **(ALL | {question: nonsense}))
    assert response.status_code == 422
    assert "Choose one of the answers." in text_of(response)
    assert checked(response) == {(name, said) for name, said in ALL.items() if name != question}
    assert not SurveyAnswer.objects.exists()


def test_the_same_form_sent_twice_is_one_answer(client, survey):
    token = token_on(client.get(PATH))
    for said in ("yes", "no"):
        assert send(client, token, knows_officer=said).status_code == 303
    assert SurveyAnswer.objects.get().knows_officer is True


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_is_one_answer(quarter):
    SurveyRoundFactory(station=quarter.station)
    token = token_on(Client().get(PATH))
    found = at_once(*[lambda: send(Client(), token, **ALL).status_code] * 2)
    assert found == [303, 303]
    assert SurveyAnswer.objects.count() == 1


def test_two_people_at_one_device_are_two_answers(client, survey):
    for _ in range(2):
        assert send(client, **ALL).status_code == 303
    assert SurveyAnswer.objects.count() == 2


@pytest.mark.parametrize("token", ["", "x", "a.b.c:d", "\0"])
def test_a_form_without_a_token_of_this_site_comes_back_and_can_be_sent(client, survey, token):
    response = send(client, token, **ALL)
    assert response.status_code == 422
    assert "Nothing is lost: press Send once more." in text_of(response)
    assert checked(response) == set(ALL.items())
    assert send(client, token_on(response), **ALL).status_code == 303


def test_an_old_form_comes_back_with_what_was_chosen_and_a_new_token(client, survey):
    token = token_on(client.get(PATH))
    with time_machine.travel(timezone.now() + 2 * DAY):
        response = send(client, token, **ALL)
        assert response.status_code == 422
        assert checked(response) == set(ALL.items())
        assert token_on(response) != token
        assert send(client, token_on(response), **ALL).status_code == 303
    assert SurveyAnswer.objects.count() == 1


def test_an_old_form_that_was_counted_is_thanked_for_not_counted_again(client, survey):
    token = token_on(client.get(PATH))
    send(client, token, **ALL)
    with time_machine.travel(timezone.now() + 2 * DAY):
        assert send(client, token, **ALL).status_code == 303
    assert SurveyAnswer.objects.count() == 1


def test_a_form_of_another_sector_does_not_count_here(client, survey):
    foreign = token_on(client.get("/sectors/husum/survey/"))
    assert send(client, foreign, **ALL).status_code == 422
    assert not SurveyAnswer.objects.exists()


def test_too_many_from_one_address_keep_their_answers_and_are_told_when_to_come_again(client, survey):
    noon = (timezone.now() + DAY).replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=False):
        for _ in range(answering.MOST_A_DAY):
            assert send(client, **ALL).status_code == 303
        response = send(client, **ALL)
        assert response.status_code == 429
        assert checked(response) == set(ALL.items())
        assert "too many answers from here" in text_of(response)
        assert int(response["Retry-After"]) == 12 * 3600 + 1
        # What was counted is thanked for again; the next sector's people share the network, not the limit.
        assert send(client, path="/sectors/husum/survey/", **ALL).status_code == 303
    assert SurveyAnswer.objects.count() == answering.MOST_A_DAY + 1


def test_who_corrects_a_form_is_not_counted_for_the_mistakes(client, survey):
    for _ in range(answering.MOST_A_DAY + 1):
        send(client)
    assert send(client, **ALL).status_code == 303


def test_what_counts_the_answers_does_not_know_the_address(client, survey):
    send(client, **ALL)
    (count,) = RequestCount.objects.filter(what="survey")
    assert "127.0.0.1" not in str(count.who)
    assert re.fullmatch(r"[0-9a-f]{32}", count.who)


def test_without_an_open_round_the_page_says_so_and_leads_to_the_sector(client, quarter):
    SurveyRoundFactory(station=quarter.station, past=True)
    SurveyRoundFactory(station=quarter.station, opens_on=timezone.localdate() + DAY)
    SurveyRoundFactory(station=StationFactory())
    response = client.get(PATH)
    assert response.status_code == 200
    assert "There is no survey at the moment" in text_of(response)
    assert 'href="/sectors/broenshoej/"' in text_of(response)
    assert "<form" not in text_of(response)


def test_first_and_last_day_are_open(client, quarter):
    survey = SurveyRoundFactory(station=quarter.station, opens_on=timezone.localdate() + 2 * DAY)
    for day, is_open in (
        (survey.opens_on - DAY, False),
        (survey.opens_on, True),
        (survey.closes_on, True),
        (survey.closes_on + DAY, False),
    ):
        noon = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
        with time_machine.travel(noon, tick=False):
            assert ("<form" in text_of(client.get(PATH))) == is_open


def test_a_form_that_comes_after_the_last_day_is_told_so(client, survey):
    token = token_on(client.get(PATH))
    SurveyRound.objects.update(closes_on=timezone.localdate() - DAY)
    response = send(client, token, **ALL)
    assert response.status_code == 409
    assert "The survey is over" in text_of(response)
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize("slug", ["nowhere", "x" * 300])
def test_there_is_no_survey_where_there_is_no_sector(client, survey, slug):
    assert client.get(f"/sectors/{slug}/survey/").status_code == 404
    assert send(client, "x", f"/sectors/{slug}/survey/", **ALL).status_code == 404


def test_no_cookie_no_cache_no_list_and_no_name_of_the_round(client, survey):
    for response in (client.get(PATH), client.get(f"{PATH}?sent"), send(client), send(client, **ALL)):
        assert not response.cookies
        assert response["Cache-Control"] == "private, no-cache"
        assert response["X-Robots-Tag"] == "noindex"
        assert "Canary" not in text_of(response)


def test_nothing_is_noted_of_who_answers_or_when(client, survey):
    changes = Change.objects.count()
    send(client, **ALL)
    assert Change.objects.count() == changes
    assert not ReadEntry.objects.exists()
    assert {column.name for column in SurveyAnswer._meta.get_fields()} == {
        "id",
        "round",
        "sector",
        "knows_officer",
        "has_met",
        "feels_safe",
        "channel",
    }


def test_the_page_takes_one_query_once_warm(client, survey, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    client.get(f"{PATH}?sent")
    with django_assert_num_queries(1):  # the open round
        client.get(PATH)
    with django_assert_num_queries(0):
        client.get(f"{PATH}?sent")


@pytest.mark.parametrize("begins", [False, True], ids=["warm", "a process that has just begun"])
def test_while_the_database_is_away_what_was_chosen_stays_on_the_page(client, survey, begins):
    def fail(*args):
        raise OperationalError("connection refused")

    token = token_on(client.get(PATH))
    if begins:
        Snapshot.forget_all()
    with connection.execute_wrapper(fail):
        shown, response = client.get(PATH), send(client, token, **ALL)
    assert shown.status_code == response.status_code == 503
    assert response["Retry-After"] == "30"
    assert checked(response) == set(ALL.items())
    assert send(client, token_on(response), **ALL).status_code == 303
    assert SurveyAnswer.objects.count() == 1


def test_a_row_that_the_database_refuses_is_kept_on_the_page_and_stands_in_no_log(client, survey, log_lines):
    token = token_on(client.get(PATH))
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE contacts_surveyanswer ADD CONSTRAINT none_kept CHECK (feels_safe <> 'hardly')"
        )
    response = send(client, token, feels_safe="hardly")
    assert response.status_code == 503
    assert checked(response) == {("feels_safe", "hardly")}
    assert "none_kept" in log_lines()
    assert "hardly" not in log_lines()


def test_a_form_that_is_none_is_refused(client, survey):
    assert client.post(PATH, "{}", content_type="application/json").status_code == 415
    assert client.post(PATH, "x" * 600_000, FORM).status_code == 413


# The link on the sector's page


def test_the_sectors_page_links_to_the_survey_while_it_is_open(client, quarter):
    def links() -> bool:
        return f'href="{PATH}"' in text_of(client.get("/sectors/broenshoej/"))

    assert not links()
    survey = SurveyRoundFactory(station=quarter.station)
    assert links()
    survey.closes_on = timezone.localdate() - DAY
    survey.save()
    assert not links()


def test_the_link_goes_and_comes_with_the_clock_alone(client, quarter, settings):
    survey = SurveyRoundFactory(station=quarter.station, opens_on=timezone.localdate() + 2 * DAY)
    settings.REGISTER_RECHECK_SECONDS = 3600.0
    for day, is_open in (
        (survey.opens_on - DAY, False),
        (survey.opens_on, True),
        (survey.closes_on, True),
        (survey.closes_on + DAY, False),
    ):
        with time_machine.travel(datetime.datetime.combine(day, datetime.time(12), datetime.UTC), tick=False):
            assert (f'href="{PATH}"' in text_of(client.get("/sectors/broenshoej/"))) == is_open


def test_the_sectors_page_still_needs_no_query(client, survey, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    client.get("/sectors/broenshoej/")
    with django_assert_num_queries(0):
        assert f'href="{PATH}"' in text_of(client.get("/sectors/broenshoej/"))
