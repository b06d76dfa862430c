import gzip
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


LONG = "A page of some length. " * 100


def compressed(rf, **headers: str) -> HttpResponse:
    asked = {"Accept-Encoding": "gzip, br", **headers}
    return kept(rf.get("/", headers=asked), "facts", lambda: HttpResponse(LONG))


def test_a_page_is_compressed_once(rf, monkeypatch):
    first = compressed(rf)
    monkeypatch.setattr(gzip, "compress", None)
    second = compressed(rf)
    assert first.content == second.content
    assert gzip.decompress(second.content).decode() == LONG
    assert second["Content-Encoding"] == "gzip"
    assert second["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0"])
def test_who_does_not_take_gzip_is_answered_plainly(rf, accepted):
    compressed(rf)
    plain = compressed(rf, **{"Accept-Encoding": accepted})
    assert plain.content.decode() == LONG
    assert "Content-Encoding" not in plain
    assert plain["Vary"] == "Accept-Encoding"


def test_the_tag_of_what_is_compressed_is_weak(rf):
    plain = compressed(rf, **{"Accept-Encoding": "identity"})
    assert compressed(rf)["ETag"] == f"W/{plain['ETag']}"


def test_a_short_page_is_not_compressed(rf):
    answer = kept(rf.get("/", headers={"Accept-Encoding": "gzip"}), "facts", lambda: HttpResponse("short"))
    assert answer.content == b"short"
    assert "Content-Encoding" not in answer


PAGES = "/ /sectors/ /sectors/broenshoej/ /map/ /da/sectors/broenshoej/"
PATHS = f"{PAGES} /sectors/broenshoej/notices.atom /api/v1/sectors"


@pytest.mark.usefixtures("quarter")
@pytest.mark.parametrize("path", PATHS.split())
def test_public_pages_are_the_same_compressed_plain_conditional_and_by_head(client, path):
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == plain.content
    assert packed["Content-Length"] == str(len(packed.content))
    assert packed["Content-Type"] == plain["Content-Type"]
    assert packed["Cache-Control"] == plain["Cache-Control"]
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer["Vary"]
        assert "Cookie" not in answer["Vary"]
        for accepted in ("gzip", "identity"):
            asked = {"If-None-Match": answer["ETag"], "Accept-Encoding": accepted}
            again = client.get(path, headers=asked)
            assert (again.status_code, again.content) == (304, b"")
            assert "Content-Encoding" not in again
            assert "Accept-Encoding" in again["Vary"]
    head = client.head(path, headers={"Accept-Encoding": "gzip"})
    assert head.content == b""
    assert {name: head[name] for name in ("ETag", "Content-Encoding")} == {
        "ETag": packed["ETag"],
        "Content-Encoding": "gzip",
    }


@pytest.mark.usefixtures("quarter")
def test_the_list_varies_by_who_asks_for_a_part_of_it_too(client):
    assert "HX-Request" in client.get("/sectors/", headers={"Accept-Encoding": "gzip"})["Vary"]


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
