"""Text messages besides e-mails, against a real gateway on a port of its own."""

import datetime
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction
from django.utils import timezone, translation

from notifications import text_messages
from notifications.delivery import deliver_due
from notifications.models import PAUSES, Notification, TextNumber
from notifications.sending import notify, notify_by_text, withdraw
from notifications.text_messages import TEXT_LIMIT, compose_text
from notifications.text_numbers import CODE_WINDOW, ask_for_code, code_of, confirm, international, switch_off
from tests.factories import UserFactory
from tests.notifications.conftest import EVENT, free_port

NAMES = {"sector": "Quarter 1", "path": "/inbox/"}
PHONE = "+4512345678"


class Gateway:
    """A gateway's insides: what it was given, and what it answers."""

    def __init__(self) -> None:
        self.taken: list[dict] = []
        self.headers: list[dict] = []
        self.answer = 202
        self.seconds = 0.0
        self.lead_to = ""


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(gateway.seconds)
            gateway.headers.append(dict(self.headers))
            if gateway.answer < 300:
                gateway.taken.append(json.loads(body))
            self.send_response(gateway.answer)
            if gateway.lead_to:
                self.send_header("Location", gateway.lead_to)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def gateway(settings):
    inside = Gateway()
    server = HTTPServer(("127.0.0.1", 0), _handler(inside))
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_GATEWAY_TOKEN, settings.SMS_SENDER = "a-token", "Police"
    settings.TEXT_MESSAGE_EVENTS = frozenset({EVENT})
    settings.SITE_URL = "https://officer.police.example"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield inside
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _text(texts, tmp_path):
    """The text of EVENT as a text message."""
    app, _, name = EVENT.partition(".")
    words = "{% load i18n %}{% get_current_language as code %}{% if code == 'da' %}Ny i{% else %}New in{% endif %}"
    path = tmp_path / "templates" / app / "email" / f"{name}_sms.txt"
    path.write_text(words + " {{ sector }}: {{ site_url }}{{ path }}\n")


def at(instant: datetime.datetime):
    return lambda: instant


def reached(**fields):
    """Return an account that has confirmed its telephone."""
    user = UserFactory(**fields)
    TextNumber.objects.create(user=user, phone=PHONE, confirmed_at=timezone.now())
    return user


def texted(user) -> Notification:
    notify_by_text(EVENT, to_user=user, context=NAMES)
    return Notification.objects.get(channel="sms", recipient=user)


@pytest.mark.django_db
def test_text_goes_besides_the_mail_in_the_language_of_the_account(gateway, mailbox):
    user = reached()
    user.language = "da"
    user.save()
    notify(EVENT, to_user=user, context=NAMES)
    assert deliver_due() == 2
    row = Notification.objects.get(channel="sms")
    assert mailbox.recipients == [user.email]
    assert gateway.taken == [
        {
            "to": PHONE,
            "from": "Police",
            "text": "Ny i Quarter 1: https://officer.police.example/inbox/",
            "reference": str(row.uuid),
        }
    ]
    assert gateway.headers[0]["Authorization"] == "Bearer a-token"


@pytest.mark.django_db
def test_no_text_without_gateway_confirmed_number_or_urgent_event(gateway, settings):
    with_number, unconfirmed = reached(), UserFactory()
    TextNumber.objects.create(user=unconfirmed, phone=PHONE)
    notify(EVENT, to_user=unconfirmed, context=NAMES)
    notify(EVENT, to_user=UserFactory(), context=NAMES)
    notify(EVENT, to_address="citizen@example.org", context=NAMES)
    notify("trial.other", to_user=with_number, context=NAMES)
    settings.SMS_GATEWAY_URL = ""
    notify(EVENT, to_user=with_number, context=NAMES)
    assert not Notification.objects.filter(channel="sms").exists()


@pytest.mark.django_db
def test_taken_back_before_it_is_sent_goes_by_neither_way(gateway):
    notify(EVENT, to_user=reached(), context=NAMES)
    assert withdraw(EVENT, sector="Quarter 1") == 2
    assert deliver_due() == 0
    assert gateway.taken == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        (400, "dead", "GatewayRefused 400"),
        (404, "dead", "GatewayRefused 404"),
        (422, "dead", "GatewayRefused 422"),
        # About our token, or about the gateway's own state.
        (401, "waiting", "GatewayAway 401"),
        (403, "waiting", "GatewayAway 403"),
        (429, "waiting", "GatewayAway 429"),
        (500, "waiting", "GatewayAway 500"),
        (503, "waiting", "GatewayAway 503"),
    ],
)
def test_gateway_that_refuses_is_asked_again_unless_it_is_about_the_text(gateway, answer, state, error):
    row = texted(reached())
    gateway.answer = answer
    assert deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, row.last_error, row.attempts) == (state, error, 1)
    gateway.answer = 200
    assert deliver_due(clock=at(row.due_at + PAUSES[0] + datetime.timedelta(minutes=5))) == (
        state == "waiting"
    )


@pytest.mark.django_db
def test_token_goes_to_nobody_whom_the_gateway_names(gateway):
    gateway.answer, gateway.lead_to = 307, "http://127.0.0.1:1/elsewhere"
    row = texted(reached())
    deliver_due()
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("waiting", "GatewayAway 307")


@pytest.mark.django_db
def test_gateway_that_hangs_costs_one_of_many_an_attempt_and_no_mail(gateway, mailbox, monkeypatch):
    monkeypatch.setattr(text_messages, "_TIMEOUT_SECONDS", 0.2)
    gateway.seconds = 0.6
    for _ in range(3):
        texted(reached())
    notify(EVENT, to_address="citizen@example.org", context=NAMES)
    started = time.monotonic()
    assert deliver_due() == 1
    assert time.monotonic() - started < 2.0
    assert mailbox.recipients == ["citizen@example.org"]
    rows = Notification.objects.filter(channel="sms").order_by("pk")
    assert [row.attempts for row in rows] == [1, 0, 0]
    assert rows[0].last_error == "TimeoutError"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "ftp://example.org/"])
def test_gateway_that_is_away_or_no_web_address_is_waited_for(gateway, settings, address):
    row = texted(reached())
    settings.SMS_GATEWAY_URL = address or f"http://127.0.0.1:{free_port()}/"
    assert deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("waiting", "NoWebAddress" if address else "ConnectionRefusedError")


@pytest.mark.django_db
def test_mail_server_that_is_away_holds_up_no_text(gateway, mail_server):
    mail_server.stop()
    notify(EVENT, to_user=reached(), context=NAMES)
    assert deliver_due() == 1
    assert len(gateway.taken) == 1


@pytest.mark.django_db
def test_account_that_is_switched_off_or_has_no_number_gets_none(gateway):
    closed, gone = texted(reached(is_active=False)), texted(reached())
    TextNumber.objects.filter(user=gone.recipient).delete()
    deliver_due()
    closed.refresh_from_db()
    gone.refresh_from_db()
    assert [(row.state, row.last_error) for row in (closed, gone)] == [
        ("dead", "ClosedAccount"),
        ("dead", "NoNumber"),
    ]
    assert gateway.taken == []


@pytest.mark.django_db
def test_each_event_of_the_site_fits_into_one_text_in_both_languages(settings):
    settings.SITE_URL = "https://betjent.koebenhavn.politi.example"
    context = {"sector": "Husum, Tingbjerg og Utterslev Mose Nord", "path": f"/inbox/{'0' * 36}/"}
    user = reached()
    for event in settings.TEXT_MESSAGE_EVENTS:
        row = Notification(recipient=user, event=event, context=context, channel="sms")
        for language in ("en", "da"):
            row.language = language
            text = compose_text(row)
            assert len(text) <= TEXT_LIMIT, text
            assert text.endswith(f"{settings.SITE_URL}/inbox/{'0' * 36}/")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12 34 56 78", None),
        ("22 34 56 78", "+4522345678"),
        ("+45 22-34-56-78", "+4522345678"),
        ("0046 (70) 123 45 67", "+46701234567"),
        ("112", None),
        ("", None),
        ("+0045 22345678", None),
        ("+٤٥٢٢٣٤٥٦٧٨", None),
        ("+45 22345678 or so", None),
    ],
)
def test_number_is_read_with_its_country(typed, number):
    assert international(typed) == number


@pytest.mark.django_db
def test_code_comes_as_a_text_stands_nowhere_and_confirms_once(gateway):
    user = UserFactory()
    number = ask_for_code(user, PHONE)
    assert deliver_due() == 1
    code = code_of(number, timezone.now())
    assert code in gateway.taken[0]["text"]
    assert len(gateway.taken[0]["text"]) <= TEXT_LIMIT
    assert code not in str(list(Notification.objects.values())) + str(list(TextNumber.objects.values()))
    wrong = "000000" if code != "000000" else "000001"
    assert [
        confirm(user, wrong),
        confirm(user, "é"),
        confirm(user, f"{code[:3]} {code[3:]}"),
        confirm(user, code),
    ] == [
        False,
        False,
        True,
        False,
    ]


@pytest.mark.django_db
def test_code_runs_out_and_is_good_for_one_number_of_one_account(gateway):
    user = UserFactory()
    number = ask_for_code(user, PHONE)
    now = timezone.now()
    code = code_of(number, now)
    assert not confirm(user, code, now=now + 2 * CODE_WINDOW)
    other = ask_for_code(UserFactory(), PHONE)
    assert code_of(other, now) != code or not confirm(other.user, code, now=now)
    ask_for_code(user, "+4587654321")
    assert not confirm(user, code, now=now)


@pytest.mark.django_db
def test_switched_off_takes_back_what_waits(gateway):
    user = reached()
    notify(EVENT, to_user=user, context=NAMES)
    switch_off(user)
    assert list(Notification.objects.values_list("channel", flat=True)) == ["email"]
    assert not TextNumber.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_text_belongs_into_the_transaction_of_its_cause():
    with pytest.raises(transaction.TransactionManagementError):
        notify_by_text(EVENT, to_user=UserFactory(), context=NAMES)
    translation.deactivate()
