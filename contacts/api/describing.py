"""The OpenAPI document of the interface: what may be asked, what is answered, and what can go wrong.

ninja writes it from these functions, which nobody calls: their parameters and their responses are the description.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Annotated, Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Body, NinjaAPI, Path, Query
from pydantic import Field

from contacts.api import bulk_items
from contacts.api.problems import CONTENT_TYPE
from contacts.api.schemas import (
    AddressIn,
    LocatedOut,
    LocateOut,
    NotLocatedOut,
    PositionIn,
    Problem,
    SectorDetailOut,
    SectorsOut,
    SuggestionsOut,
)
from contacts.api.sharing import READING, changing_seldom, open_to_programs

ABOUT = (
    "Which sector a place belongs to, and which police officer answers for it. No key and no account is needed, "
    "and scripts of any site may ask. All times are ISO 8601, all positions degrees of EPSG:4326. The words of a "
    "problem are for people; programs go by its status."
)
# Which problems an address can answer, besides 404 for what is not there.
OF_READING = {
    405: "Another method than GET, HEAD or OPTIONS.",
    429: "Too many requests.",
    503: "The database is away, and this process has no copy of what was asked for.",
}
OF_SEARCH = {422: "The request is no position and no address, or more than one."}
OF_BULK = {
    405: "Another method than POST or OPTIONS.",
    411: "No Content-Length.",
    413: f"More than {bulk_items.MOST_BYTES:,} bytes.",
    415: "Another kind of content.",
    422: f"No JSON, no list, or more than {bulk_items.MOST_ITEMS:,} items.",
    429: "Too many lists this hour.",
    503: "Other lists are being answered, or the database is away.",
}
RATE_HEADERS = {
    "RateLimit-Limit": "How many requests are allowed.",
    "RateLimit-Remaining": "How many are left.",
    "RateLimit-Reset": "In how many seconds there are more.",
}
ITEMS_EXAMPLE = [
    {"id": "A-1", "lat": 55.709, "lon": 12.513},
    {"id": "A-2", "address": "Frederikssundsvej 12"},
]

api = NinjaAPI(
    title="Your Police Officer",
    version="1",
    description=ABOUT,
    urls_namespace="api-v1-described",
    docs_url=None,
    openapi_url=None,
)


@api.get("/locate", response=LocateOut, summary="Find sector and officer", operation_id="locate")
def locate(
    request: HttpRequest,
    lat: float = Query(None, ge=-90, le=90, description="Latitude in degrees.", examples=[55.709]),
    lon: float = Query(None, ge=-180, le=180, description="Longitude in degrees.", examples=[12.513]),
    address: str = Query(
        None,
        min_length=1,
        max_length=200,
        description="A street and a house number, as a person types them; spelling mistakes are fine.",
    ),
) -> None:
    """Give either `lat` and `lon`, or `address`."""


@api.get("/addresses", response=SuggestionsOut, summary="Complete an address", operation_id="addresses")
def addresses(
    request: HttpRequest,
    q: str = Query(
        ..., min_length=1, max_length=200, description="The beginning of an address.", examples=["frederiks"]
    ),
) -> None:
    """Up to ten streets and addresses that begin so, or nearly so."""


@api.post("/locate/bulk", summary="Find sectors and officers of many places", operation_id="locate_bulk")
def locate_bulk(
    request: HttpRequest,
    items: Body[Annotated[list[PositionIn | AddressIn], Field(max_length=bulk_items.MOST_ITEMS)]],
) -> None:
    """Send up to 10,000 positions and addresses, as a JSON array or as lines of JSON (NDJSON).

    The answer has one line of JSON for each item, in their order, and begins before the last is looked up. An item
    that is no place gets a `problem` in its line; the others get their answers all the same. With
    `Accept: application/json` the answer is one JSON array.
    """


@api.get("/sectors", response=SectorsOut, summary="All sectors with their officers", operation_id="sectors")
def sectors(request: HttpRequest) -> None:
    """Answers an `ETag`: send it as `If-None-Match`, and as long as nothing has changed 304 comes back."""


@api.get(
    "/sectors/{slug}", response=SectorDetailOut, summary="One sector, and all it tells", operation_id="sector"
)
def sector(
    request: HttpRequest, slug: str = Path(..., description="The sector's name in addresses.")
) -> None:
    """Hours to meet the officer, notices and events, and what there is to take along. Answers an `ETag`."""


@open_to_programs(*READING)
@changing_seldom
def openapi(request: HttpRequest) -> HttpResponse:
    """Answer the document."""
    body, etag = _written()
    return HttpResponse(body, headers={"Content-Type": "application/json", "ETag": etag})


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the document as plain data; the same as long as the process lives."""
    made = dict(api.get_openapi_schema(path_prefix="api/v1"))
    paths, schemas = made["paths"], made["components"]["schemas"]
    # A relative address: the interface is where its document came from.
    made["servers"] = [{"url": "/", "description": "This site."}]
    for shape in (Problem, LocatedOut, NotLocatedOut):
        shaped = shape.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        schemas.update(shaped.pop("$defs", {}))
        schemas[shape.__name__] = shaped
    for path, methods in paths.items():
        _describe_problems(path, methods)
    for path in ("/api/v1/sectors", "/api/v1/sectors/{slug}"):
        _describe_tag(paths[path]["get"]["responses"])
    _describe_list(paths["/api/v1/locate/bulk"]["post"])
    # Statuses are names in JSON.
    plain: dict[str, Any] = orjson.loads(orjson.dumps(made, option=orjson.OPT_NON_STR_KEYS))
    return plain


@lru_cache(maxsize=1)
def _written() -> tuple[bytes, str]:
    body = orjson.dumps(document())
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _describe_problems(path: str, methods: dict[str, Any]) -> None:
    kinds = dict(OF_READING)
    if path.endswith("/bulk"):
        kinds = dict(OF_BULK)
    elif path.endswith(("/locate", "/addresses")):
        kinds |= OF_SEARCH
    elif path.endswith("}"):
        kinds |= {404: "There is no sector of this name."}
    for operation in methods.values():
        operation["responses"][200]["description"] = "The answer."
        for status, meaning in sorted(kinds.items()):
            operation["responses"][status] = _problem(status, meaning)


def _problem(status: int, meaning: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": meaning,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    headers = {}
    if status in (429, 503):
        headers["Retry-After"] = "After how many seconds to try again."
    if status == 429:
        headers |= RATE_HEADERS
    if status == 405:
        headers["Allow"] = "The methods that there are."
    if headers:
        described["headers"] = _headers(headers)
    return described


def _headers(meanings: dict[str, str]) -> dict[str, Any]:
    numbers = ("Retry-After", *RATE_HEADERS)
    return {
        name: {
            "description": meaning,
            "schema": {"type": "integer", "minimum": 0} if name in numbers else {"type": "string"},
        }
        for name, meaning in meanings.items()
    }


def _describe_tag(responses: dict[Any, Any]) -> None:
    tag = _headers({"ETag": "Stands for what was answered."})
    responses[200]["headers"] = tag
    responses[304] = {"description": "Nothing has changed since `If-None-Match`.", "headers": tag}


def _describe_list(operation: dict[str, Any]) -> None:
    """Say what JSON Schema has no words for: lines of JSON, going in and coming out."""
    line = {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("LocatedOut", "NotLocatedOut")]}
    lines = "".join(f"{orjson.dumps(item).decode()}\n" for item in ITEMS_EXAMPLE)
    body = operation["requestBody"]["content"]
    body["application/json"]["example"] = ITEMS_EXAMPLE
    body[bulk_items.NDJSON] = {
        "schema": {"type": "string", "minLength": 1, "description": "One item in each line."},
        "example": lines,
    }
    operation["responses"][200] = {
        "description": "One answer for each item, in their order.",
        "headers": _headers(RATE_HEADERS),
        "content": {
            bulk_items.NDJSON: {
                "schema": {"type": "string", "description": "In each line a LocatedOut or a NotLocatedOut."}
            },
            "application/json": {"schema": {"type": "array", "items": line}},
        },
    }
