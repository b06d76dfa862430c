import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as site_settings

EVENT = "trial.cover_begins"


class Mailbox:
    """A mail server's insides: what it took, and what it answers instead of taking."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.answer_sender = ""
        self.answer_recipient = ""
        self.answer_data = ""
        self.after_taking: Callable[[], None] = lambda: None

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers):  # noqa: N802 - aiosmtpd's name
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options):  # noqa: N802 - aiosmtpd's name
        if self.answer_sender:
            return self.answer_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options):  # noqa: N802 - aiosmtpd's name
        if self.answer_recipient:
            return self.answer_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope):  # noqa: N802 - aiosmtpd's name
        if self.answer_data:
            return self.answer_data
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.recipients += envelope.rcpt_tos
        self.after_taking()
        return "250 taken"


class MailServer:
    """A real SMTP server on a port of its own, which can be stopped and started again."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self.port = free_port()
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(self.mailbox, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    settings.EMAIL_TIMEOUT = 2
    settings.SITE_URL = "https://officer.police.example"
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailbox(mail_server: MailServer) -> Mailbox:
    return mail_server.mailbox


@pytest.fixture(autouse=True)
def texts(tmp_path: Path, settings) -> Callable[..., None]:
    """Write the texts of an event; at first those of EVENT, in both languages."""

    def write(subject: str, body: str, event: str = EVENT) -> None:
        app, _, name = event.partition(".")
        folder = tmp_path / "templates" / app / "email"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}_subject.txt").write_text(subject)
        (folder / f"{name}_body.txt").write_text(body)

    backend = site_settings.TEMPLATES[0]
    settings.TEMPLATES = [{**backend, "DIRS": [tmp_path / "templates", *backend["DIRS"]]}]
    write(
        "{% load i18n %}{% get_current_language as code %}{% if code == 'da' %}Du dækker{% else %}"
        "You cover{% endif %} {{ sector }}\n",
        "{{ sector }} {{ begins|date:'j F Y H:i' }} {{ site_url }}/log/\n",
    )
    return write
