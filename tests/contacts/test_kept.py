import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse

from contacts.views import kept as kept_pages
from contacts.views.kept import HOSTS_KEPT, PAGES_KEPT, kept


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(kept_pages, "_pages", {})


class Written:
    """Renders pages, and counts them."""

    times = 0

    def __call__(self) -> HttpResponse:
        self.times += 1
        return HttpResponse(f"written {self.times}")


def test_a_page_is_written_once_for_equal_facts(rf):
    written = Written()
    answers = [kept(rf.get("/"), ("facts",), written) for _ in range(3)]
    assert {answer.content for answer in answers} == {b"written 1"}
    assert kept(rf.get("/"), ("others",), written).content == b"written 2"


def test_invented_hosts_push_out_no_other_page(rf):
    written = Written()
    kept(rf.get("/map/"), "facts", written)
    for port in range(1, PAGES_KEPT + 10):
        kept(rf.get("/", headers={"Host": f"localhost:{port}"}), "facts", written)
    assert kept(rf.get("/map/"), "facts", written).content == b"written 1"
    assert [len(by_host) for by_host in kept_pages._pages.values()] == [1, HOSTS_KEPT]


def test_each_host_gets_its_own_page(rf):
    written = Written()
    pages = [
        kept(rf.get("/", headers={"Host": host}), "facts", written)
        for host in ("localhost", "127.0.0.1", "localhost")
    ]
    assert [page.content for page in pages] == [b"written 1", b"written 2", b"written 1"]


def test_no_more_pages_are_kept_than_fit_the_oldest_goes(rf):
    for number in range(PAGES_KEPT + 1):
        kept(rf.get(f"/{number}"), "facts", Written())
    assert len(kept_pages._pages) == PAGES_KEPT
    assert kept(rf.get("/0"), "facts", lambda: HttpResponse("anew")).content == b"anew"


class Interrupted:
    """Facts at which the other threads get their turn whenever somebody looks for them."""

    def __hash__(self) -> int:
        time.sleep(1e-5)
        return 1


def test_threads_that_keep_pages_at_once_do_not_disturb_each_other(rf, monkeypatch):
    monkeypatch.setattr(kept_pages, "PAGES_KEPT", 3)
    facts = Interrupted()
    requests = [rf.get(f"/{number}") for number in range(300)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda request: kept(request, facts, Written()), requests))
    assert {answer.content for answer in answers} == {b"written 1"}
    assert len(kept_pages._pages) == 3
