import json
from datetime import timedelta

import pytest
from django.core.signals import request_finished
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from contacts.api import bulk, bulk_items
from contacts.api.schemas import LocatedOut, NotLocatedOut, Problem
from contacts.models import RequestCount
from sectors import lookup
from tests.factories import middle

pytestmark = pytest.mark.django_db

PATH = "/api/v1/locate/bulk"


@pytest.fixture(autouse=True)
def _all_places_free():
    """Whatever a test leaves unread gives its place back, so the next finds all of them free."""
    yield
    taken = [bulk._places.acquire(blocking=False) for _place in range(bulk.LISTS_AT_ONCE)]
    assert all(taken)
    for _place in taken:
        bulk._places.release()


@pytest.fixture
def post(client):
    def send(items, *, content_type="application/json", **headers):
        body = items if isinstance(items, bytes | str) else json.dumps(items)
        return client.post(PATH, body, content_type=content_type, headers=headers)

    return send


def at(column: int, **more) -> dict[str, float]:
    lon, lat = middle(column)
    return {"lat": lat, "lon": lon, **more}


def lines(response) -> list[dict]:
    """Read an answer of lines to its end, each held against the shape that the OpenAPI document promises."""
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/x-ndjson"
    found = response.getvalue().splitlines()
    for line in found:
        shape = NotLocatedOut if b'"problem"' in line else LocatedOut
        shape.model_validate_json(line, strict=False, extra="forbid")
    return [json.loads(line) for line in found]


def hang_up(response) -> None:
    """Close an answer as a server does whose client has gone, but for the connection: this test still needs it."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


def refusal(response, status: int) -> str:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    Problem.model_validate_json(response.content, extra="forbid")
    return json.loads(response.content)["detail"]


def test_places_are_answered_in_their_order_with_their_ids(post, quarter, addresses):
    asked = [at(1, id="b"), {"id": 7, "address": "Frederikssundsvej 12"}, at(2), {"address": "Langgade"}]
    answers = lines(post(asked))
    assert [answer["id"] for answer in answers] == ["b", 7, None, None]
    assert [answer["sector"] and answer["sector"]["slug"] for answer in answers] == [
        "husum",
        "broenshoej",
        "vanloese",
        None,
    ]
    assert answers[1]["officer"]["name"] == "Mette Holm"
    assert answers[3]["outcome"] == "ambiguous"


def test_a_line_says_what_locate_says(post, client, quarter):
    answer = lines(post([at(0, id=1)]))[0]
    del answer["id"]
    assert answer == client.get("/api/v1/locate", at(0)).json()


@pytest.mark.parametrize(
    "item",
    [
        None,
        5,
        [],
        {},
        {"id": 3},
        {"lat": 55.7},
        {"lat": "55.7", "lon": "12.5"},
        {"lat": True, "lon": False},
        {"lat": 91, "lon": 12.5},
        {"lat": 1e300, "lon": 12.5},
        {"lat": 55.7, "lon": 12.5, "address": "Langgade 1"},
        {"address": ""},
        {"address": 12},
        {"address": "\0"},
        {"address": "a" * 10_000},
        {"id": {"deep": 1}, "lat": 55.7, "lon": 12.5},
        {"id": "i" * 101, "lat": 55.7, "lon": 12.5},
    ],
)
def test_what_is_no_place_gets_its_own_problem_and_the_rest_their_answers(post, quarter, item):
    bad, good = lines(post([item, at(0, id="good")]))
    assert bad["problem"]["status"] == 422
    assert bad["problem"]["detail"]
    assert (good["id"], good["outcome"]) == ("good", "found")


def test_lines_of_json_are_read_as_well_and_a_broken_one_says_where(post, quarter):
    body = "\n".join([json.dumps(at(0, id=1)), "", '{"id": 2, "lat": ', json.dumps(at(1, id=3))])
    first, broken, last = lines(post(body, content_type="application/x-ndjson"))
    assert [first["id"], broken["id"], last["id"]] == [1, None, 3]
    assert "line 3" in broken["problem"]["detail"]


def test_who_asks_for_an_array_gets_one(post, quarter):
    for asked in ([], [at(0)], [at(0, id=number) for number in range(120)]):
        response = post(asked, accept="application/json")
        assert response.headers["Content-Type"] == "application/json"
        answers = json.loads(response.getvalue())
        assert [answer["id"] for answer in answers] == [item.get("id") for item in asked]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (" ", "line 1"),
        ('[{"lat": 1},\n {"lat": }]', "line 2, column 10"),
        (b"\xff\xfe", "line 1"),
        ("[" * 5_000, "no JSON"),
        ('{"lat": 1, "lon": 2}', "list"),
        ("7", "list"),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(post, body, said):
    assert said in refusal(post(body), 422)


@pytest.mark.parametrize("content_type", ["application/json", "application/x-ndjson"])
def test_more_than_ten_thousand_are_refused(post, quarter, content_type):
    items = [at(0)] * (bulk_items.MOST_ITEMS + 1)
    body = json.dumps(items) if content_type == "application/json" else "1\n" * len(items)
    assert "10001" in refusal(post(body, content_type=content_type), 422)


def test_ten_thousand_are_answered_without_a_query_for_each(
    post, quarter, settings, django_assert_max_num_queries
):
    settings.REGISTER_RECHECK_SECONDS = 3600
    lines(post([at(0)]))
    with django_assert_max_num_queries(1):  # the count of lists
        answers = lines(post([at(number % 3, id=number) for number in range(bulk_items.MOST_ITEMS)]))
    assert [answer["id"] for answer in answers] == list(range(bulk_items.MOST_ITEMS))


@pytest.mark.parametrize("length", [bulk_items.MOST_BYTES + 1, bulk_items.MOST_PASSED_OVER + 1])
def test_too_long_a_list_is_refused_uncounted(client, length):
    response = client.post(PATH, b" " * length, content_type="application/json")
    assert "2000000" in refusal(response, 413)
    assert not RequestCount.objects.exists()


@pytest.mark.parametrize("length", [None, "", "many", "-1"])
def test_a_list_without_its_length_is_refused(rf, length):
    request = rf.post(PATH, "[]", content_type="application/json")
    request.META["CONTENT_LENGTH"] = length
    assert refusal(bulk.locate_bulk(request), 411)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x"])
def test_other_kinds_of_content_are_refused(post, content_type):
    response = post("[]", content_type=content_type)
    assert refusal(response, 415)
    assert response.headers["Accept-Post"] == "application/json, application/x-ndjson"


def test_lists_are_counted_for_an_hour(post, quarter, settings, time_machine):
    settings.INTERFACE_BULK_AN_HOUR = 2
    time_machine.move_to("2027-03-01T10:20:00+01:00", tick=False)
    first = post([at(0)])
    lines(first)
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("2", "1")
    lines(post([at(0)]))
    response = post([at(0)])
    assert refusal(response, 429)
    assert response.headers["Retry-After"] == response.headers["RateLimit-Reset"] == str(40 * 60)
    time_machine.move_to(timezone.now() + timedelta(minutes=40), tick=False)
    assert lines(post([at(0)]))


def test_only_so_many_lists_are_answered_at_once(post, quarter):
    unread = [post([at(0)]) for _list in range(bulk.LISTS_AT_ONCE)]
    response = post([at(0)])
    assert refusal(response, 503)
    assert response.headers["Retry-After"]
    for other in unread:
        hang_up(other)
    assert lines(post([at(0)]))


def test_who_hangs_up_stops_the_work(post, quarter, monkeypatch):
    looked_up = []
    locate_point = lookup.locate_point
    monkeypatch.setattr(
        lookup, "locate_point", lambda lon, lat: looked_up.append(lon) or locate_point(lon, lat)
    )
    response = post([at(0)] * 1_000)
    next(iter(response))
    hang_up(response)
    assert len(looked_up) == bulk.LINES_AT_ONCE


def test_while_the_database_is_away_positions_are_answered_and_addresses_asked_once(
    post, quarter, addresses, monkeypatch
):
    asked = []

    def away(text):
        asked.append(text)
        raise OperationalError

    monkeypatch.setattr(lookup, "locate_address", away)
    answers = lines(post([{"address": "Langgade 1"}, at(0), {"address": "Langgade 2"}]))
    assert [answer.get("problem", {}).get("status") for answer in answers] == [503, None, 503]
    assert asked == ["Langgade 1"]


def test_after_five_minutes_the_rest_is_told_that_there_was_no_time(post, quarter, monkeypatch):
    monkeypatch.setattr(bulk, "LONGEST_SECONDS", -1.0)
    answers = lines(post([at(0), at(1)]))
    assert [answer["problem"]["status"] for answer in answers] == [503, 503]


def test_an_address_that_stands_there_twice_is_looked_up_once(post, addresses, monkeypatch):
    asked = []
    locate_address = lookup.locate_address
    monkeypatch.setattr(lookup, "locate_address", lambda text: asked.append(text) or locate_address(text))
    first, second = lines(post([{"id": 1, "address": "Langgade 1"}, {"id": 2, "address": "Langgade 1"}]))
    assert first["sector"] == second["sector"]
    assert asked == ["Langgade 1"]
