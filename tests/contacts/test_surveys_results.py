"""What came of a round: shares beside the round before; what fewer than five said is told to nobody."""

import datetime
import uuid

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from audit.models import ReadEntry
from contacts.surveys.results import Question, answers_told, results_of
from tests.contacts.survey_scene import answer
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    SectorFactory,
    StaffRoleFactory,
    StationFactory,
    SurveyRoundFactory,
    UserFactory,
    division_of,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(quarter):
    """A round that is over."""
    return SurveyRoundFactory(station=quarter.station, past=True)


@pytest.fixture
def earlier(quarter, survey):
    return SurveyRoundFactory(
        station=quarter.station,
        opens_on=survey.opens_on - datetime.timedelta(days=180),
        name="The one before",
    )


@pytest.fixture
def head(quarter, client):
    user = head_of(quarter.station)
    client.force_login(user)
    return user


def address(survey, end=""):
    return f"/station/surveys/{survey.uuid}/{end}"


def sectors(quarter):
    return [quarter.west, quarter.mid, quarter.vacant]


def share(row, question=Question.KNOWS):
    return next(one for one in row.shares if one.question == question)


def text_of(response):
    return " ".join(response.content.decode().split())


# Shares, and the round before


def test_a_share_is_of_those_who_answered_the_question(quarter, survey):
    answer(survey, quarter.west, 6, yes=3)
    answer(survey, quarter.west, 4, knows_officer=None, has_met=True, feels_safe="rather")
    row = results_of(survey, [quarter.west]).rows[0]
    assert row.answers == 10
    assert share(row).percent == 50
    assert share(row, Question.MET).percent == 40
    assert share(row, Question.SAFE).percent == 40


@pytest.mark.parametrize(("said", "percent"), [("very", 100), ("rather", 100), ("hardly", 0), ("not", 0)])
def test_very_and_rather_are_safe(quarter, survey, said, percent):
    answer(survey, quarter.west, 5, feels_safe=said)
    row = results_of(survey, [quarter.west]).rows[0]
    assert share(row, Question.SAFE).percent == percent


def test_the_difference_to_the_round_before_is_in_points(quarter, survey, earlier, head, client):
    answer(earlier, quarter.west, 10, yes=4, has_met=True)
    answer(survey, quarter.west, 10, yes=6, has_met=False)
    row = results_of(survey, [quarter.west]).rows[0]
    assert [share(row, one).difference for one in Question] == [20, -100, 0]
    text = text_of(client.get(address(survey)))
    assert "20 points more" in text
    assert "100 points less" in text
    assert "as before" in text
    assert "The one before" in text


def test_only_the_stations_own_round_just_before_is_compared_with(quarter, survey, earlier):
    older = SurveyRoundFactory(
        station=quarter.station, opens_on=earlier.opens_on - datetime.timedelta(days=100)
    )
    foreign = SurveyRoundFactory(opens_on=survey.opens_on - datetime.timedelta(days=30))
    answer(older, quarter.west, 10, yes=10)
    answer(foreign, SectorFactory(district=DistrictFactory(station=foreign.station)), 10, yes=10)
    answer(survey, quarter.west, 10, yes=6)
    results = results_of(survey, [quarter.west])
    assert results.before == earlier
    assert share(results.rows[0]).difference is None
    assert share(results.total).percent == 60


def test_a_first_round_says_that_there_is_nothing_before_it(quarter, survey, head, client):
    answer(survey, quarter.west, 5)
    assert "This is the first round" in text_of(client.get(address(survey)))


# Small numbers


def test_four_answers_are_told_neither_in_number_nor_in_share(quarter, survey, head, client):
    answer(survey, quarter.west, 4, yes=4)
    answer(survey, quarter.mid, 5, yes=0)
    west, mid, _vacant = results_of(survey, sectors(quarter)).rows
    assert west.answers is None
    assert {one.percent for one in west.shares} == {None}
    assert mid.answers == 5
    assert share(mid).percent == 0
    assert "fewer than 5" in text_of(client.get(address(survey)))


def test_a_question_that_four_answered_is_not_told_beside_one_that_ten_answered(quarter, survey):
    answer(survey, quarter.west, 4, yes=4)
    answer(survey, quarter.west, 6, knows_officer=None)
    row = results_of(survey, [quarter.west]).rows[0]
    assert share(row).percent is None
    assert share(row, Question.MET).percent == 0


def test_what_is_hidden_cannot_be_worked_out_from_the_station(quarter, survey):
    answer(survey, quarter.west, 4, yes=4)
    answer(survey, quarter.mid, 6, yes=0)
    answer(survey, quarter.vacant, 10, yes=0)
    total = results_of(survey, sectors(quarter)).total
    assert total.answers == 16
    assert share(total).percent == 0


def test_hidden_sectors_that_are_enough_together_count_in_the_station(quarter, survey):
    answer(survey, quarter.west, 4, yes=4)
    answer(survey, quarter.mid, 4, yes=4)
    answer(survey, quarter.vacant, 8, yes=0)
    total = results_of(survey, sectors(quarter)).total
    assert total.answers == 16
    assert share(total).percent == 50


# Whoever types in the sheets knows what is on them, and can invent some


def test_invented_sheets_on_top_of_three_online_answers_tell_none_of_them(
    quarter, survey, earlier, head, client
):
    for asked in (survey, earlier):
        answer(asked, quarter.west, 3, yes=1)
        answer(asked, quarter.west, 2, channel="paper")
        answer(asked, quarter.mid, 10, yes=10)
    results = results_of(survey, sectors(quarter))
    assert results.rows[0].answers == 5
    assert {(one.percent, one.before) for one in results.rows[0].shares} == {(None, None)}
    assert (share(results.total).percent, share(results.total).before) == (100, 100)
    assert "20 %" not in text_of(client.get(address(survey)))
    _head, _total, west, *_rest = client.get(address(survey, "results.csv")).content.decode().splitlines()
    assert west.endswith(",5,,,,,,,,,,,")


def test_forty_sheets_do_not_make_four_online_answers_enough(quarter, survey):
    answer(survey, quarter.west, 4, yes=4)
    answer(survey, quarter.west, 40, channel="paper")
    results = results_of(survey, sectors(quarter))
    assert (share(results.rows[0]).percent, share(results.total).percent) == (None, None)


def test_sheets_count_beside_five_online_answers_and_where_nobody_answered_online(quarter, survey):
    answer(survey, quarter.west, 5, yes=2)
    answer(survey, quarter.west, 3, channel="paper")
    answer(survey, quarter.mid, 5, yes=1, channel="paper")
    results = results_of(survey, sectors(quarter))
    assert [share(row).percent for row in results.rows] == [25, 20, None]
    assert share(results.total).percent == 23


def test_of_each_question_enough_must_have_answered_online(quarter, survey):
    answer(survey, quarter.west, 3, yes=3)
    answer(survey, quarter.west, 4, knows_officer=None)
    answer(survey, quarter.west, 6, channel="paper")
    row = results_of(survey, [quarter.west]).rows[0]
    assert [one.percent for one in row.shares] == [None, 0, 0]


@pytest.mark.parametrize(("online", "percent"), [((2, 3), 18), ((2, 2), 0)])
def test_hidden_sectors_count_in_the_station_only_with_five_online_answers_together(
    quarter, survey, online, percent
):
    for count, sector in zip(online, (quarter.west, quarter.mid), strict=True):
        answer(survey, sector, count, yes=count)
        answer(survey, sector, 4, channel="paper")
    answer(survey, quarter.vacant, 15)
    results = results_of(survey, sectors(quarter))
    assert share(results.rows[0]).percent is None
    assert share(results.total).percent == percent


def test_sheets_of_two_sectors_too_few_in_each_are_not_added_up(quarter, survey):
    """Who typed in those of one would read those of the other."""
    answer(survey, quarter.west, 4, yes=4, channel="paper")
    answer(survey, quarter.mid, 4, yes=4, channel="paper")
    answer(survey, quarter.vacant, 8)
    assert share(results_of(survey, sectors(quarter)).total).percent == 0


# Questions by themselves


def test_a_question_hidden_in_one_sector_cannot_be_worked_out_either(quarter, survey):
    answer(survey, quarter.west, 3, yes=3)
    answer(survey, quarter.west, 6, knows_officer=None)
    answer(survey, quarter.mid, 10, yes=0)
    total = results_of(survey, sectors(quarter)).total
    assert share(total).percent == 0
    assert total.answers == 19


def test_a_round_with_four_answers_in_all_tells_nothing(quarter, survey):
    for count, sector in zip((2, 2, 0), sectors(quarter), strict=True):
        answer(survey, sector, count, yes=count)
    total = results_of(survey, sectors(quarter)).total
    assert (total.answers, share(total).percent) == (None, None)
    assert answers_told([survey]) == {survey.pk: None}


def test_few_on_paper_are_not_told_apart_neither_here_nor_by_the_station(quarter, survey):
    answer(survey, quarter.west, 8)
    answer(survey, quarter.west, 2, channel="paper")
    answer(survey, quarter.mid, 6)
    answer(survey, quarter.mid, 7, channel="paper")
    results = results_of(survey, sectors(quarter))
    west, mid, _vacant = results.rows
    assert (west.answers, west.online, west.paper) == (10, None, None)
    assert (mid.online, mid.paper) == (6, 7)
    assert (results.total.online, results.total.paper) == (None, None)


def test_online_and_paper_are_told_where_each_is_enough_or_nobody(quarter, survey):
    answer(survey, quarter.west, 8)
    answer(survey, quarter.mid, 6, channel="paper")
    results = results_of(survey, sectors(quarter))
    assert [(row.online, row.paper) for row in results.rows[:2]] == [(8, 0), (0, 6)]
    assert (results.total.online, results.total.paper) == (8, 6)


def test_a_round_that_few_answered_is_not_compared_with(quarter, survey, earlier):
    answer(earlier, quarter.west, 4, yes=4)
    answer(survey, quarter.west, 10, yes=6)
    assert share(results_of(survey, [quarter.west]).rows[0]).before is None


# While it is open


def test_an_open_round_tells_how_many_answered_but_not_what(quarter, head, client):
    survey = SurveyRoundFactory(station=quarter.station)
    answer(survey, quarter.west, 12, yes=12)
    text = text_of(client.get(address(survey)))
    assert "12 answers" in text
    assert "100 %" not in text
    assert "Open now" in text
    lines = client.get(address(survey, "results.csv")).content.decode().splitlines()
    assert lines[2].endswith("12,12,0")


@pytest.mark.parametrize(("days", "is_told"), [(0, False), (1, False), (21, False), (22, True)])
def test_results_are_told_from_the_day_on_which_no_sheet_is_taken_any_more(
    quarter, head, client, days, is_told
):
    last = timezone.localdate() - datetime.timedelta(days=days)
    survey = SurveyRoundFactory(station=quarter.station, opens_on=last, closes_on=last)
    answer(survey, quarter.west, 5, yes=5)
    assert ("100 %" in text_of(client.get(address(survey)))) is is_told
    assert ("100" in client.get(address(survey, "results.csv")).content.decode()) is is_told
    sheet = {"key": uuid.uuid4(), "knows_officer": "no"}
    response = client.post(address(survey, f"sectors/{quarter.west.slug}/paper/"), sheet)
    assert (response.status_code == 409) is is_told


@pytest.mark.parametrize("ago", [0, 1])
def test_until_then_the_page_names_the_day(quarter, head, client, ago):
    last = timezone.localdate() - datetime.timedelta(days=ago)
    survey = SurveyRoundFactory(station=quarter.station, opens_on=last, closes_on=last)
    day = date_format(last + datetime.timedelta(days=22), "DATE_FORMAT")
    assert f"The results are told from {day} on" in text_of(client.get(address(survey)))


def test_a_round_to_come_offers_the_sheets_for_printing_and_none_to_type_in(quarter, head, client):
    survey = SurveyRoundFactory(
        station=quarter.station, opens_on=timezone.localdate() + datetime.timedelta(days=1)
    )
    text = text_of(client.get(address(survey)))
    assert f"{address(survey)}sectors/{quarter.west.slug}/print.pdf" in text
    assert "/paper/" not in text


# Who sees what


def test_an_officer_sees_their_sectors_beside_the_station(quarter, survey, client):
    quarter.mette.user = UserFactory()
    quarter.mette.save()
    client.force_login(quarter.mette.user)
    answer(survey, quarter.west, 10, yes=5)
    answer(survey, quarter.mid, 10, yes=10)
    response = client.get(address(survey))
    assert [row.sector for row, _may in response.context["rows"]] == [quarter.west]
    assert share(response.context["results"].total).percent == 75
    assert client.get(address(survey, "results.csv")).status_code == 404
    assert "results.csv" not in text_of(response)


def test_an_attached_officer_sees_the_sector(quarter, survey, client):
    user = UserFactory()
    AssignmentFactory(attached=True, sector=quarter.mid, officer__user=user, officer__station=quarter.station)
    client.force_login(user)
    assert [row.sector for row, _may in client.get(address(survey)).context["rows"]] == [quarter.mid]


def test_a_districts_head_sees_the_district_and_an_analyst_all(quarter, survey, client):
    client.force_login(head_of_district(quarter.north))
    seen = client.get(address(survey)).context["rows"]
    assert [row.sector for row, _may in seen] == [quarter.west, quarter.mid]
    assert all(may for _row, may in seen)
    client.force_login(StaffRoleFactory(analyst=True, station=quarter.station).user)
    seen = client.get(address(survey)).context["rows"]
    assert [row.sector for row, _may in seen] == sectors(quarter)
    assert not any(may for _row, may in seen)


@pytest.mark.parametrize("trait", ["editor", "reviewer"])
def test_other_roles_see_no_survey(quarter, survey, client, trait):
    place = {"station": quarter.station} if trait == "editor" else {}
    client.force_login(StaffRoleFactory(**{trait: True}, **place).user)
    for end in ("", "results.csv"):
        assert client.get(address(survey, end)).status_code == 404
    assert client.get("/station/surveys/").status_code == 404


def test_another_stations_survey_is_not_there(quarter, head, client):
    foreign = SurveyRoundFactory(past=True)
    for end in ("", "results.csv", "change/"):
        assert client.get(address(foreign, end)).status_code == 404


def test_who_works_in_one_station_and_is_analyst_of_another_sees_both(quarter, survey, client):
    other = SurveyRoundFactory(past=True)
    sector = SectorFactory(district=DistrictFactory(station=other.station))
    user = UserFactory()
    StaffRoleFactory(analyst=True, station=other.station, user=user)
    quarter.mette.user = user
    quarter.mette.save()
    client.force_login(user)
    answer(other, sector, 5)
    assert [row.sector for row, _may in client.get(address(other)).context["rows"]] == [sector]
    assert [row.sector for row, _may in client.get(address(survey)).context["rows"]] == [quarter.west]


def test_a_sector_that_was_redrawn_since_keeps_its_results(quarter, survey, head, client):
    gone = SectorFactory(district=quarter.south, number=9)
    answer(survey, gone, 5)
    assert gone in [row.sector for row, _may in client.get(address(survey)).context["rows"]]


# As a file


def test_the_csv_says_the_same_and_stands_in_the_read_log(quarter, survey, earlier, head, client):
    answer(earlier, quarter.west, 10, yes=8)
    answer(survey, quarter.west, 10, yes=6)
    answer(survey, quarter.mid, 4, yes=4)
    quarter.west.name = "=1+1"
    quarter.west.save()
    response = client.get(address(survey, "results.csv"))
    head_line, total, west, mid, _vacant = response.content.decode("utf-8-sig").splitlines()
    assert head_line.startswith("Number,Sector,Answers,Online,On paper,")
    assert total.startswith(f",{quarter.station.name},10,10,0,60,80,-20,")
    assert west.startswith("1,'=1+1,10,10,0,60,80,-20,")
    assert mid == "2,Husum,,,,,,,,,,,,"
    entry = ReadEntry.objects.filter(verb="exported").latest("pk")
    assert entry.keys == [f"contacts.surveyround:{survey.pk}"]


# Cost


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_the_same_with_twenty_sectors(client, django_assert_max_num_queries, count):
    station = StationFactory()
    district = DistrictFactory(station=station)
    found = [SectorFactory(district=district, number=number + 1) for number in range(count)]
    division_of(*found)
    survey = SurveyRoundFactory(station=station, past=True)
    for sector in found:
        answer(survey, sector, 6)
    client.force_login(head_of(station))
    for end, most in (("", 9), ("results.csv", 10)):
        client.get(address(survey, end))
        with django_assert_max_num_queries(most):
            assert client.get(address(survey, end)).status_code == 200


def test_twenty_six_sectors_take_two_pages_with_the_same_station(quarter, survey, head, client):
    for number in range(30, 54):
        answer(survey, SectorFactory(district=quarter.south, number=number), 5, yes=5)
    first, second = (client.get(address(survey) + f"?page={page}").context for page in (1, 2))
    assert (len(first["rows"]), len(second["rows"])) == (25, 2)
    assert first["results"].total == second["results"].total
