"""Is the log as it was written? Names the first seal that does not hold, and its period."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import sealing
from audit.models import Seal


class Command(BaseCommand):
    help = "Compute the chain of seals anew. Exit status 1 when an entry was altered, added or removed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="DIGEST",
            help="a digest that was kept elsewhere and has to be in the chain: finds a chain that was made anew",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        failures = [line for log in sealing.TABLES if (line := self._verify(log))]
        failures += [
            f"No seal has the digest {digest}: the chain was made anew, or ends before it."
            for digest in options["expect"]
            if not Seal.objects.filter(digest=digest).exists()
        ]
        if failures:
            raise CommandError("\n".join(failures))

    def _verify(self, log: str) -> str:
        """Say what stands; return what does not."""
        verdict = sealing.verify(log)
        if found := verdict.mismatch:
            since = verdict.last.at.isoformat(timespec="seconds") if verdict.last else "the beginning"
            return (
                f"{log}: seal {found.seal.pk} does not hold: {found.reason}. Its entries are those from {since} "
                f"to {found.seal.at.isoformat(timespec='seconds')}. The {verdict.seals} seals before it hold."
            )
        last = f"; the last: {verdict.last.digest}" if verdict.last else ""
        self.stdout.write(
            f"{log}: {verdict.sealed} entries under {verdict.seals} seals are as they were written, "
            f"{verdict.unsealed} are not sealed yet{last}"
        )
        return ""
