import gzip
import json

import pytest
from shapely import Point
from shapely.geometry import shape

from tests.factories import AssignmentFactory, OfficerFactory, since


def geojson(client, **headers):
    return client.get("/sectors.geojson", headers=headers)


def test_every_sector_is_drawn_with_what_the_map_shows(client, quarter):
    response = geojson(client)
    features = json.loads(response.content)["features"]
    assert response["Content-Type"] == "application/geo+json"
    assert [feature["properties"]["number"] for feature in features] == [1, 2, 3]
    first, last = features[0]["properties"], features[2]["properties"]
    assert first["officer"] == "Mette Holm"
    assert last["officer"] is None
    assert first["hue"] != last["hue"]
    assert set(first) == {"slug", "number", "name", "district", "station", "officer", "hue", "label"}


def test_a_number_stands_within_its_sector(client, quarter):
    for feature in json.loads(geojson(client).content)["features"]:
        assert shape(feature["geometry"]).contains(Point(feature["properties"]["label"]))


def test_the_compressed_and_the_plain_form_say_the_same(client, quarter):
    plain, compressed = geojson(client), geojson(client, **{"Accept-Encoding": "gzip"})
    assert compressed["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.content) == plain.content
    assert compressed["ETag"] == plain["ETag"]
    assert "Accept-Encoding" in plain["Vary"]


@pytest.mark.parametrize(
    "refused", ["gzip;q=0", "gzip; q=0.000, br", "GZIP;Q=0", "x-gzip-like", "br", "identity"]
)
def test_who_refuses_compression_gets_the_plain_form(client, quarter, refused):
    response = geojson(client, **{"Accept-Encoding": refused})
    assert "Content-Encoding" not in response
    assert len(response.json()["features"]) == 3


@pytest.mark.parametrize("accepted", ["gzip, deflate, br", "br;q=1.0, gzip;q=0.5", "GZip"])
def test_who_takes_compression_gets_it(client, quarter, accepted):
    assert geojson(client, **{"Accept-Encoding": accepted})["Content-Encoding"] == "gzip"


def test_what_has_not_changed_is_not_sent_again(client, quarter):
    etag = geojson(client)["ETag"]
    assert geojson(client, **{"If-None-Match": etag}).status_code == 304
    officer = OfficerFactory(station=quarter.station, name="Karla Lund")
    AssignmentFactory(sector=quarter.vacant, officer=officer, period=since(minutes=1))
    changed = geojson(client, **{"If-None-Match": etag})
    assert changed.status_code == 200
    assert b"Karla Lund" in changed.content


def test_without_sectors_the_map_is_empty_and_no_error(client, db):
    assert json.loads(geojson(client).content)["features"] == []


def test_the_list_beside_the_map_says_the_same(client, quarter):
    page = client.get("/map/").content.decode()
    for words in ("Brønshøj", "Husum", "Vanløse", "Mette Holm", "Jonas Berg"):
        assert words in page


def test_tiles_come_from_the_configured_server_with_referrer_and_attribution(client, quarter, settings):
    url = "https://tiles.example/{z}/{x}/{y}.png"
    settings.LEAFLET_CONFIG = {"TILES": [("Streets", url, {"attribution": "© Mapmakers"})]}
    page = client.get("/map/").content.decode()
    data = page.partition('<script id="map-settings" type="application/json">')[2].partition("</script>")[0]
    assert json.loads(data)["tiles"] == [
        {
            "url": url,
            "options": {"attribution": "© Mapmakers", "referrerPolicy": "strict-origin-when-cross-origin"},
        }
    ]
