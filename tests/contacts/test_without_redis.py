"""The public pages and the message form while there is no Redis and no worker: the site as a process of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection

from benchmarks.server import free_port
from benchmarks.under_faults import processes
from benchmarks.under_faults.citizens import WRITING, form_in, work_for
from benchmarks.under_faults.mailbox import Mailbox, MailServer
from config import environment
from contacts.models import Message
from notifications.models import Notification
from tests.contacts import public_scene, public_visits
from tests.contacts.public_scene import Scene

# Each answer comes within so many seconds; on a busy machine at the third attempt.
LONGEST, ATTEMPTS = 3.0, 3
START_SECONDS = 120
# It says whether Redis and the workers answer: without them it says no.
OF_REDIS = "readyz"


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    page: str
    seconds: float


@dataclass(frozen=True)
class Site:
    port: int
    scene: Scene
    folder: Path

    def ask(self, method: str, path: str, body: str = "") -> Answer:
        headers = {"Content-Type": public_visits.FORM} if body else {}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as asked:
            begun = time.monotonic()
            asked.request(method, path, body, headers)
            answer = asked.getresponse()
            page = answer.read().decode(errors="replace")
            return Answer(answer.status, answer.getheader("Location") or "", page, time.monotonic() - begun)

    def is_alive(self) -> bool:
        try:
            return self.ask("GET", "/healthz").status == 200
        except OSError:
            return False


def quickest(ask: Callable[[], Answer]) -> Answer:
    """Return the first answer that came in time, else the quickest of some."""
    answers: list[Answer] = []
    while len(answers) < ATTEMPTS and not (answers and answers[-1].seconds < LONGEST):
        answers.append(ask())
    return min(answers, key=lambda answer: answer.seconds)


@contextmanager
def nobody() -> Iterator[int]:
    """A port where nobody listens."""
    yield free_port()


@contextmanager
def black_hole() -> Iterator[int]:
    """A port where every connection is taken and nothing is ever answered."""
    taken = []
    with socket.create_server(("127.0.0.1", 0), backlog=100) as hole:

        def swallow() -> None:
            while True:
                try:
                    taken.append(hole.accept()[0])
                except OSError:
                    return

        threading.Thread(target=swallow, daemon=True).start()
        yield hole.getsockname()[1]
        hole.shutdown(socket.SHUT_RDWR)
    for one in taken:
        one.close()


def site_environment(redis_url: str) -> dict[str, str]:
    """Return what a process of the site needs to work on the database of this test."""
    url = environment.DATABASE_URL
    return {
        "DATABASE_URL": url.replace(urlsplit(url).path, f"/{connection.settings_dict['NAME']}", 1),
        "DJANGO_SETTINGS_MODULE": "benchmarks.under_faults.settings",
        "REDIS_URL": redis_url,
    }


@pytest.fixture(params=[nobody, black_hole])
def site(request, transactional_db, tmp_path) -> Iterator[Site]:
    scene = public_scene.build(lambda _what: "not public")
    with request.param() as broker:
        web = processes.web(tmp_path, port := free_port())
        web.environment |= site_environment(f"redis://127.0.0.1:{broker}/0")
        site = Site(port, scene, tmp_path)
        web.start()
        try:
            processes.wait_for("The site", site.is_alive, seconds=START_SECONDS)
            yield site
        finally:
            web.kill()


def leave_message(site: Site) -> Answer:
    path = f"/sectors/{site.scene.sector.slug}/message/"
    form = form_in(site.ask("GET", path).page)
    time.sleep(WRITING)
    form |= {"text": "Rubbish.", "email": "someone@example.org", "work": work_for(form["form_token"])}
    return site.ask("POST", path, urlencode(form))


def test_pages_answer_and_a_message_is_delivered_when_a_worker_comes(site):
    paths = [
        path for ways in public_visits.addresses(site.scene).values() for path in ways if path != OF_REDIS
    ]
    answers = {path: quickest(partial(site.ask, "GET", f"/{path}")) for path in paths}
    assert {path: answer.status for path, answer in answers.items() if answer.status >= 500} == {}
    assert {path: answer.seconds for path, answer in answers.items() if answer.seconds >= LONGEST} == {}

    before = set(Message.objects.values_list("pk", flat=True))
    received = quickest(partial(leave_message, site))
    assert received.status == 303
    assert received.seconds < LONGEST
    message = Message.objects.exclude(pk__in=before).latest("pk")
    assert site.ask("GET", received.location).status == 200
    told = Notification.objects.filter(context__message=str(message.uuid))
    assert {row.state for row in told} == {"waiting"}

    with a_worker(site.folder) as mailbox:
        waits = Notification.objects.waiting().filter(pk__in=[row.pk for row in told])
        processes.wait_for("The mails", lambda: not waits.exists(), seconds=START_SECONDS)
    assert {row.message_id for row in told} <= set(mailbox.taken)
    assert "someone@example.org" in mailbox.addressed_to.values()


@contextmanager
def a_worker(folder: Path) -> Iterator[Mailbox]:
    """Start a Redis, a worker, beat and a mail server, as somebody does who finds that they are away."""
    store = folder / "redis.sock"
    mailbox, port = Mailbox(seed=1), free_port()
    mailbox.is_well = True
    running = [processes.redis(folder, store), processes.worker(folder), processes.beat(folder)]
    with MailServer(mailbox, port):
        for process in running:
            process.environment |= site_environment(f"redis+socket://{store}")
            process.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
            process.start()
        try:
            yield mailbox
        finally:
            for process in running:
                process.kill()
