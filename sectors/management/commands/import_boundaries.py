"""Import the boundaries of a station's sectors from a GeoJSON, GeoPackage or Shapefile."""

from __future__ import annotations

import datetime
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext, ngettext

from sectors.boundaries.checks import Finding
from sectors.boundaries.file_import import Imported, Reading, import_boundaries
from sectors.boundaries.files import BoundaryFileError, FieldNames
from sectors.boundaries.publication import PublicationRefused
from sectors.models import Station


class _DryRun(Exception):  # not an error
    """Undoes a transaction that has gone well."""


class Command(BaseCommand):
    help = (
        "Import the boundaries of a station's sectors from a GeoJSON, GeoPackage (.gpkg) or Shapefile (.shp, "
        "or a .zip with its parts) as a draft release; with --activate-on, publish it. Sectors are matched by "
        "number. A file that is refused leaves nothing behind."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the boundary file")
        parser.add_argument("--station", required=True, metavar="SLUG", help="the station's short name")
        parser.add_argument("--create-station", metavar="NAME", help="make the station if it is not there")
        parser.add_argument(
            "--activate-on",
            metavar="DATE",
            help="publish: 'now', a date (from midnight on) or a date and time, as 2027-03-01T06:00",
        )
        parser.add_argument(
            "--crs", metavar="EPSG:CODE", help="coordinate system, where the file does not say"
        )
        parser.add_argument("--layer", help="the layer of a GeoPackage that has several")
        parser.add_argument("--number-field", metavar="FIELD", help="the field with the sector's number")
        parser.add_argument("--name-field", metavar="FIELD", help="the field with the sector's name")
        parser.add_argument("--district-field", metavar="FIELD", help="the field with the district's name")
        parser.add_argument(
            "--renumber-duplicates",
            action="store_true",
            help="where different sectors have one number, give the later ones the next free number",
        )
        parser.add_argument(
            "--cut-overlaps",
            action="store_true",
            help="give ground that two sectors draw to the one with the lower number, however much it is",
        )
        parser.add_argument("--name", default="", help="what to call the release (default: file and date)")
        parser.add_argument("--dry-run", action="store_true", help="report everything, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                self._report(self._imported(options), options)
                if options["dry_run"]:
                    raise _DryRun
        except _DryRun:
            self.stdout.write(gettext("Dry run: nothing was changed."))
        except (BoundaryFileError, PublicationRefused) as refused:
            sentence = gettext("%(reason)s%(option)s Nothing was imported.")
            raise CommandError(sentence % {"reason": refused, "option": _option(refused)}) from None

    def _imported(self, options: dict[str, Any]) -> Imported:
        instant = _instant(options["activate_on"])
        return import_boundaries(
            options["file"],
            _station(options["station"], options["create_station"]),
            name=options["name"],
            reading=_reading(options),
            activate=options["activate_on"] is not None,
            activate_at=instant,
            progress=self.stdout.write,
        )

    def _report(self, imported: Imported, options: dict[str, Any]) -> None:
        for note in imported.notes:
            self.stdout.write(self.style.WARNING(note))
        for finding in imported.report.findings:
            self._say(finding)
        self._say_gaps(imported)
        self.stdout.write(self.style.SUCCESS(_summary(imported)))
        if imported.release.is_draft and imported.report.refuses_publication:
            sentence = gettext(
                "This draft cannot be published before that is mended: on the map in the administration, in "
                "the file, or by --cut-overlaps."
            )
            self.stdout.write(self.style.WARNING(sentence))

    def _say(self, finding: Finding) -> None:
        style = self.style.ERROR if finding.refuses else self.style.WARNING
        self.stdout.write(style(finding.sentence))

    def _say_gaps(self, imported: Imported) -> None:
        count = imported.report.gap_count
        if count:
            sentence = ngettext("%(count)s gap in all.", "%(count)s gaps in all.", count)
            self.stdout.write(sentence % {"count": count})


def _option(refused: BoundaryFileError | PublicationRefused) -> str:
    """Return the option that would help, in brackets."""
    if isinstance(refused, BoundaryFileError):
        return f" ({refused.option})" if refused.option else ""
    return " (--cut-overlaps)" if refused.report and refused.report.overlaps else ""


def _station(slug: str, new_name: str | None) -> Station:
    station = Station.objects.filter(slug=slug).first()
    if station:
        return station
    if not new_name:
        known = ", ".join(Station.objects.values_list("slug", flat=True)[:20]) or "–"
        sentence = gettext(
            "There is no station “%(slug)s” (there are: %(known)s). Make it by --create-station NAME."
        )
        raise CommandError(sentence % {"slug": slug, "known": known})
    station = Station(slug=slug, name=new_name)
    try:
        station.full_clean()
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    station.save()
    return station


def _reading(options: dict[str, Any]) -> Reading:
    return Reading(
        epsg=_epsg(options["crs"]),
        layer=options["layer"],
        fields=FieldNames(options["number_field"], options["name_field"], options["district_field"]),
        renumber_duplicates=options["renumber_duplicates"],
        cut_overlaps=options["cut_overlaps"],
    )


def _epsg(text: str | None) -> int | None:
    if text is None:
        return None
    found = re.fullmatch(r"(?:epsg:)?(\d{4,6})", text.strip(), re.IGNORECASE)
    if not found:
        raise CommandError(gettext("--crs takes a code such as EPSG:25832, not “%(text)s”.") % {"text": text})
    return int(found[1])


def _instant(text: str | None) -> datetime.datetime | None:
    """Return the instant in the site's time zone; None for "now" and for no instant at all."""
    if text in {None, "now"}:
        return None
    try:
        day = parse_date(text or "")
        instant = datetime.datetime.combine(day, datetime.time()) if day else parse_datetime(text or "")
    except ValueError:
        instant = None
    if instant is None:
        sentence = gettext(
            "--activate-on takes 'now', a date, or a date and time as 2027-03-01T06:00, not “%(text)s”."
        )
        raise CommandError(sentence % {"text": text})
    return timezone.make_aware(instant) if timezone.is_naive(instant) else instant


def _summary(imported: Imported) -> str:
    count = imported.release.boundaries.count()
    sentence = ngettext(
        "“%(release)s” draws %(count)s sector of %(station)s, %(new)s of them new. It is %(state)s.",
        "“%(release)s” draws %(count)s sectors of %(station)s, %(new)s of them new. It is %(state)s.",
        count,
    )
    states = {
        "draft": gettext("a draft"),
        "scheduled": gettext("published and begins on the day stated"),
        "active": gettext("in force"),
    }
    return sentence % {
        "release": imported.release,
        "count": count,
        "station": imported.release.station,
        "new": imported.new_sectors,
        "state": states[imported.release.state],
    }
