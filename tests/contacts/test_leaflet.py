"""The leaflet for everybody: made once, kept, never by a flood."""

import threading

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings

from contacts.models import PrintRun
from contacts.printing.facts import facts_of
from contacts.views import leaflet as view
from contacts.views.leaflet import MOST_PER_MINUTE, Busy, Kept
from sectors import division
from tests.factories import AddressFactory, ContactHoursFactory, SectorFactory, StreetFactory


@pytest.fixture(autouse=True)
def made(monkeypatch) -> list[str]:
    """What is made: a short text in place of a second's work."""
    found = []

    def make(facts, language):
        found.append(f"{facts.said.name} {language} {len(facts.hours)}")
        return b"%PDF " + found[-1].encode(), f'"{len(found)}"'

    monkeypatch.setattr(view, "_leaflet", make)
    monkeypatch.setattr(view, "kept", Kept())
    return found


@pytest.fixture
def really_made(monkeypatch) -> None:
    monkeypatch.undo()


def test_it_is_a_leaflet_whose_code_leads_to_the_sector(client, quarter, really_made, monkeypatch):
    AddressFactory(street=StreetFactory(name="Langgade", address_count=2), sector=quarter.west)
    monkeypatch.setattr(view, "kept", Kept())
    response = client.get("/da/sectors/broenshoej/leaflet.pdf")
    assert response["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(response.content)
    said = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert "Mette Holm" in said
    assert "Langgade *" in said
    assert "Husum" in said
    (code,) = zxingcpp.read_barcodes(document[1].render(scale=3).to_pil())
    assert code.text == f"{settings.SITE_URL}/da/sectors/broenshoej/"
    assert not PrintRun.objects.exists()


def test_it_is_made_once_and_then_needs_no_query(client, quarter, made, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    first = client.get("/sectors/broenshoej/leaflet.pdf")
    with django_assert_num_queries(0):
        second = client.get("/sectors/broenshoej/leaflet.pdf")
    assert first.content == second.content
    assert made == ["Mette Holm en 0"]
    assert not first.cookies


def test_each_language_has_its_own(client, quarter, made):
    client.get("/sectors/broenshoej/leaflet.pdf")
    client.get("/da/sectors/broenshoej/leaflet.pdf")
    assert made == ["Mette Holm en 0", "Mette Holm da 0"]


def test_it_is_made_anew_when_what_it_says_has_changed(client, quarter, made):
    client.get("/sectors/broenshoej/leaflet.pdf")
    ContactHoursFactory(sector=quarter.west)
    client.get("/sectors/broenshoej/leaflet.pdf")
    assert made == ["Mette Holm en 0", "Mette Holm en 1"]


def test_who_has_it_already_is_told_so(client, quarter):
    etag = client.get("/sectors/broenshoej/leaflet.pdf")["ETag"]
    again = client.get("/sectors/broenshoej/leaflet.pdf", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_query_does_not_make_another(client, quarter, made):
    for number in range(5):
        client.get(f"/sectors/broenshoej/leaflet.pdf?n={number}")
    assert len(made) == 1


def test_a_vacant_sector_has_one_too(client, quarter, made):
    assert client.get("/sectors/vanloese/leaflet.pdf").status_code == 200
    assert made == ["South en 0"]


@pytest.mark.parametrize("slug", ["unknown", "planned"])
def test_what_is_no_sector_in_force_has_none(client, quarter, slug):
    SectorFactory(district=quarter.north, slug="planned")
    assert client.get(f"/sectors/{slug}/leaflet.pdf").status_code == 404


def test_a_flood_does_not_have_more_made_than_its_share(client, quarter, made):
    for number in range(MOST_PER_MINUTE):
        view.kept._begun.append(number and view.time.monotonic())
    view.kept._begun[0] = view.time.monotonic() - 30
    response = client.get("/sectors/broenshoej/leaflet.pdf")
    assert (response.status_code, made) == (503, [])
    assert response["Retry-After"]
    assert "try again" in response.content.decode()
    view.kept._begun[0] -= 31
    assert client.get("/sectors/broenshoej/leaflet.pdf").status_code == 200


def test_few_wait_while_one_is_made_and_the_others_are_sent_away(quarter, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slow(facts, language):
        begun.set()
        go_on.wait(10)
        return b"%PDF", '"1"'

    monkeypatch.setattr(view, "_leaflet", slow)
    kept, facts = Kept(), facts_of(division.current().by_slug["broenshoej"])
    waiting = [
        threading.Thread(target=kept._made, args=("key", facts, "en")) for _ in range(view.MOST_AT_ONCE)
    ]
    for thread in waiting:
        thread.start()
    begun.wait(10)
    while kept._waiting._value:
        pass
    with pytest.raises(Busy):
        kept._made("other", facts, "en")
    go_on.set()
    for thread in waiting:
        thread.join(10)
    assert kept._made("key", facts, "en") == (b"%PDF", '"1"')


def test_no_more_are_kept_than_fit(quarter, monkeypatch):
    monkeypatch.setattr(view, "LEAFLETS_KEPT", 2)
    kept = Kept()
    for key in "abc":
        kept._keep(key, (b"%PDF", key))
    assert list(kept._leaflets) == ["b", "c"]
