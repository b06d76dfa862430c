"""A real mail server that has bad moments: it refuses, stalls, and hangs up after it has taken a mail."""

import asyncio
import email
import random
from collections import Counter
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# How often of a thousand mails each of them happens, while it has bad moments.
PER_THOUSAND = {"refused": 20, "busy": 10, "stalled": 3, "taken, and hung up": 10}
# Longer than the site waits for an answer.
STALL_SECONDS = 4.0


class Mailbox:
    """What was taken, by Message-ID, and how often the server had which bad moment."""

    def __init__(self, seed: int) -> None:
        self.taken: Counter[str] = Counter()
        self.addressed_to: dict[str, str] = {}
        self.moments: Counter[str] = Counter()
        self.is_well = False
        self._rng = random.Random(seed)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        moment = self._moment()
        if moment == "refused":
            return "451 Try again later"
        if moment == "busy":
            return "421 Too busy"
        if moment == "stalled":
            await asyncio.sleep(STALL_SECONDS)
            return "451 Too late"
        self._take(envelope)
        if moment == "taken, and hung up" and server.transport is not None:
            server.transport.abort()
        return "250 Taken"

    def _moment(self) -> str:
        drawn, moment = self._rng.randrange(1000), ""
        for name, often in PER_THOUSAND.items():
            if not self.is_well and 0 <= drawn < often:
                moment = name
                self.moments[name] += 1
            drawn -= often
        return moment

    def _take(self, envelope: Envelope) -> None:
        mail = email.message_from_bytes(envelope.content or b"")
        self.taken[mail["Message-ID"]] += 1
        self.addressed_to[mail["Message-ID"]] = envelope.rcpt_tos[0]


class MailServer:
    """The mailbox behind a port of its own."""

    def __init__(self, mailbox: Mailbox, port: int) -> None:
        self._controller: Any = Controller(mailbox, hostname="127.0.0.1", port=port)

    def __enter__(self) -> None:
        self._controller.start()

    def __exit__(self, *failure: object) -> None:
        self._controller.stop()
