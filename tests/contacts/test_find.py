import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from contacts.found_place import FoundPlace
from sectors import division
from tests.factories import SIDE, SOUTH, WEST, middle


def find(client, **query):
    return client.get("/find/", query)


def near_the_border(metres_east: float) -> dict[str, float]:
    """A position so far east of the border between the first and the second sector."""
    return {"lat": SOUTH + SIDE / 2, "lon": WEST + SIDE + metres_east / 62_800}


def at(column: int) -> dict[str, float]:
    lon, lat = middle(column)
    return {"lat": lat, "lon": lon}


def test_an_address_leads_to_its_sector_s_page(client, addresses):
    response = find(client, q="Frederikssundsvej 12")
    assert response.status_code == 302
    assert urlsplit(response["Location"]).path == "/sectors/broenshoej/"
    page = client.get(response["Location"]).content.decode()
    assert "<strong>Frederikssundsvej 12, 2700 Brønshøj</strong> lies in Brønshøj" in page


def test_a_misspelt_address_leads_there_and_is_told_how_it_was_understood(client, addresses):
    response = find(client, q="fredrikssunsvj 12")
    page = client.get(response["Location"]).content.decode()
    assert "Mette Holm" in page
    assert "We think you mean <strong>Frederikssundsvej 12, 2700 Brønshøj</strong>" in page
    assert "fredrikssunsvj" not in page


def test_a_position_leads_to_its_sector_s_page(client, quarter):
    response = find(client, **at(1))
    assert urlsplit(response["Location"]).path == "/sectors/husum/"
    assert "The place you chose lies in Husum" in client.get(response["Location"]).content.decode()


def test_danish_stays_danish(client, addresses):
    response = client.get("/da/find/", {"q": "Frederikssundsvej 12"})
    assert response["Location"].startswith("/da/sectors/broenshoej/")


def test_near_a_border_both_officers_stand_with_the_distance(client, quarter):
    response = find(client, **near_the_border(18))
    page = response.content.decode()
    assert response.status_code == 200
    assert page.index("Husum") < page.index("Jonas Berg") < page.index("18 metres away")
    assert page.index("18 metres away") < page.index("Mette Holm")
    assert "Which side is your door on?" in page


def test_just_outside_all_sectors_the_nearest_is_offered(client, quarter):
    response = find(client, lat=SOUTH + SIDE / 2, lon=WEST - 10 / 62_800)
    page = response.content.decode()
    assert "just outside" in page
    assert "10 metres away" in page
    assert "Mette Holm" in page


def test_a_street_through_several_sectors_gives_a_choice_that_leads_on(client, addresses):
    response = find(client, q="Langgade")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Which one do you mean?" in page
    assert "Langgade 2, 2700 Brønshøj" in page
    choice = next(url for url in links(page) if url.startswith("/sectors/husum/?found="))
    assert "<strong>Langgade 2, 2700 Brønshøj</strong> lies in Husum" in client.get(choice).content.decode()


def links(page: str) -> list[str]:
    return [unescape(url) for url in re.findall(r'href="([^"]+)"', page)]


def test_an_unknown_address_keeps_what_was_typed_and_says_whom_to_contact(client, addresses):
    response = find(client, q="Qwertyuiopgade 99")
    page = response.content.decode()
    assert response.status_code == 200
    assert "We do not know that address" in page
    assert 'value="Qwertyuiopgade 99"' in page
    assert "tel:114" in page
    assert "bellahoej@police.example" in page


def test_a_position_elsewhere_says_so_and_whom_to_contact(client, quarter):
    page = find(client, lat=55.0, lon=10.0).content.decode()
    assert "outside our sectors" in page
    assert "tel:+4500001000" in page


def test_nothing_typed_asks_for_an_address(client, quarter):
    response = find(client, q="")
    assert response.status_code == 200
    assert "Type a street and a house number" in response.content.decode()


def test_without_any_question_the_page_just_asks(client, quarter):
    response = find(client)
    assert response.status_code == 200
    assert "field-error" not in response.content.decode()


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "\x00", "Nørrebrogade\x0712", "!!!", "🚓🚓", "   \u200b  ", "\ud7ff\u0001"],
    ids=["long", "nul", "bell", "no letters", "pictures", "invisible", "control"],
)
def test_what_cannot_be_an_address_is_refused_in_a_sentence(client, quarter, text):
    response = find(client, q=text)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Type a street and a house number" in page
    assert 'name="q"' in page


@pytest.mark.parametrize(
    "query",
    [
        "lat=NaN&lon=12.5",
        "lat=55.7&lon=inf",
        "lat=abc&lon=12.5",
        "lat=5_5&lon=1_2",
        "lat=5.5e1&lon=12.5",
        "lat=٥٥&lon=١٢",
        "lat=&lon=",
        "lat=55.7",
        "lon=12.5",
        "lat=1&lat=2&lon=3",
        "lat[]=1&lon[]=2&lat=x",
        "lat=91&lon=0",
        "lat=0&lon=-181",
        "lat=" + "9" * 5_000 + "&lon=1",
        "lat=%00&lon=%00",
        "lat=55.7&lon=<script>alert(1)</script>",
    ],
)
def test_what_is_no_position_is_refused_in_a_sentence(client, quarter, query):
    response = client.get(f"/find/?{query}")
    page = response.content.decode()
    assert response.status_code == 422
    assert "That is not a place on the map" in page
    assert 'name="q"' in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "'; DROP TABLE sectors_sector; --", "{{ 7|add:7 }} 1", "%s%n 1"]
)
def test_hostile_text_is_shown_as_text(client, addresses, text):
    response = find(client, q=text)
    page = response.content.decode()
    assert response.status_code in {200, 422}
    assert "<script>alert" not in page
    assert "We do not know that address" in page or "Type a street" in page


def test_forged_or_foreign_words_about_the_place_are_not_shown(client, addresses):
    url = find(client, q="Frederikssundsvej 12")["Location"]
    token = parse_qs(urlsplit(url).query)["found"][0]
    for slug, forged in (("broenshoej", token[:-3] + "abc"), ("husum", token), ("broenshoej", "x" * 5_000)):
        response = client.get(f"/sectors/{slug}/", {"found": forged})
        assert response.status_code == 200
        assert "lies in" not in response.content.decode()


def test_a_token_from_before_the_border_moved_says_nothing(client, quarter):
    sector = division.current().by_slug["broenshoej"]
    lon, lat = middle(1)
    url = FoundPlace("Islevhusvej 4", lat, lon).url(sector)
    assert "Islevhusvej" not in client.get(url).content.decode()
