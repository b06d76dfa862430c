import json
import re
from html import unescape

import pytest
from jsonschema import Draft202012Validator

from contacts.api import describing, reading_aid
from contacts.api.schemas import LocatedOut, LocateOut, SectorDetailOut, SectorsOut

pytestmark = pytest.mark.django_db

PATHS = ["/api/v1/docs", "/da/api/v1/docs"]


@pytest.fixture
def document(client) -> dict:
    return json.loads(client.get("/api/v1/openapi.json").content)


@pytest.mark.parametrize("path", PATHS)
def test_it_names_every_address_parameter_answer_and_shape(client, quarter, document, path):
    page = client.get(path).content.decode()
    for address, methods in document["paths"].items():
        assert address in page
        for operation in methods.values():
            assert operation["summary"] in page
            assert all(f"<code>{row['name']}</code>" in page for row in operation["parameters"])
    assert all(f'id="{name}"' in page for name in document["components"]["schemas"])


@pytest.mark.parametrize("path", PATHS)
def test_it_needs_nobody_else_and_no_script(client, quarter, path):
    page = client.get(path).content.decode()
    assert "<script" not in page
    assert "<style" not in page
    assert " style=" not in page
    loaded = re.findall(r'(?:src|<link rel="(?:stylesheet|icon)" href)="([^"]+)"', page)
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)


def test_every_link_on_it_leads_somewhere(client, quarter):
    page = client.get(PATHS[0]).content.decode()
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors <= set(re.findall(r'id="([^"]+)"', page))
    for address in re.findall(r'href="(/(?:api|sectors|embed)[^"]*)"', page):
        assert client.get(address).status_code == 200


def test_its_examples_are_what_this_site_answers(client, quarter, addresses):
    page = client.get(PATHS[0]).content.decode()
    code = [unescape(text) for text in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)]
    examples = dict(zip(code[::2], code[1::2], strict=True))
    shapes = {"locate?": LocateOut, "sectors/": SectorDetailOut, "sectors": SectorsOut}
    for request, answer in examples.items():
        if request.startswith("curl"):
            LocatedOut.model_validate_json(answer, strict=False, extra="forbid")
            continue
        shape = next(shape for part, shape in shapes.items() if part in request)
        shape.model_validate_json(answer, strict=False, extra="forbid")
        answered = client.get(request.removeprefix("http://testserver")).json()
        if shape is SectorsOut:
            answered = {"sectors": answered["sectors"][:1]}
        assert json.loads(answer) == answered
    assert len(examples) == 4


def test_without_sectors_it_stands_without_examples(client):
    response = client.get(PATHS[0])
    assert response.status_code == 200
    assert "<details" not in response.content.decode()


def test_it_asks_the_database_for_nothing_when_warm(client, quarter, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 3600
    client.get(PATHS[0])
    with django_assert_num_queries(0):
        client.get(PATHS[0])


def test_public_pages_lead_there(client):
    page = client.get("/").content.decode()
    assert 'href="/api/v1/docs"' in page
    assert 'href="/embed/"' in page


def test_the_document_is_of_openapi_3_1_and_its_shapes_are_json_schema(document):
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    text = json.dumps(document)
    for reference in re.findall(r'"#/components/schemas/(\w+)"', text):
        assert reference in document["components"]["schemas"]


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/api/v1/locate", "get", {"200", "405", "422", "429", "503"}),
        ("/api/v1/addresses", "get", {"200", "405", "422", "429", "503"}),
        ("/api/v1/locate/bulk", "post", {"200", "405", "411", "413", "415", "422", "429", "503"}),
        ("/api/v1/sectors", "get", {"200", "304", "405", "429", "503"}),
        ("/api/v1/sectors/{slug}", "get", {"200", "304", "404", "405", "429", "503"}),
    ],
)
def test_what_can_go_wrong_is_described(document, path, method, statuses):
    operation = document["paths"][path][method]
    assert set(operation["responses"]) == statuses
    assert operation["description"]
    assert all(row["description"] for row in operation["parameters"])
    assert all(answer["description"] for answer in operation["responses"].values())


def test_kinds_are_said_in_words():
    kinds = reading_aid.kinds_of(
        {
            "anyOf": [
                {"type": "array", "items": {"$ref": "#/components/schemas/HoursOut"}},
                {"type": "string", "format": "date"},
                {"enum": ["a", "b"]},
                {"type": "null"},
            ]
        }
    )
    assert [kind.text for kind in kinds] == ["list of HoursOut", "day (ISO 8601)", "“a”", "“b”", "empty"]
    assert kinds[0].shape == "HoursOut"


def test_the_document_is_written_once():
    assert describing.document() is describing.document()
