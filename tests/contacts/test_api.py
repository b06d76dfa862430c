import json

import pytest
from django.test import Client
from ninja import Schema

from contacts.api import urls
from contacts.api.schemas import LocateOut, Problem, SectorDetailOut, SectorsOut, SuggestionsOut
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    AddressFactory,
    AssignmentFactory,
    DistrictFactory,
    SectorFactory,
    division_of,
    middle,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_sectors():
    district = DistrictFactory(slug="north-east", station__slug="bellahoej")
    sectors = [
        SectorFactory(district=district, number=n, slug=f"sector-{n}", name=f"Sector {n}") for n in (1, 2)
    ]
    division_of(*sectors)
    AssignmentFactory(sector=sectors[0], officer__name="Rita Fictional")
    return sectors


@pytest.fixture
def locate(client):
    def get(**parameters):
        return client.get("/api/v1/locate", parameters)

    return get


def at(column: int) -> dict[str, float]:
    lon, lat = middle(column)
    return {"lat": lat, "lon": lon}


def as_described(schema: type[Schema], response) -> dict:
    """Return the answer, after holding it against the shape that the OpenAPI document promises."""
    schema.model_validate_json(response.content, strict=False, extra="forbid")
    return response.json()


def test_position_is_answered_with_sector_and_officer(locate, two_sectors):
    response = locate(**at(0))
    assert response.status_code == 200
    assert as_described(LocateOut, response) == {
        "outcome": "found",
        "sector": {
            "slug": "sector-1",
            "number": 1,
            "name": "Sector 1",
            "district": {"slug": "north-east", "name": two_sectors[0].district.name},
            "station": {"slug": "bellahoej", "name": two_sectors[0].station.name},
            "url": "http://testserver/sectors/sector-1/",
        },
        "officer": {
            "name": "Rita Fictional",
            "title": "Police constable",
            "phone": two_sectors[0].assignments.get().officer.phone,
            "email": two_sectors[0].assignments.get().officer.email,
            "is_cover": False,
            "cover_until": None,
            "url": "http://testserver/sectors/sector-1/",
        },
    }


def test_vacant_sector_is_found_without_officer(locate, two_sectors):
    answer = as_described(LocateOut, locate(**at(1)))
    assert answer["outcome"] == "found"
    assert answer["sector"]["slug"] == "sector-2"
    assert answer["officer"] is None


def test_position_near_a_border_names_the_neighbour_with_distance(locate, two_sectors):
    answer = as_described(LocateOut, locate(lat=SOUTH + 0.005, lon=WEST + SIDE - 18.2 / 62_883))
    assert answer["outcome"] == "near_border"
    assert answer["sector"]["slug"] == "sector-1"
    assert [(n["sector"]["slug"], n["distance_m"]) for n in answer["neighbours"]] == [("sector-2", 18.2)]


def test_position_outside_is_answered_outside(locate, two_sectors):
    answer = as_described(LocateOut, locate(lat=53.8, lon=-1.54))
    assert answer == {"outcome": "outside", "sector": None, "officer": None}


def test_misspelt_address_is_found(locate, two_sectors):
    AddressFactory(number=12)
    answer = as_described(LocateOut, locate(address="fredrikssundsvej 12"))
    assert (answer["outcome"], answer["sector"]["slug"]) == ("found", "sector-1")


def test_street_in_two_sectors_is_ambiguous(locate, two_sectors):
    AddressFactory(number=12, column=0)
    AddressFactory(number=14, column=1)
    answer = as_described(LocateOut, locate(address="Frederikssundsvej"))
    assert answer["outcome"] == "ambiguous"
    assert [choice["sector"]["slug"] for choice in answer["choices"]] == ["sector-1", "sector-2"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "lat=55.7",
        "lat=55.7&lon=12.5&address=Skovvej",
        "lat=NaN&lon=12.5",
        "lat=Infinity&lon=12.5",
        "lat=91&lon=12.5",
        "lat=north&lon=12.5",
        "lat=55.7&lat=55.8&lon=12.5",
        "lat[]=55.7&lon[]=12.5",
        "lat=&lon=",
        "address=",
        "address=%00",
        "address=" + "a" * 10_000,
        "address=%FF%FE",
    ],
)
def test_what_is_no_place_gets_a_problem_description(client, query):
    response = client.get(f"/api/v1/locate?{query}")
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert as_described(Problem, response)["detail"]


@pytest.mark.parametrize("path", ["locate", "addresses", "sectors"])
def test_only_reading_is_allowed(path):
    assert Client(enforce_csrf_checks=True).post(f"/api/v1/{path}").status_code == 405


def test_addresses_are_completed(client, two_sectors):
    AddressFactory(number=12)
    response = client.get("/api/v1/addresses", {"q": "frederiks"})
    answer = as_described(SuggestionsOut, response)
    assert [suggestion["text"] for suggestion in answer["suggestions"]] == [
        "Frederikssundsvej, 2700 Brønshøj"
    ]


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=" + "a" * 10_000, "q=a&q=b"])
def test_what_cannot_be_completed_gets_a_problem_description(client, query):
    response = client.get(f"/api/v1/addresses?{query}")
    assert response.status_code == 422
    assert as_described(Problem, response)["detail"]


def test_all_sectors_are_listed(client, two_sectors):
    answer = as_described(SectorsOut, client.get("/api/v1/sectors"))
    assert [row["sector"]["slug"] for row in answer["sectors"]] == ["sector-1", "sector-2"]
    assert [row["officer"] and row["officer"]["name"] for row in answer["sectors"]] == [
        "Rita Fictional",
        None,
    ]


def test_one_sector_is_described(client, two_sectors):
    answer = as_described(SectorDetailOut, client.get("/api/v1/sectors/sector-1"))
    assert answer["officer"]["name"] == "Rita Fictional"


def test_unknown_sector_gets_a_problem_description(client):
    response = client.get("/api/v1/sectors/nowhere")
    assert response.status_code == 404
    assert as_described(Problem, response)["detail"]


def test_document_describes_every_address(client):
    document = json.loads(client.get("/api/v1/openapi.json").content)
    described = {path.removeprefix("/api/v1/").replace("{slug}", "<str:slug>") for path in document["paths"]}
    assert described == {str(route.pattern) for route in urls.urlpatterns} - {"openapi.json"}


def test_warm_answer_costs_no_query(locate, two_sectors, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 3600
    locate(**at(0))
    with django_assert_num_queries(0):
        locate(**at(0))


@pytest.mark.parametrize("path", ["nope", "locate/", "sectors/one/two", "nope/"])
def test_unknown_address_gets_a_problem_description(client, path):
    for response in (client.get(f"/api/v1/{path}"), client.post(f"/api/v1/{path}")):
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"
        assert as_described(Problem, response)["detail"]


def test_too_many_parameters_are_refused_unread(client):
    response = client.get("/api/v1/locate?" + "&".join(f"x{n}=1" for n in range(21)))
    assert response.status_code == 422
    assert "too many" in response.json()["detail"]


def test_letters_that_a_program_did_not_encode_are_understood(client, two_sectors):
    AddressFactory(street__name="Ærøgade", number=4)
    query = "address=Ærøgade 4".encode().decode("latin-1")
    response = client.get("/api/v1/locate", QUERY_STRING=query)
    assert response.json()["sector"]["slug"] == "sector-1"
