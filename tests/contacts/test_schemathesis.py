"""The interface for programs against its own description: what schemathesis makes up of it, good and bad."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis.config import SchemathesisConfig

from contacts.api import buckets, describing
from contacts.api.schemas import LocatedOut, NotLocatedOut

EXAMPLES = 60

CONFIG = {
    # The same questions each time: a failure can be repeated.
    "seed": 112,
    "generation": {"max-examples": EXAMPLES, "deterministic": True},
    "operations": [
        {
            # OpenAPI has no words for parameters that exclude one another (a position or an address), nor for what
            # makes a text an address (a letter or digit of any script, no control characters).
            "include-operation-id": ["locate", "addresses"],
            "checks": {"positive_data_acceptance": {"expected-statuses": [200, 422]}},
        },
        {
            # An item that is no place is refused in its own line of the answer; the list is accepted.
            "include-operation-id": "locate_bulk",
            "checks": {"negative_data_rejection": {"expected-statuses": [200, 411, 413, 415, 422]}},
        },
    ],
}


@schemathesis.serializer("application/x-ndjson")
def as_it_is(context, text) -> bytes:
    """Send lines of JSON as they were made up: any text."""
    return str(text).encode(errors="replace")


# Read without a request: tests are collected before there is a database.
interface = schemathesis.openapi.from_dict(describing.document(), config=SchemathesisConfig.from_dict(CONFIG))
interface.app = get_wsgi_application()


@pytest.fixture
def filled_site(quarter, addresses, settings) -> Iterator[None]:
    """Three sectors, one of them vacant, with addresses; no limit is reached."""
    settings.INTERFACE_BULK_AN_HOUR = 100_000
    settings.INTERFACE_READS_AT_ONCE = 100_000
    buckets.reads.forget()
    # A request leaves the connection open whose transaction the test takes back, as Django's own test client does.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    buckets.reads.forget()


@pytest.mark.usefixtures("filled_site")
@interface.parametrize()
def test_every_answer_is_as_described(case):
    # Its client asks for compressed answers and does not unpack them.
    response = case.call_and_validate(headers={"Accept-Encoding": "identity"})
    if response.headers.get("content-type") == ["application/x-ndjson"]:
        for line in response.content.splitlines():
            shape = NotLocatedOut if b'"problem"' in line else LocatedOut
            shape.model_validate_json(line, strict=False, extra="forbid")
