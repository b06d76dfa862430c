"""What if, planned changes and back then as tables for a spreadsheet: a line of titles, and rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from officers.models import Assignment
from officers.rota import Answer
from overview.comparing.answers import SectorCompared
from overview.comparing.appointing import Appointing
from overview.comparing.estimating import SectorThen
from overview.comparing.planned import Planned
from overview.comparing.recalling import Recall
from overview.comparing.redrawing import Passing
from overview.gaps.day import way_of
from sectorlog.models import Party
from sectors.models import Sector

Lines = tuple[Sequence[str], Iterable[Sequence[Any]]]


def moves_table(passings: Iterable[Passing]) -> Lines:
    """Return one row for each pair of sectors."""
    head = (
        _("From"), _("To"), _("Square metres"), _("Addresses"), _("Parties"), _("Open challenges"),
        _("Promises not told back"),
    )  # fmt: skip
    return head, (
        (
            str(one.move.from_sector or _("no sector")),
            str(one.move.to_sector or _("no sector")),
            round(one.move.area_m2),
            one.move.addresses,
            *("" if keys is None else len(keys) for keys in (one.parties, one.challenges, one.promises)),
        )
        for one in passings
    )


def sectors_table(rows: Iterable[SectorThen]) -> Lines:
    """Return each sector before and after; what is not known is empty."""
    head = (
        _("Number"), _("Sector"), _("Addresses today"), _("Addresses then"), _("Inhabitants today"),
        _("Inhabitants then, estimated"), _("Officers asked for today"), _("Officers asked for then, estimated"),
        _("Decided"), _("Appointed"), _("Too few"), _("Not drawn any more"),
    )  # fmt: skip
    return head, (
        (
            row.sector.number,
            row.sector.name,
            *row.addresses,
            *(row.rounded or ("", "")),
            *(row.asks_for or ("", "")),
            row.required,
            row.there,
            _yes_or_no(row.is_short),
            _yes_or_no(row.leaves),
        )
        for row in rows
    )


def parties_table(parties: Iterable[Party]) -> Lines:
    """Return where each party belongs, its name and its address."""
    head = _("Number"), _("Sector"), _("Party"), _("Address")
    return head, ((one.sector.number, one.sector.name, one.name, one.address) for one in parties)


def planned_table(rows: Iterable[Planned], sectors: Mapping[int, Sector]) -> Lines:
    """Return what is planned; `sectors`, by primary key, know their districts and stations."""
    head = (
        _("When"), _("Station"), _("District"), _("Number"), _("Sector"), _("Officer"), _("What happens"),
    )  # fmt: skip
    places = ((one, sectors[one.row.sector_id]) for one in rows)
    return head, (
        (_clock(one.at), at.station, at.district, at.number, at.name, one.row.officer, one.sentence)
        for one, at in places
    )


def compared_table(sectors: Iterable[SectorCompared], then: datetime.datetime, *, is_question: bool) -> Lines:
    """Return the sectors today and then, one row for each of their gaps, or one without.

    With `is_question` the gaps are those that a change closes or opens, told without it and with it.
    """
    head = [
        _("Number"), _("Sector"), _("Who answers today"), _("How"), _("Away today"), _("Appointed today"),
        _("Then"), _("Who answers then"), _("How"), _("Away then"), _("Appointed then"), _("Required then"),
        _("Gap from"), _("Gap until"), _("Goes on"),
    ]  # fmt: skip
    head += [_("Gap without the change"), _("Gap with the change")] if is_question else [_("What is lacking")]
    return head, (row for one in sectors for row in _compared(one, then, is_question=is_question))


def _compared(one: SectorCompared, then: datetime.datetime, *, is_question: bool) -> Iterator[Sequence[Any]]:
    today = (*_answering(one.today), one.there[0])
    later = (_clock(then), *_answering(one.then), one.there[1], one.required)
    sector = (one.sector.number, one.sector.name, *today, *later)
    for lack in one.lacks:
        kinds = (lack.before, lack.after) if is_question else (lack.after,)
        when = (_clock(lack.begins), _clock(lack.ends), _yes_or_no(lack.goes_on))
        yield (*sector, *when, *(kind.label if kind else "" for kind in kinds))
    if not one.lacks:
        yield (*sector, *[""] * (5 if is_question else 4))


def appointments_table(found: Appointing) -> Lines:
    """Return the appointments that would end, and those that the officer would hold besides."""
    head = _("Officer"), _("Number"), _("Sector"), _("Role"), _("What happens")
    rows: list[tuple[Assignment, str]] = [(one, _("Would end")) for one in found.ending]
    rows += [(one, _("Keeps besides")) for one in found.kept]
    return head, (
        (one.officer, one.sector.number, one.sector.name, one.get_role_display(), what) for one, what in rows
    )


def recall_table(recall: Recall) -> Lines:
    """Return the answer as one row."""
    head = (
        _("When"), _("Place"), _("District"), _("Number"), _("Sector then"), _("Who answered"), _("How"),
        _("Away"), _("Responsible officer"), _("From"), _("To"), _("Attached and at work"), _("Sector today"),
    )  # fmt: skip
    row, sector = recall.responsible, recall.sector
    period = (row.begins, row.ends) if row else (None, None)
    responsible = (row.officer.name if row else pgettext("officer", "none"), *map(_clock, period))
    colleagues = ", ".join(one.name for one in recall.answer.colleagues)
    place = recall.place.text if recall.place else ""
    where = (_clock(recall.at), place, sector.district, sector.number, sector.name)
    return head, [
        (
            *where,
            *_answering(recall.answer),
            *responsible,
            colleagues,
            recall.sector_now or _("no sector"),
        )
    ]


def _answering(answer: Answer) -> tuple[str, str, str]:
    """Return who answers, how, and who is away."""
    absent = answer.absent.officer.name if answer.absent else ""
    return answer.officer.name if answer.officer else "", way_of(answer), absent


def _clock(instant: datetime.datetime | None) -> str:
    """Return an instant on the clock of the place, as spreadsheets read it."""
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}" if instant else ""


def _yes_or_no(is_so: bool) -> str:
    return _("yes") if is_so else _("no")
