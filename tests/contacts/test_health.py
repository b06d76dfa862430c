"""The real database and broker of the tests; no worker listens to them."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from contacts import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch):
    monkeypatch.setattr(health, "readiness", health.Readiness())
    # No worker is there to answer: not worth a second in each test.
    monkeypatch.setattr(health, "PING_SECONDS", 0.2)


class SilentServer:
    """Accepts connections on a port of this machine, counts them, and never says a word."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.callers: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                self.callers.append(self._socket.accept()[0])
            except OSError:  # closed: the test is over
                return

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        for open_socket in (self._socket, *self.callers):
            open_socket.close()


@pytest.fixture
def silent_database(monkeypatch) -> Iterator[SilentServer]:
    """A database that takes calls but does not answer them."""
    server = SilentServer()
    where = {**connection.settings_dict, "HOST": "127.0.0.1", "PORT": server.port}
    where["OPTIONS"] = {key: value for key, value in where["OPTIONS"].items() if key not in ("host", "port")}
    for key, value in where.items():
        monkeypatch.setitem(connection.settings_dict, key, value)
    yield server
    server.close()


def test_alive_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"alive\n"


def test_without_a_worker_the_site_is_not_ready_and_says_so(client):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "broker": True, "worker": False}


def test_an_answer_comes_soon_and_holds_for_some_seconds(client, silent_database):
    began = time.monotonic()
    answers = [client.get("/readyz").json() for _ in range(5)]
    assert time.monotonic() - began < health.CONNECT_SECONDS + 1.5
    assert answers == [{"database": False, "broker": True, "worker": False}] * 5
    assert len(silent_database.callers) == 1


def test_many_who_ask_at_once_ring_once(silent_database):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: health.readiness.parts(), range(8)))
    assert len(silent_database.callers) == 1
    assert answers == [{"database": False, "broker": True, "worker": False}] * 8


def test_who_asks_meanwhile_gets_the_last_answer_at_once(silent_database, monkeypatch):
    known = health.readiness.parts()
    monkeypatch.setattr(health.readiness, "_ask_again_at", time.monotonic())
    with ThreadPoolExecutor(1) as other:
        finding_out = other.submit(health.readiness.parts)
        while len(silent_database.callers) < 2:
            time.sleep(0.01)
        began = time.monotonic()
        assert health.readiness.parts() is known
        assert time.monotonic() - began < 0.5
        assert finding_out.result() == known
