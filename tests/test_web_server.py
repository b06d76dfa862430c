"""The web server as config/gunicorn.py sets it up."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
START_SECONDS = 30


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A running server's port on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until_alive(server, port)
            yield port
        finally:
            server.terminate()


def wait_until_alive(server: subprocess.Popen[bytes], port: int) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at and server.poll() is None:
        try:
            if get(port, "/healthz")[0] == 200:
                return
        except ConnectionRefusedError:
            time.sleep(0.05)
    pytest.fail("The web server does not answer.")


def get(port: int, path: str) -> tuple[int, str]:
    """Return the status and the body of the server's answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()


@pytest.mark.parametrize(
    "path", ["/find/?q=", "/api/v1/locate?address=", "/api/v1/addresses?q=", "/api/v1/locate?lon=12.5&lat="]
)
def test_a_very_long_question_is_refused_in_a_sentence(port, path):
    status, body = get(port, path + "9" * 5_000)
    assert status == 422
    assert "too long for an address" in body or "Latitude must lie between" in body


def test_one_that_never_ends_is_refused_by_the_server(port):
    assert get(port, "/find/?q=" + "9" * 9_000)[0] == 414
