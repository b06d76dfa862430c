"""Importing a station's officers from a CSV file: planned line by line, then done as a whole or not at all.

An officer is known by e-mail address. Who is there already is brought up to date; nobody is removed. With a sector
the officer is appointed to it, from the day stated or from now on.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from officers.appointment import appoint, in_the_way
from officers.fields import EARLIEST, end_text
from officers.models import Assignment, Officer
from sectors.csv_files import CsvLine
from sectors.instants import LONGEST_AHEAD, instant_text
from sectors.models import Sector, Station

PERSONAL = ("name", "title", "phone", "email")
ROLES = {
    "responsible": Assignment.Role.RESPONSIBLE,
    "responsible officer": Assignment.Role.RESPONSIBLE,
    "ansvarlig": Assignment.Role.RESPONSIBLE,
    "sektoransvarlig": Assignment.Role.RESPONSIBLE,
    "attached": Assignment.Role.ATTACHED,
    "attached officer": Assignment.Role.ATTACHED,
    "tilknyttet": Assignment.Role.ATTACHED,
}
# Year first as in ISO 8601, or day first as in Denmark.
_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[-./](?P<m>\d{1,2})[-./](?P<y>\d{4})"),
)
# A spreadsheet runs a cell that begins so. A telephone number may begin with a plus sign.
_FORMULA = re.compile(r"[=@\t]|[+-](?![\d\s(])")


class ImportRefused(Exception):
    """Something changed since the file was looked at; nothing has been imported."""


@dataclass(slots=True)
class PlannedLine:
    """What a line of the file would do. A line with problems does nothing, and neither does the file."""

    number: int
    # As the line has it: a line that repeats an address names somebody of its own.
    name: str = ""
    officer: Officer | None = None
    changes: list[str] = field(default_factory=list)
    appointment: Assignment | None = None
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return "problem", "new", "changed" or "same"."""
        if self.problems or self.officer is None:
            return "problem"
        if self.officer._state.adding:
            return "new"
        return "changed" if self.changes or self.appointment else "same"


def plan_import(lines: Iterable[CsvLine], station: Station) -> list[PlannedLine]:
    """Return what importing the lines at the station would do. Nothing is saved. A query for each appointment."""
    return list(_Planning(station).lines(lines))


@transaction.atomic
def import_officers(planned: list[PlannedLine]) -> None:
    """Save what was planned. Raises ImportRefused, and then nothing has changed."""
    if any(line.problems for line in planned):
        raise ImportRefused
    try:
        with transaction.atomic():
            for line in planned:
                _save(line)
    except IntegrityError as error:
        raise ImportRefused from error


def _save(line: PlannedLine) -> None:
    officer = cast("Officer", line.officer)
    if officer._state.adding:
        officer.save()
    elif line.changes:
        officer.save(update_fields=["name", "title", "phone"])
    if line.appointment is not None:
        # Set again: an officer who is made in this file has a primary key only now.
        line.appointment.officer = officer
        appoint(line.appointment)


class _Planning:
    """Holds what is there already against the lines, and the lines against one another."""

    def __init__(self, station: Station) -> None:
        self.station, self.now = station, timezone.now()
        officers = Officer.objects.filter(station=station)
        self.officers = {officer.email.lower(): officer for officer in officers}
        self.names = {officer.name.casefold() for officer in officers}
        self.sectors = {sector.number: sector for sector in Sector.objects.filter(station=station)}
        self.seen: dict[str, PlannedLine] = {}
        self.appointed: dict[tuple[int, str], int] = {}

    def lines(self, lines: Iterable[CsvLine]) -> Iterator[PlannedLine]:
        for line in lines:
            planned = PlannedLine(line.number)
            if line.problem:
                planned.problems.append(line.problem)
            else:
                self._plan(planned, line.cells)
            yield planned

    def _plan(self, planned: PlannedLine, cells: dict[str, str]) -> None:
        planned.name = cells.get("name", "")
        planned.problems.extend(_formula_problems(cells))
        email = cells["email"].lower()
        first = self.seen.get(email)
        if first is not None and first.officer is not None:
            planned.officer = first.officer
            self._check_repeated(planned, first, cells)
        else:
            planned.officer = self._officer(planned, cells, email)
        if email:
            self.seen.setdefault(email, planned)
        if cells.get("sector") and planned.officer is not None and not planned.problems:
            self._plan_appointment(planned, planned.officer, cells)
        elif (cells.get("role") or cells.get("begins")) and not cells.get("sector"):
            planned.problems.append(_("A role or a day is given without a sector. Add its number."))

    def _check_repeated(self, planned: PlannedLine, first: PlannedLine, cells: dict[str, str]) -> None:
        """Take a second line of the same officer for a second sector, and nothing else for it."""
        officer = first.officer
        is_same = officer is not None and all(
            not cells.get(name) or cells[name].casefold() == getattr(officer, name).casefold()
            for name in PERSONAL
        )
        if not cells.get("sector") or not is_same:
            planned.problems.append(
                _(
                    "Line %(line)d has this e-mail address already. Give each officer one line, or a further line "
                    "with the same facts and another sector."
                )
                % {"line": first.number}
            )

    def _officer(self, planned: PlannedLine, cells: dict[str, str], email: str) -> Officer | None:
        facts = {name: cells.get(name, "") for name in PERSONAL} | {"email": email}
        present = self.officers.get(email)
        if present is None:
            officer = Officer(station=self.station, **facts)
            if facts["name"].casefold() in self.names:
                planned.notes.append(
                    _(
                        "An officer of this name is there already, with another e-mail address. Is it the same?"
                    )
                )
        else:
            officer = present
            self._bring_up_to_date(planned, officer, facts)
        try:
            officer.full_clean(exclude=["station", "user"], validate_unique=False, validate_constraints=False)
        except ValidationError as refusal:
            planned.problems.extend(_field_problems(refusal))
        return officer

    def _bring_up_to_date(self, planned: PlannedLine, officer: Officer, facts: dict[str, str]) -> None:
        """Change what the file says otherwise; an empty title leaves the present one."""
        for name in ("name", "title", "phone"):
            before, after = getattr(officer, name), facts[name]
            if after != before and (after or name != "title"):
                label = Officer._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # plain fields
                sentence = _("%(field)s: “%(before)s” becomes “%(after)s”")
                planned.changes.append(sentence % {"field": label, "before": before, "after": after})
                setattr(officer, name, after)

    def _plan_appointment(self, planned: PlannedLine, officer: Officer, cells: dict[str, str]) -> None:
        sector = self._sector(planned, cells["sector"])
        role = self._role(planned, cells.get("role", ""))
        begins = self._begins(planned, cells.get("begins", ""))
        if sector is None or role is None or begins is None:
            return
        wanted = Assignment(sector=sector, officer=officer, role=role, period=DateTimeTZRange(begins, None))
        others = list(in_the_way(wanted)) if officer.pk else list(_responsible_in_the_way(wanted))
        if any(_is_same(wanted, other, self.now) for other in others):
            planned.notes.append(_("Is appointed to %(sector)s so already.") % {"sector": sector})
            return
        planned.problems.extend(_other_problem(other) for other in others)
        self._check_file(planned, wanted)
        planned.appointment = wanted

    def _check_file(self, planned: PlannedLine, wanted: Assignment) -> None:
        """Refuse two responsible officers of one sector, or an officer twice in one, within the file."""
        who = Assignment.Role.RESPONSIBLE if wanted.role == Assignment.Role.RESPONSIBLE else ""
        keys = {(wanted.sector.pk, who) if who else None, (wanted.sector.pk, wanted.officer.email.lower())}
        for key in filter(None, keys):
            other = self.appointed.setdefault(key, planned.number)
            if other != planned.number:
                sentence = _("Line %(line)d appoints to %(sector)s already. Remove one of them.")
                planned.problems.append(sentence % {"line": other, "sector": wanted.sector})
                return

    def _sector(self, planned: PlannedLine, typed: str) -> Sector | None:
        number = int(typed) if re.fullmatch(r"\d{1,9}", typed, re.ASCII) else None
        sector = self.sectors.get(number) if number is not None else None
        if sector is None:
            sentence = _("The station has no sector with the number “%(number)s”. Correct the number.")
            planned.problems.append(sentence % {"number": typed})
        return sector

    def _role(self, planned: PlannedLine, typed: str) -> str | None:
        role = ROLES.get(typed.casefold())
        if role is None:
            planned.problems.append(
                _("“%(role)s” is no role. Write “responsible” or “attached”.") % {"role": typed}
            )
        return role

    def _begins(self, planned: PlannedLine, typed: str) -> datetime.datetime | None:
        if not typed:
            return self.now
        begins = _instant(typed)
        if begins is None or not EARLIEST <= begins <= self.now + LONGEST_AHEAD:
            sentence = _("“%(day)s” is no day that can be. Write it like 2027-05-03.")
            planned.problems.append(sentence % {"day": typed})
            return None
        return begins


def _instant(typed: str) -> datetime.datetime | None:
    """Return the beginning of the day that was typed, on the clock of the place."""
    match = next((found for pattern in _DAYS if (found := pattern.fullmatch(typed))), None)
    if match is None:
        return None
    try:
        day = datetime.date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return datetime.datetime.combine(day, datetime.time(), timezone.get_current_timezone())


def _formula_problems(cells: dict[str, str]) -> Iterator[str]:
    for column, cell in cells.items():
        if _FORMULA.match(cell):
            sentence = _("The cell “%(column)s” begins like a formula. Remove the sign at its beginning.")
            yield sentence % {"column": column}


def _field_problems(refusal: ValidationError) -> Iterator[str]:
    for name, sentences in refusal.message_dict.items():
        label = Officer._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # plain fields
        for sentence in sentences:
            yield _("%(field)s: %(sentence)s") % {"field": str(label).capitalize(), "sentence": sentence}


def _responsible_in_the_way(wanted: Assignment) -> Iterable[Assignment]:
    """Return who is responsible then; an officer who is still to be made is appointed nowhere."""
    if wanted.role != Assignment.Role.RESPONSIBLE:
        return []
    others = Assignment.objects.overlapping(wanted.period).filter(sector=wanted.sector, role=wanted.role)
    return others.select_related("officer", "sector")


def _is_same(wanted: Assignment, other: Assignment, now: datetime.datetime) -> bool:
    return (
        other.officer_id == wanted.officer.pk
        and other.role == wanted.role
        and other.period.upper is None
        and (other.period.lower <= now or other.period.lower == wanted.period.lower)
    )


def _other_problem(other: Assignment) -> str:
    return _(
        "%(officer)s is %(role)s of %(sector)s from %(begins)s, %(ends)s. Replace that officer on the sector’s page, "
        "or leave the sector empty here."
    ) % {
        "officer": other.officer,
        "role": other.get_role_display(),
        "sector": other.sector,
        "begins": instant_text(other.period.lower),
        "ends": end_text(other.period.upper),
    }
