"""Counts the overview's figures by month, as each night does, or all of them."""

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from overview.figures.counting import all_months, count, count_due


class Command(BaseCommand):
    help = (
        "Count the overview's figures: what each night counts, or with --all every month of which anything is "
        "known. It can be stopped and run again at any time; what is shown changes month by month."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="count every month, from the first entry on")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["all"]:
            self.stdout.write(f"{count_due()} months counted.")
            return
        now = timezone.now()
        months = all_months(now)
        for place, month in enumerate(months, start=1):
            began = time.monotonic()
            count([month], now)
            if options["verbosity"]:
                took = time.monotonic() - began
                self.stdout.write(f"{month:%Y-%m}: {took:.1f} s ({place} of {len(months)} months)")
