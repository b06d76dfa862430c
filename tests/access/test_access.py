"""Every route × every role × own, foreign, ended and future objects × method, against the table of rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import contacts_table, handbook_table, log_table, overview_table, table, world
from tests.access.world import FOREIGN, LETTERS, World

pytestmark = pytest.mark.django_db

# Redirects to the page of the object that a number names, whether or not there is one.
SHORTHAND = r"/<path:object_id>/$"


@dataclass(frozen=True)
class Rule:
    """Who may GET and POST an address, whose rights reach every station, and what kind of object it names."""

    get: frozenset[str]
    post: frozenset[str]
    everywhere: frozenset[str]
    of: str = ""

    def holders(self, method: str) -> frozenset[str]:
        return self.get if method == "GET" else self.post

    def lets_in(self, letter: str, method: str, *, when: str, foreign: bool) -> bool:
        holders = self.holders(method)
        if "any" in holders or ("officer" in holders and letter in OFFICERS):
            return True
        return letter in holders and when == "now" and (not foreign or letter in self.everywhere)


# The letters of accounts that belong to an officer.
OFFICERS = "ORC"


def _rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row; cells are set apart by two spaces or more."""
    for line in text.strip().splitlines()[1:]:
        yield re.split(r" {2,}", line.strip())


def _letters(cell: str) -> frozenset[str]:
    return frozenset(() if cell == "-" else cell.split())


def rules() -> dict[str, Rule]:
    """Return the rule of every route that asks for a login."""
    found = {}
    parts = (log_table, contacts_table, handbook_table, overview_table)
    texts = (table.ROUTES, *(text for part in parts for text in part.ROUTES))
    for route, get, post, everywhere, *of in (row for text in texts for row in _rows(text)):
        found[route] = Rule(
            _letters(get), _letters(post), _letters(everywhere), of[0] if of and of[0] != "-" else ""
        )
    for row in _rows(table.ADMIN):
        model, (view, add, change, delete, everywhere) = row[0], map(_letters, row[1:])
        base = f"admin/{model.replace('.', '/')}/"
        found |= {
            base: Rule(view, view, everywhere),
            f"{base}add/": Rule(add, add, everywhere),
            f"{base}<path:object_id>/history/": Rule(view, view, everywhere, model),
            f"{base}<path:object_id>/change/": Rule(view, change, everywhere, model),
            f"{base}<path:object_id>/delete/": Rule(delete, delete, everywhere, model),
        }
    return found


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern).removeprefix("/")
        if isinstance(pattern, URLPattern):
            yield path, pattern.callback
        else:
            yield from _routes(pattern, path)


def routes_with_login() -> set[str]:
    return {
        path
        for path, view in _routes(get_resolver())
        if getattr(view, "login_required", True)
        and path not in table.ELSEWHERE
        and not path.endswith("<path:object_id>/")
    }


def test_the_table_knows_every_route_and_no_other():
    known = set(rules())
    assert routes_with_login() - known == set(), "routes without a row in tests/access/table.py"
    assert known - routes_with_login() == set(), "rows without a route"


@pytest.fixture
def stations() -> World:
    return world.build()


# What an address has to be asked for an answer.
QUESTIONS = {"station/overview/chart.svg": "?figure=visits"}


def _address(route: str, of: str, stations: World, *, foreign: bool) -> str:
    if not of:
        return f"/{route}{QUESTIONS.get(route, '')}"
    found = stations.object(of, foreign=foreign)
    own = ("slug", "uuid", "group", "code", "station", "chapter", "anchor", "number")
    values = {name: name for name in own}
    return "/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda name: str(getattr(found, values.get(name[1], "pk"))), route
    )


def _ask(client: Client, method: str, address: str) -> tuple[int, str, str]:
    """Ask, and undo what it did. Returns status, where it leads to, and the text."""
    with transaction.atomic():
        response = client.generic(method, address)
        # A file that is read to its end is closed.
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = content.decode(errors="replace")
        transaction.set_rollback(True)
    return response.status_code, response.get("Location", ""), text


def _is_let_in(status: int, location: str) -> bool:
    return status not in (403, 404) and status < 500 and "/login/?next=" not in location


def _cases(rule: Rule) -> Iterator[tuple[str, str, bool]]:
    """Yield method, when the account's right holds, and whether the object is another station's."""
    for method in ("GET", "POST"):
        if rule.holders(method):
            yield from ((method, when, False) for when in world.TIMES)
            if rule.of:
                yield method, "now", True


@pytest.mark.parametrize("letter", LETTERS)
def test_each_role_is_let_in_where_the_table_says_and_nowhere_else(letter, stations):
    mismatches = []
    clients = {when: Client(raise_request_exception=False) for when in world.TIMES}
    for when, client in clients.items():
        client.force_login(stations.accounts[letter, when])
    # Logging out comes last.
    for route, rule in sorted(rules().items(), key=lambda found: ("logout" in found[0], found[0])):
        for method, when, foreign in _cases(rule):
            expected = rule.lets_in(letter, method, when=when, foreign=foreign)
            address = _address(route, rule.of, stations, foreign=foreign)
            status, location, text = _ask(clients[when], method, address)
            if _is_let_in(status, location) is not expected:
                whose = "foreign" if foreign else "own"
                mismatches.append(f"{method} {address} ({whose}, right {when}): {status} {location}")
            elif expected and FOREIGN in text and letter not in rule.everywhere:
                mismatches.append(f"{method} {address}: names what belongs to the other station")
    assert not mismatches, "\n" + "\n".join(mismatches)


def test_without_a_login_every_route_leads_to_the_login(stations, client):
    for route, rule in rules().items():
        for method in ("GET", "POST"):
            status, location, _text = _ask(client, method, _address(route, rule.of, stations, foreign=False))
            assert (status, "login" in location) == (302, True), (method, route, status)
