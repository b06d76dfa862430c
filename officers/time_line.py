"""A sector's time line: appointments, absences and covers, as rows to read and as bars in an inline SVG."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from officers.dossier import Dossier
from officers.models import User
from sectors.models import Sector

# The drawing reaches so far back and so far ahead; the rows tell all of it.
WINDOW = datetime.timedelta(days=183)
# In the drawing's own units: as wide as a small telephone, so that its letters stay readable there.
WIDTH, LANE, TOP, BOTTOM = 340, 40, 6, 22
MONTH_WIDTH = 45
# More lanes than these would be a grey surface.
MOST_LANES = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A dated row in words. `kind` is "responsible", "attached", "absence" or "cover"."""

    kind: str
    what: str
    officer: str
    note: str
    begins: datetime.datetime
    ends: datetime.datetime | None
    object: Model

    @property
    def state(self) -> str:
        now = timezone.now()
        if self.begins > now:
            return "planned"
        return "past" if self.ends is not None and self.ends <= now else "now"


@dataclass(frozen=True, slots=True)
class Bar:
    kind: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Something written in the drawing."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars and marks in whole units, so that no language writes them with a comma."""

    bars: tuple[Bar, ...]
    names: tuple[Mark, ...]
    months: tuple[Mark, ...]
    now: int
    floor: int
    view_box: str


def rows_of(sector: Sector, user: User) -> list[Row]:
    """Return what the account may see of the sector's time line, the latest beginning first."""
    return sorted(_rows(Dossier(sector, user)), key=lambda row: row.begins, reverse=True)


def _rows(dossier: Dossier) -> Iterator[Row]:
    for one in dossier.assignments:
        note = _("stand-in") if one.is_stand_in else ""
        if one.hand_over_on:
            note = _("hand-over on %(day)s") % {"day": date_format(one.hand_over_on, "DATE_FORMAT")}
        yield _row(one.role, str(one.get_role_display()), one, note)
    for away in dossier.absences:
        yield _row("absence", _("Away"), away, "")
    for cover in dossier.covers:
        yield _row("cover", _("Cover"), cover, _("for %(officer)s") % {"officer": cover.absence.officer})


def _row(kind: str, what: str, term: Any, note: str) -> Row:
    return Row(kind, what, str(term.officer), note, term.period.lower, term.period.upper, term)


def drawn(rows: Sequence[Row], now: datetime.datetime) -> Drawing | None:
    """Return the drawing of half a year back and half a year ahead, None where nothing falls into it."""
    begins, ends = now - WINDOW, now + WINDOW
    shown = [row for row in rows if row.begins < ends and (row.ends is None or row.ends > begins)]
    lanes = _lanes(shown)
    if not lanes:
        return None
    floor = TOP + len(lanes) * LANE
    return Drawing(
        bars=tuple(
            _bar(row, lanes[row.officer], begins, ends) for row in _in_order(shown) if row.officer in lanes
        ),
        names=tuple(Mark(0, TOP + lane * LANE + 11, officer) for officer, lane in lanes.items()),
        months=tuple(_months(begins, ends, floor + 15)),
        now=_x(now, begins, ends),
        floor=floor,
        view_box=f"0 0 {WIDTH} {floor + BOTTOM}",
    )


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """Absences are drawn over appointments, never under them."""
    return sorted(rows, key=lambda row: row.kind == "absence")


def _lanes(rows: Sequence[Row]) -> dict[str, int]:
    """Return the lane of each officer: who is responsible comes first, then by time."""
    first = sorted(rows, key=lambda row: (row.kind != "responsible", row.begins))
    officers = list(dict.fromkeys(row.officer for row in first))
    return {officer: lane for lane, officer in enumerate(officers[:MOST_LANES])}


def _bar(row: Row, lane: int, begins: datetime.datetime, ends: datetime.datetime) -> Bar:
    left, right = _x(max(row.begins, begins), begins, ends), _x(min(row.ends or ends, ends), begins, ends)
    top = TOP + lane * LANE + 16
    is_away = row.kind == "absence"
    return Bar(row.kind, left, top + 4 if is_away else top, max(2, right - left), 8 if is_away else 16)


def _x(instant: datetime.datetime, begins: datetime.datetime, ends: datetime.datetime) -> int:
    return round((instant - begins) / (ends - begins) * WIDTH)


def _months(begins: datetime.datetime, ends: datetime.datetime, y: int) -> Iterator[Mark]:
    """Yield every second month's name where it begins."""
    day = timezone.localtime(begins).date().replace(day=1)
    last = timezone.localtime(ends).date()
    while day <= last:
        instant = datetime.datetime.combine(day, datetime.time(), timezone.get_current_timezone())
        is_inside = begins <= instant and _x(instant, begins, ends) <= WIDTH - MONTH_WIDTH
        if is_inside and day.month % 2:
            yield Mark(_x(instant, begins, ends), y, date_format(day, "M Y"))
        day = (day + datetime.timedelta(days=32)).replace(day=1)
