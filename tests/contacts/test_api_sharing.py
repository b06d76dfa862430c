"""What all addresses of the interface have in common, and nothing else of the site has."""

import pytest
from django.db import OperationalError
from django.test import Client

from contacts.api import buckets, locate
from contacts.api.buckets import Buckets, client_of
from contacts.api.sharing import EXPOSED

pytestmark = pytest.mark.django_db

READS = [
    "/api/v1/locate?lat=55.7&lon=12.5",
    "/api/v1/addresses?q=lang",
    "/api/v1/sectors",
    "/api/v1/sectors/husum",
    "/api/v1/openapi.json",
]
TAGGED = [*READS[2:], "/find-my-officer.js"]


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(buckets, "reads", Buckets(clock))
    return clock


@pytest.mark.parametrize("path", [*READS, "/find-my-officer.js", "/sectors.geojson"])
def test_scripts_of_every_site_may_read(client, quarter, path):
    response = client.get(path, headers={"origin": "https://municipality.example"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert client.get(path, headers={"cookie": "sessionid=x; csrftoken=y"}).content == response.content


@pytest.mark.parametrize(
    "path", ["/api/v1/sectors/nowhere", "/api/v1/nope", "/api/v1/locate?lat=north&lon=1", "/api/v1/addresses"]
)
def test_refusals_can_be_read_by_scripts_too(client, path):
    response = client.get(path)
    assert response.status_code in (404, 422)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "methods"),
    [(path, "GET, HEAD, OPTIONS") for path in READS] + [("/api/v1/locate/bulk", "POST, OPTIONS")],
)
def test_browsers_are_told_beforehand_what_they_may_send(client, path, methods):
    response = client.options(
        path,
        headers={
            "origin": "https://municipality.example",
            "access-control-request-method": methods.split(",")[0],
            "access-control-request-headers": "content-type",
        },
    )
    assert response.status_code == 204
    assert response.content == b""
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Allow-Methods"] == response.headers["Allow"] == methods
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert int(response.headers["Access-Control-Max-Age"]) == 86_400


@pytest.mark.parametrize(
    "path",
    ["/", "/find/?q=x", "/sectors/", "/map/", "/embed/", "/api/v1/docs", "/account/login/", "/healthz"],
)
def test_nothing_else_of_the_site_is_open_to_scripts_of_others(client, quarter, path):
    response = client.get(path, headers={"origin": "https://municipality.example"})
    assert not [name for name in response.headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", [path.partition("?")[0] for path in READS])
def test_other_methods_are_refused_with_those_that_there_are(path, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 405


def test_a_list_is_not_read_by_get(client):
    response = client.get("/api/v1/locate/bulk")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("path", READS)
def test_head_is_answered_as_get_without_content(client, quarter, path):
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(get.content))
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("path", TAGGED)
def test_what_has_not_changed_is_not_sent_again(client, quarter, path):
    first = client.get(path)
    assert first.headers["ETag"]
    second = client.get(path, headers={"if-none-match": first.headers["ETag"]})
    assert second.status_code == 304
    assert second.content == b""
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Access-Control-Allow-Origin"] == "*"


def test_an_appointment_that_ends_changes_what_stands_for_it(client, quarter):
    paths = ("/api/v1/sectors", "/api/v1/sectors/husum")
    before = [client.get(path).headers["ETag"] for path in paths]
    quarter.jonas.phone = "+45 33 33 33 33"
    quarter.jonas.save()
    after = [
        client.get(path, headers={"if-none-match": tag}) for path, tag in zip(paths, before, strict=True)
    ]
    assert [response.status_code for response in after] == [200, 200]
    assert "+45 33 33 33 33" in after[1].content.decode()


@pytest.mark.parametrize("path", TAGGED[:-1])
def test_caches_ask_whether_it_still_holds(client, quarter, path):
    cached = client.get(path).headers["Cache-Control"]
    assert set(cached.split(", ")) == {"public", "max-age=0", "must-revalidate"}


def test_where_somebody_lives_is_kept_by_no_cache(client, quarter):
    assert client.get(READS[0]).headers["Cache-Control"] == "no-store"


# --- Limits ------------------------------------------------------------------------------------------------


def test_who_asks_too_often_is_told_when_to_come_again(client, quarter, settings, clock):
    settings.INTERFACE_READS_AT_ONCE = 3
    settings.INTERFACE_READS_PER_SECOND = 0.5
    assert [client.get(READS[0]).status_code for _time in range(4)] == [200, 200, 200, 429]
    response = client.get(READS[0])
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 429
    assert response.headers["Retry-After"] == response.headers["RateLimit-Reset"] == "2"
    assert (response.headers["RateLimit-Limit"], response.headers["RateLimit-Remaining"]) == ("3", "0")
    assert response.headers["Access-Control-Expose-Headers"] == EXPOSED
    clock.now += 2
    assert client.get(READS[0]).status_code == 200
    assert client.get(READS[0]).status_code == 429
    clock.now += 3600
    assert [client.get(READS[0]).status_code for _time in range(4)] == [200, 200, 200, 429]


def test_who_asks_too_often_takes_nothing_from_others(client, quarter, settings, clock):
    settings.INTERFACE_READS_AT_ONCE = 1
    assert client.get(READS[0], REMOTE_ADDR="192.0.2.1").status_code == 200
    assert client.get(READS[0], REMOTE_ADDR="192.0.2.1").status_code == 429
    assert client.get(READS[0], REMOTE_ADDR="192.0.2.2").status_code == 200


def test_typing_for_an_hour_reaches_no_limit(client, quarter, clock):
    """An office of fifty people behind one address, each of whom types ten letters a second."""
    waits = []
    for _tenth in range(600):
        waits += [buckets.reads.wait("office", per_second=50, at_once=1_000) for _person in range(5)]
        clock.now += 0.1
    assert not any(waits)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "client"),
    [
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),  # anybody can write that header
        (1, "203.0.113.9, 198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7", "10.0.0.1", "203.0.113.9"),
        (2, "198.51.100.7", "10.0.0.1", "unknown"),  # fewer than are set
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "", ""),
    ],
)
def test_a_client_is_known_by_its_address(rf, settings, proxies, forwarded, remote, client):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client_of(rf.get("/", headers=headers, REMOTE_ADDR=remote)) == client


def test_invented_addresses_fill_no_memory(clock, monkeypatch):
    monkeypatch.setattr(buckets, "CLIENTS_KEPT", 100)
    many = Buckets(clock)
    for number in range(1_000):
        many.wait(f"address {number}", per_second=1, at_once=5)
        clock.now += 0.001
    assert len(many._full_at) <= 100


def test_a_client_is_remembered_while_others_are_dropped(clock, monkeypatch):
    monkeypatch.setattr(buckets, "CLIENTS_KEPT", 100)
    many = Buckets(clock)
    for number in range(99):
        many.wait(f"address {number}", per_second=1, at_once=5)
    clock.now += 2
    assert [many.wait("eager", per_second=1, at_once=2) for _time in range(2)] == [0.0, 0.0]
    many.wait("one more", per_second=1, at_once=5)
    assert many.wait("eager", per_second=1, at_once=2) == pytest.approx(1.0)


def test_an_outage_is_told_with_when_to_come_again(client, quarter, monkeypatch):
    def away(text):
        raise OperationalError

    monkeypatch.setattr(locate.lookup, "locate_address", away)
    response = client.get("/api/v1/locate?address=Langgade")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
