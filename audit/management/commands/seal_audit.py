"""Seal the entries of the log that are new, as the clock does each minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from audit import sealing


class Command(BaseCommand):
    help = "Seal the new entries of the read log and the change log."

    def handle(self, *args: Any, **options: Any) -> None:
        for log in sealing.TABLES:
            made = sealing.seal(log)
            self.stdout.write(f"{log}: {made.rows} entries, {made.digest}" if made else f"{log}: nothing new")
