"""`/p/<code>/`: from a print to whoever answers today."""

import datetime

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from contacts.models import PrintRun
from contacts.views import print_code as view
from officers.models import Assignment
from tests.factories import AssignmentFactory, PrintRunFactory, SectorFactory, UserFactory

MARCH = datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC)


@pytest.fixture
def card(quarter) -> PrintRun:
    return PrintRunFactory(
        code="7H3KQ2",
        sector=quarter.west,
        officer=quarter.mette,
        name=quarter.mette.name,
        phone=quarter.mette.phone,
        email=quarter.mette.email,
        made_at=MARCH,
        made_by=UserFactory(name="Signe Skriver"),
    )


def replaced(quarter) -> None:
    """Let Jonas follow Mette, now."""
    now = timezone.now()
    Assignment.objects.filter(pk=quarter.appointment.pk).update(
        period=(quarter.appointment.period.lower, now)
    )
    AssignmentFactory(sector=quarter.west, officer=quarter.jonas, period=(now, None))


def test_a_print_that_holds_leads_straight_to_the_sector(client, card):
    response = client.get("/p/7H3KQ2/")
    assert (response.status_code, response["Location"]) == (302, "/sectors/broenshoej/")
    assert not response.cookies


def test_the_letters_may_be_small(client, card):
    assert client.get("/p/7h3kq2/")["Location"] == "/sectors/broenshoej/"


def test_it_speaks_the_language_of_the_device(client, card):
    danish = client.get("/p/7H3KQ2/", headers={"Accept-Language": "fr, da-DK;q=0.8, en;q=0.5"})
    assert danish["Location"] == "/da/sectors/broenshoej/"
    assert "Accept-Language" in danish["Vary"]


def test_a_device_that_asks_for_none_gets_the_prints_language(client, quarter):
    south = quarter.south
    run = PrintRunFactory(
        kind="leaflet",
        sector=quarter.vacant,
        name=south.name,
        phone=south.phone,
        email=south.email,
        language="da",
    )
    assert client.get(f"/p/{run.code}/")["Location"] == "/da/sectors/vanloese/"
    asked = {"Accept-Language": "en-GB"}
    assert client.get(f"/p/{run.code}/", headers=asked)["Location"] == "/sectors/vanloese/"


def test_it_costs_one_query_once_warm(client, card, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    client.get("/p/7H3KQ2/")
    client.get("/p/7H3KQ2/")
    with django_assert_num_queries(1):
        client.get("/p/7H3KQ2/")


def test_an_old_print_leads_kindly_to_the_officer_of_today(client, card, quarter):
    replaced(quarter)
    response = client.get("/p/7H3KQ2/", follow=True)
    page = " ".join(response.content.decode().split())
    assert response.redirect_chain == [("/prints/7H3KQ2/", 302)]
    assert "The card you scanned is from March 2026" in page
    assert "In Brønshøj it is now Jonas Berg who answers" in page
    assert 'href="/sectors/broenshoej/"' in page
    assert not response.cookies


def test_an_old_print_tells_nothing_of_the_officer_who_left_nor_of_who_made_it(client, card, quarter):
    replaced(quarter)
    response = client.get("/p/7H3KQ2/", follow=True)
    everything = response.content.decode() + str(response.headers)
    for secret in ("Mette", quarter.mette.phone, quarter.mette.email, "Signe"):
        assert secret not in everything


def test_an_old_print_of_a_sector_now_vacant_leads_to_its_district(client, card, quarter):
    Assignment.objects.filter(pk=quarter.appointment.pk).update(
        period=(quarter.appointment.period.lower, timezone.now())
    )
    quarter.north.phone = "+45 00 00 33 33"
    quarter.north.save()
    page = " ".join(client.get("/p/7H3KQ2/", follow=True).content.decode().split())
    assert "it is now North East that takes care of you" in page


def test_a_changed_telephone_makes_a_print_old(client, card, quarter):
    quarter.mette.phone = "+45 99 99 99 99"
    quarter.mette.save()
    assert client.get("/p/7H3KQ2/")["Location"] == "/prints/7H3KQ2/"


def test_a_card_holds_while_its_officer_is_away(client, card, quarter):
    from tests.factories import AbsenceFactory, CoverFactory

    away = AbsenceFactory(officer=quarter.mette)
    CoverFactory(absence=away, sector=quarter.west, officer=quarter.jonas)
    assert client.get("/p/7H3KQ2/")["Location"] == "/sectors/broenshoej/"


def test_a_print_that_holds_again_goes_on(client, card):
    assert client.get("/prints/7H3KQ2/")["Location"] == "/sectors/broenshoej/"


def test_a_print_of_a_sector_no_longer_on_the_map_leads_to_the_address_field(client, quarter):
    run = PrintRunFactory(sector=SectorFactory(district=quarter.north), name="Mette Holm", made_at=MARCH)
    response = client.get(f"/p/{run.code}/", follow=True)
    assert response.status_code == 200
    assert "The sectors have been drawn anew since" in response.content.decode()
    assert 'name="q"' in response.content.decode()


@pytest.mark.parametrize("code", ["ZZZZZZ", "7H3KQ", "0O1ILU", "x" * 60, "-_-_-_"])
def test_an_unknown_code_leads_to_the_address_field_with_a_word(client, card, code):
    response = client.get(f"/p/{code}/", follow=True)
    assert response.status_code == 404
    assert "We do not know that code" in response.content.decode()
    assert 'name="q"' in response.content.decode()


def test_what_cannot_be_a_code_asks_the_database_nothing(client, card, django_assert_num_queries):
    client.get("/p/7H3KQ2/")
    with django_assert_num_queries(0):
        client.get("/p/nonsense/")


def test_without_the_database_it_says_so(client, card, monkeypatch):
    def away(_code):
        raise OperationalError("away")

    client.get("/sectors/")
    monkeypatch.setattr(view, "_printed", away)
    response = client.get("/p/7H3KQ2/", follow=True)
    assert response.status_code == 503
    assert response["Retry-After"]


def test_the_page_speaks_danish_and_links_to_english(client, card, quarter):
    replaced(quarter)
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=5)):
        response = client.get("/da/prints/7H3KQ2/")
    page = response.content.decode()
    assert 'lang="da"' in page
    assert 'href="/prints/7H3KQ2/"' in page


def test_nothing_is_written_by_post(client, card):
    assert client.post("/p/7H3KQ2/").status_code == 405
    assert client.post("/prints/7H3KQ2/").status_code == 405
