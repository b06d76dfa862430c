"""Bring the address register to what a CSV or GeoJSON file says."""

from __future__ import annotations

import csv
import re
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.owner import as_owner
from sectors.address_register.columns import FIELDS, parse_mapping
from sectors.address_register.errors import AddressFileError
from sectors.address_register.file_import import Summary, import_addresses
from sectors.address_register.files import Options
from sectors.address_register.staging import Rejected
from sectors.management.progress import ProgressLine


class Command(BaseCommand):
    help = "Import an address register from CSV or GeoJSON. Interrupted, it goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="CSV with a line of column names, or GeoJSON"
        )
        parser.add_argument(
            "--map",
            nargs="+",
            action="extend",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"which column holds what, where that is not recognised; fields: {', '.join(FIELDS)}",
        )
        parser.add_argument("--crs", metavar="EPSG:CODE", help="coordinate system of the coordinates")
        parser.add_argument("--encoding", default="utf-8", help="of a CSV file, default utf-8")
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="where records that cannot be used are listed, as CSV"
        )
        parser.add_argument(
            "--prune",
            action="store_true",
            help="remove addresses from the register that the file does not hold",
        )
        parser.add_argument(
            "--again", action="store_true", help="read the file though it was the last one imported"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        progress = ProgressLine(self.stderr)
        try:
            said = Options(parse_mapping(options["map"]), _srid(options["crs"]), options["encoding"])
            report = _Report(options["report"] or Path(f"{options['file'].stem}-rejected.csv"))
            # Its tables for one file are made and dropped, which the site's own role may not do.
            with as_owner():
                summary = import_addresses(
                    options["file"],
                    said,
                    tell=progress.show,
                    report=report.write,
                    prune=options["prune"],
                    again=options["again"],
                )
        except AddressFileError as error:
            raise CommandError(str(error)) from None
        finally:
            progress.end()
        self._say(summary, report)

    def _say(self, summary: Summary, report: _Report) -> None:
        if summary.is_repeated:
            self.stdout.write(
                _("This file is in the register already; nothing was changed. (--again reads it once more.)")
            )
            return
        merged = summary.merged
        if summary.resumed_at:
            self.stdout.write(_("Went on after record %(record)s.") % {"record": summary.resumed_at})
        self.stdout.write(
            _("%(records)s records: %(added)s addresses added, %(changed)s changed, %(removed)s removed.")
            % {
                "records": summary.records,
                "added": merged.added,
                "changed": merged.changed,
                "removed": merged.removed,
            }
        )
        if not (merged.added or merged.changed or merged.removed):
            self.stdout.write(_("The register held all of it already; nothing was changed."))
        if merged.duplicates:
            self.stdout.write(
                _("%(count)s records repeat an address of the file; the last of each counts.")
                % {"count": merged.duplicates}
            )
        if summary.bad:
            self.stdout.write(
                _("%(count)s records could not be used; see %(path)s.")
                % {"count": summary.bad, "path": report.path}
            )


class _Report:
    """The list of records that could not be used: line, reason, content."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not (path.parent.is_dir() and not path.is_dir()):
            raise AddressFileError(_("The report cannot be written to %(path)s.") % {"path": path})

    def write(self, rejected: Iterable[Rejected]) -> None:
        try:
            with self.path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(("line", "reason", "content"))
                writer.writerows(rejected)
        except OSError as error:
            raise AddressFileError(
                _("The report cannot be written to %(path)s: %(reason)s.")
                % {"path": self.path, "reason": error.strerror}
            ) from None


def _srid(crs: str | None) -> int | None:
    if crs is None:
        return None
    code = re.fullmatch(r"(?:EPSG:)?(\d{4,6})", crs.strip(), re.IGNORECASE)
    if code is None:
        raise AddressFileError(
            _("“%(crs)s” is not a coordinate system. Write for example EPSG:25832.") % {"crs": crs}
        )
    return int(code[1])
