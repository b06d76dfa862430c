"""What the admin's first page says to a head: what needs attention, each with a link to the act that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.reads import shown
from officers.attention import Attention, attention_for
from officers.cover import Gap
from officers.fields import end_text
from officers.models import Absence, Assignment
from sectors.instants import instant_text
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

# More of a kind than this are a list of their own.
ROWS_SHOWN = 20


def attention_context(request: HttpRequest) -> dict[str, Any]:
    """Return the lists for the page, nothing for an account that heads nothing. What it shows is logged."""
    user = cast("User", request.user)
    if not user.standing.stations and not user.standing.districts:
        return {}
    found = attention_for(user)
    absences = _absences(found.gaps)
    shown(request, [*found.departures, *absences, *found.vacant])
    lists = _lists(found, absences, user.standing.stations)
    return {"attention": found, "attention_lists": [one for one in lists if one["rows"]]}


def _lists(found: Attention, absences: list[Absence], headed: Iterable[int]) -> Iterator[dict[str, Any]]:
    sectors = reverse("admin:sectors_sector_changelist")
    heads = frozenset(headed).__contains__
    yield _list(
        _("Sectors without a responsible officer"), found.vacant, _vacant_row, heads, f"{sectors}?vacant=yes"
    )
    yield _list(
        _("Officers who leave within 60 days, without a successor"),
        found.departures,
        _departure_row,
        heads,
        f"{sectors}?departure=yes",
    )
    yield _list(
        _("Absences without cover"),
        found.gaps,
        lambda gap: _gap_row(gap, absences),
        heads,
        f"{sectors}?uncovered=yes",
    )
    yield _list(_("Too few officers"), found.below_manning, _too_few_row, heads, f"{sectors}?manning=below")
    yield _list(
        _("Manning to be decided"),
        found.undecided,
        _undecided_row,
        heads,
        f"{reverse('admin:sectors_manningbasis_changelist')}?decided=no",
    )


def _list(
    title: str,
    found: tuple[Any, ...],
    row: Callable[[Any], dict[str, Any]],
    heads: Callable[[int], bool],
    all_url: str,
) -> dict[str, Any]:
    """Return a list with acts where the account heads the sector's station; elsewhere it leads to the sector."""
    rows = []
    for one in found[:ROWS_SHOWN]:
        sector = one if isinstance(one, Sector) else one.sector
        made = row(one)
        if not heads(sector.station_id):
            made |= {"url": reverse("admin:sectors_sector_change", args=[sector.pk]), "act": _("Look at it")}
        rows.append({"sector": sector, **made})
    return {"title": title, "rows": rows, "all_url": all_url if len(found) > ROWS_SHOWN else ""}


def _appointing(sector: Sector, role: str) -> str:
    return f"{reverse('admin:officers_assignment_add')}?sector={sector.pk}&role={role}"


def _vacant_row(sector: Sector) -> dict[str, Any]:
    return {"text": "", "act": _("Appoint"), "url": _appointing(sector, Assignment.Role.RESPONSIBLE)}


def _departure_row(assignment: Assignment) -> dict[str, Any]:
    text = _("%(officer)s leaves on %(instant)s.") % {
        "officer": assignment.officer,
        "instant": instant_text(assignment.period.upper),
    }
    url = reverse("admin:sectors_sector_replace", args=[assignment.sector_id])
    return {"text": text, "act": _("Name the successor"), "url": url}


def _gap_row(gap: Gap, absences: list[Absence]) -> dict[str, Any]:
    text = _("%(officer)s is away, and nobody covers from %(begins)s, %(ends)s.") % {
        "officer": gap.absent.name,
        "begins": instant_text(gap.begins),
        "ends": end_text(gap.ends),
    }
    absence = next(
        (one for one in absences if one.officer_id == gap.absent_id and gap.begins in one.period), None
    )
    asked = f"?absence={absence.pk}&sector={gap.sector.pk}" if absence else ""
    return {"text": text, "act": _("Arrange cover"), "url": reverse("admin:officers_cover_add") + asked}


def _too_few_row(few: Any) -> dict[str, Any]:
    text = ngettext(
        "%(actual)d officer of %(required)d.", "%(actual)d officers of %(required)d.", few.actual
    ) % {"actual": few.actual, "required": few.required}
    return {
        "text": text,
        "act": _("Appoint an attached officer"),
        "url": _appointing(few.sector, Assignment.Role.ATTACHED),
    }


def _undecided_row(basis: Any) -> dict[str, Any]:
    text = _("New figures from %(day)s on.") % {"day": date_format(basis.holds_from, "DATE_FORMAT")}
    url = reverse("admin:sectors_manningbasis_change", args=[basis.pk])
    return {"text": text, "act": _("Decide"), "url": url}


def _absences(gaps: tuple[Gap, ...]) -> list[Absence]:
    """Return the absences that leave the gaps."""
    if not gaps:
        return []
    begins = min(gap.begins for gap in gaps)
    return list(Absence.objects.from_instant(begins).filter(officer__in={gap.absent_id for gap in gaps}))
