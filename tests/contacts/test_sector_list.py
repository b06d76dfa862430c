import pytest

from tests.factories import DistrictFactory, SectorFactory, StationFactory, division_of


def listed(client, **query) -> str:
    return client.get("/sectors/", query).content.decode()


def test_lists_sectors_by_station_and_district_with_their_officers(client, quarter):
    page = listed(client)
    order = [
        "Bellahøj Station",
        "North East",
        "Mette Holm",
        "Jonas Berg",
        "South",
        "No officer at the moment",
    ]
    assert sorted(order, key=page.index) == order
    assert "3 sectors" in page


@pytest.mark.parametrize("text", ["broenshoj", "BRØN", "mette", "holm mette", "1 brønshøj"])
def test_the_filter_forgives_spelling_and_knows_officers(client, quarter, text):
    page = listed(client, q=text)
    assert "Mette Holm" in page
    assert "Jonas Berg" not in page
    assert "1 sector fits" in page


def test_a_district_s_name_finds_its_sectors(client, quarter):
    page = listed(client, q="north east")
    assert "2 sectors fit" in page


def test_nothing_fits_is_said_and_leads_on(client, quarter):
    page = listed(client, q="zzz")
    assert "0 sectors fit" in page
    assert "Find my officer" in page


@pytest.mark.parametrize("text", ["\x00", "a" * 10_000, "<script>alert(1)</script>", "%", "\\"])
def test_any_text_is_answered_as_text(client, quarter, text):
    response = client.get("/sectors/", {"q": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "", "1&page=2"])
def test_any_page_number_is_answered(client, quarter, number):
    assert client.get(f"/sectors/?page={number}").status_code == 200


def test_htmx_is_sent_the_part_that_the_full_page_holds(client, quarter):
    full = listed(client, q="mette")
    part = client.get("/sectors/", {"q": "mette"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    rows = part.content.decode().partition("</p>")[2].strip()
    assert "Mette Holm" in rows
    assert rows in full
    assert "HX-Request" in part["Vary"]


def test_thousands_of_sectors_come_in_light_pages(client, db, settings):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    district = DistrictFactory(station=StationFactory())
    division_of(*(SectorFactory(district=district) for _ in range(450)))
    first = client.get("/sectors/")
    assert len(first.content) < 150_000
    page = first.content.decode()
    assert "450 sectors" in page
    assert "Page 1 of 3" in page
    assert 'href="?page=2"' in page
    assert listed(client, page=3).count("data-sector=") == 50
