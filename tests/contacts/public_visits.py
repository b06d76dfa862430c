"""Every public address, asked in every way that answers differently: good, bad, too much, gone, in an outage."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from unittest.mock import patch
from urllib.parse import urlencode

from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from contacts.messages.guarding import form_token
from contacts.messages.receipts import message_of
from contacts.models import RequestCount, SurveyRound
from contacts.views import map as map_view
from sectors.snapshot import Snapshot
from tests.contacts.public_scene import Scene
from tests.factories import middle

Visit = tuple[str, HttpResponse]
FORM = "application/x-www-form-urlencoded"
UNKNOWN = "/sectors/nowhere/"
DAY = datetime.timedelta(days=1)


def addresses(scene: Scene) -> dict[str, list[str]]:
    """Return what to ask of each public route: the address of a thing that is shown, and of one that is not."""
    own, vacant, station = scene.sector.slug, scene.vacant.slug, scene.sector.station.slug
    lon, lat = middle(0)
    place = f"lat={lat}&lon={lon}"
    login = "admin/login/ account/login/ account/logout/ account/inactive/ account/password/reset/"
    more = "account/password/reset/sent/ account/password/reset/key/done/ account/second-factor/authenticate/"
    simple = (
        f"sectors/ map/ sectors.geojson embed/ find-my-officer.js log/worker.js healthz readyz {login} {more}"
    )
    api = "api/v1/openapi.json api/v1/docs account/second-factor/webauthn/login/"
    by_sector = "card.vcf qr.svg events.ics notices.atom leaflet.pdf message/ survey/"
    by_station = "events.ics notices.atom"
    digests = (scene.portrait.digest, scene.hidden_portrait.digest)
    return {
        "/": [""],
        **{path: [path] for path in f"{simple} {api}".split()},
        "find/": [f"find/?{place}", "find/?q=Frederikssundsvej+12", "find/?q=nowhere", "find/?lat=1&lon=1"],
        "sectors/<slug:slug>/": [f"sectors/{own}/", f"sectors/{vacant}/", "sectors/nowhere/"],
        **{
            f"sectors/<slug:slug>/{page}": [f"sectors/{slug}/{page}" for slug in (own, vacant, "nowhere")]
            for page in by_sector.split()
        },
        "sectors/<slug:slug>/events/<uuid:uuid>.ics": [
            f"sectors/{own}/events/{uuid}.ics" for uuid in (scene.event, scene.hidden_event)
        ],
        **{f"stations/<slug:slug>/{page}": [f"stations/{station}/{page}"] for page in by_station.split()},
        "portraits/<slug:digest>-<slug:size>.jpg": [
            f"portraits/{digest}-{size}.jpg" for digest in digests for size in ("small", "medium", "large")
        ],
        "messages/<str:token>/": [
            f"messages/{token}/" for token in (scene.token, scene.withdrawn_token, scene.closed_token, "a")
        ],
        "messages/<str:token>/withdraw/": [f"messages/{scene.token}/withdraw/"],
        "messages/<str:token>/evaluate/": [f"messages/{scene.closed_token}/evaluate/"],
        "p/<slug:code>/": [f"p/{scene.outdated_print}/", "p/222222/"],
        "prints/<slug:code>/": [f"prints/{scene.outdated_print}/", "prints/222222/"],
        "api/v1/locate": [f"api/v1/locate?{place}", "api/v1/locate?address=Frederikssundsvej+12"],
        "api/v1/locate/bulk": ["api/v1/locate/bulk"],
        "api/v1/addresses": ["api/v1/addresses?q=Frederik"],
        "api/v1/sectors": ["api/v1/sectors"],
        "api/v1/sectors/<str:slug>": [f"api/v1/sectors/{own}", f"api/v1/sectors/{vacant}"],
        "api/v1/<path:path>": ["api/v1/nowhere"],
        "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$": [
            "account/password/reset/key/1-set-password/"
        ],
        "account/invitation/<str:secret>/": ["account/invitation/false/"],
    }


def visits(scene: Scene) -> Iterator[Visit]:
    """Ask everything, and yield what was asked with its answer."""
    client = Client(raise_request_exception=False)
    asked = [path for paths in addresses(scene).values() for path in paths]
    for path in asked:
        for way in (f"/{path}", f"/da/{path}"):
            yield f"GET {way}", client.get(way)
        yield f"DELETE /{path}", client.delete(f"/{path}")
        yield f"POST /{path}", client.post(f"/{path}", "{", content_type="application/json")
    yield from _questions(client)
    yield from _evaluations(client, scene)
    yield from _surveys(client, scene)
    yield from _messages(client, scene)
    yield from _refusals(client, asked)
    yield from _outage(client, asked)


def _questions(client: Client) -> Iterator[Visit]:
    lon, lat = middle(0)
    items = json.dumps([{"lat": lat, "lon": lon}, {"address": "Frederikssundsvej 12"}, {"lat": "?"}])
    yield "POST bulk", client.post("/api/v1/locate/bulk", items, content_type="application/json")
    for asked in ("q=" + "9" * 5000, "lat=x&lon=y", "q="):
        yield f"GET find {asked[:9]}", client.get(f"/find/?{asked}")
        yield f"GET locate {asked[:9]}", client.get(f"/api/v1/locate?{asked}")
    yield "origin", client.get("/api/v1/sectors", headers={"Origin": "https://municipality.example"})
    yield "preflight", client.options("/api/v1/sectors", headers={"Origin": "https://municipality.example"})


def _messages(client: Client, scene: Scene) -> Iterator[Visit]:
    """Leave a message, wrongly, in haste and well; add a word; send too many; take it back."""
    path = f"/sectors/{scene.sector.slug}/message/"
    made = form_token.FormToken.new(timezone.now() - datetime.timedelta(minutes=1))
    form = {"text": "Rubbish.", "answer_by": "none", "language": "en", "form_token": made.signed("message")}
    wrong: dict[str, dict[str, str]] = {
        "nothing": {},
        "no address": {**form, "answer_by": "email", "email": "x"},
        "trapped": {**form, "website": "x"},
        "urgent": {**form, "text": "A burglar is in my house now, help!"},
        "no token": {**form, "form_token": ""},
        "to be looked at": form,
    }

    def post(where: str, fields: dict[str, str]) -> HttpResponse:
        return client.post(where, urlencode(fields), content_type=FORM)

    for name, fields in wrong.items():
        for prefix in ("", "/da"):
            yield f"POST message, {name}", post(f"{prefix}{path}", fields)
    cleaned = {"text": "Rubbish.", "place": "", "name": "", "answer_by": "none", "email": "", "phone": ""}
    sent = form | {"seal": made.seal(cleaned | {"language": "en"})}
    received = post(path, sent)
    yield "POST message", received
    yield "POST message, again", post(path, sent)
    yield "POST message, another text", post(path, sent | {"text": "Something else."})
    if "Location" in received:
        yield "GET status", client.get(received["Location"])
        yield "POST word", post(received["Location"], {"text": "Still there."})
        yield "POST withdraw", post(f"{received['Location']}withdraw/", {})
    RequestCount.objects.update(count=10_000)
    another = form_token.FormToken.new(timezone.now() - datetime.timedelta(minutes=1))
    seal = another.seal(cleaned | {"language": "en"})
    flood = sent | {"form_token": another.signed("message"), "seal": seal}
    yield "POST message, too many", post(path, flood)
    lists = client.post("/api/v1/locate/bulk", '[{"lat": 1, "lon": 1}]', content_type="application/json")
    yield "POST bulk, too many", lists
    for number in range(8):
        yield "POST login", client.post("/account/login/", {"login": "a@b.example", "password": str(number)})
    yield "too large", client.post(path, "text=" + "x" * 3_000_000, content_type=FORM)


def _token(purpose: str) -> str:
    return form_token.FormToken.new(timezone.now()).signed(purpose)


def _evaluations(client: Client, scene: Scene) -> Iterator[Visit]:
    """Answer the questions about a closed message: nothing, without a token, well, and again; and of an open one."""
    path = f"/messages/{scene.closed_token}/evaluate/"
    message = message_of(scene.closed_token)
    assert message is not None
    good = {"got_help": "yes", "form_token": _token(f"evaluation:{message.uuid}")}
    for name, fields in {"nothing": {}, "no token": {"got_help": "no"}, "well": good, "again": good}.items():
        yield f"POST evaluation, {name}", client.post(path, urlencode(fields), content_type=FORM)
    yield "GET evaluated", client.get(f"/messages/{scene.closed_token}/")
    open_path = f"/messages/{scene.token}/evaluate/"
    yield "POST evaluation, open", client.post(open_path, urlencode(good), content_type=FORM)


def _surveys(client: Client, scene: Scene) -> Iterator[Visit]:
    """Answer a survey: nothing, without a token, well; its thanks; and where none is open."""
    path = f"/sectors/{scene.sector.slug}/survey/"
    good = {"knows_officer": "yes", "form_token": _token(f"survey:{scene.sector.slug}")}
    for name, fields in {"nothing": {}, "no token": {"has_met": "no"}, "well": good}.items():
        yield f"POST survey, {name}", client.post(path, urlencode(fields), content_type=FORM)
    yield "GET thanks", client.get(f"{path}?sent")
    closed = scene.survey.closes_on
    SurveyRound.objects.filter(pk=scene.survey.pk).update(closes_on=timezone.localdate() - DAY)
    yield "GET closed survey", client.get(path)
    yield "POST closed survey", client.post(path, urlencode({"has_met": "no"}), content_type=FORM)
    SurveyRound.objects.filter(pk=scene.survey.pk).update(closes_on=closed)


def _refusals(client: Client, asked: list[str]) -> Iterator[Visit]:
    """The pages of 400, 403, 404 and 500."""
    yield "bad host", client.get("/", headers={"Host": "somewhere.example"})
    yield "unknown", client.get(UNKNOWN)
    yield "unknown to everybody", client.get("/nowhere/at/all/")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    yield "forged login", strict.post("/account/login/", {"login": "a@b.example"})
    with patch.object(map_view, "kept", side_effect=RuntimeError("broken")):
        yield "broken", client.get("/map/")
        yield "broken, in Danish", client.get("/da/map/")


def _outage(client: Client, asked: list[str]) -> Iterator[Visit]:
    """Without the database: first as a process that has its copies, then as one that has just begun."""

    def fail(*_arguments: object) -> None:
        raise OperationalError("connection refused")

    for begins in (False, True):
        with connection.execute_wrapper(fail):
            for path in asked:
                if begins:
                    Snapshot.forget_all()
                yield f"outage: GET /{path}", client.get(f"/{path}")
