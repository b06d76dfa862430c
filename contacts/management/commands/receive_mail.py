"""Takes one mail from a mail server's pipe: `answers+…@police.example` → `manage.py receive_mail`."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError

from contacts.messages.mail.incoming import Outcome, take
from contacts.messages.mail.reading import MOST_BYTES

logger = logging.getLogger(__name__)

_KEPT = (Outcome.ADDED, Outcome.BOUNCED, Outcome.RETURNED)


class Command(BaseCommand):
    help = (
        "Reads one mail (RFC 5322) from standard input and adds it to the message that it answers. "
        "Ends with the codes of sysexits.h: 0 it was taken or dropped for good, 65 it is too large, "
        "so that its sender is told, 75 try again later."
    )
    requires_system_checks = ()
    # For tests: what is read instead of standard input.
    stealth_options = ("stdin",)

    def handle(self, *args: Any, **options: Any) -> None:
        source: BinaryIO = options.get("stdin") or sys.stdin.buffer
        # Whatever is beyond is not read at all.
        raw = source.read(MOST_BYTES + 1)
        try:
            outcome = take(raw)
        except (DatabaseError, InterfaceError) as failure:
            logger.warning("A mail must wait: %s", type(failure).__name__)
            sys.exit(os.EX_TEMPFAIL)
        # Nothing of the mail itself: log files are read by more people than messages are.
        logger.info("A mail was %s: %s", "taken" if outcome in _KEPT else "dropped", outcome.value)
        if outcome is Outcome.TOO_LARGE:
            self.stderr.write(
                "Your mail is larger than 10 MB. Send it once more without attachments, please."
            )
            sys.exit(os.EX_DATAERR)
