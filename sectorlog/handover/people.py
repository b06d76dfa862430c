"""Who works in a sector, who did, and who works next door: the people of a hand-over pack."""

from __future__ import annotations

import datetime
from typing import Any

from officers.continuity import Tenure, joined
from officers.models import Assignment, Officer
from officers.responsibility import answerable
from sectors.models import Neighbour, Sector

MOST_TENURES = 30


def officers_of(sector: Sector, at: datetime.datetime) -> dict[str, Any]:
    """Return the officers appointed at `at`, who answers in place of one who is away, and who were responsible.

    `history` holds the responsible officers, the latest first, those to come as well (handbook, Sector responsible
    officers). One query.
    """
    rows = list(Assignment.objects.valid().filter(sector=sector).select_related("officer").order_by("period"))
    responsible = [row for row in rows if row.role == Assignment.Role.RESPONSIBLE]
    tenures = tenures_of(responsible)
    answer = answerable(sector.pk, at)
    return {
        "now": [_appointed(row, tenures, at) for row in _in_order(rows) if _holds(row, at)],
        "history": [_tenure(one, at) for one in reversed(tenures[-MOST_TENURES:])],
        "instead": answer.officer.name if answer.officer and answer.is_cover else "",
        "instead_until_at": answer.cover_until if answer.is_cover else None,
    }


def tenures_of(responsible: list[Assignment]) -> list[Tenure]:
    """Return the tenures of these appointments, which come in the order of time."""
    return joined(
        Tenure(row.officer_id, row.officer.name, row.period.lower, row.period.upper, row.hand_over_on)
        for row in responsible
    )


def neighbours_of(sector: Sector, at: datetime.datetime) -> list[dict[str, Any]]:
    """Return the sectors that touch this one, across districts too, with who answers there. One query."""
    links = Neighbour.objects.filter(sector=sector, release__period__contains=at)
    return [
        _neighbour(link.other, at)
        for link in links.select_related("other__district").order_by("other__number")
    ]


def giver_of(sector: Sector, taker: Officer, at: datetime.datetime) -> Officer | None:
    """Return who hands the sector over at `at`: who is responsible then, or until the taker began; None if nobody."""
    posts = Assignment.objects.valid().filter(sector=sector, role=Assignment.Role.RESPONSIBLE)
    rows = list(posts.select_related("officer").order_by("period"))
    officers = {row.officer_id: row.officer for row in rows}
    tenures = tenures_of(rows)
    present = next((one for one in tenures if one.holds_at(at)), None)
    if present is not None and present.officer_id == taker.pk:
        present = next((one for one in tenures if one.ends == present.begins), None)
    return officers[present.officer_id] if present else None


def _in_order(rows: list[Assignment]) -> list[Assignment]:
    return sorted(rows, key=lambda row: (row.role != Assignment.Role.RESPONSIBLE, row.officer.name))


def _holds(row: Assignment, at: datetime.datetime) -> bool:
    return row.period.lower <= at and (row.period.upper is None or at < row.period.upper)


def _appointed(row: Assignment, tenures: list[Tenure], at: datetime.datetime) -> dict[str, Any]:
    since = row.period.lower
    if row.role == Assignment.Role.RESPONSIBLE:
        since = next((one.begins for one in tenures if one.holds_at(at)), since)
    return {
        "name": row.officer.name,
        "title": row.officer.title,
        "role": row.role,
        "is_stand_in": row.is_stand_in,
        "phone": row.officer.phone,
        "email": row.officer.email,
        "since_at": since,
        "until_at": row.period.upper,
    }


def _tenure(tenure: Tenure, at: datetime.datetime) -> dict[str, Any]:
    state = "now" if tenure.holds_at(at) else "coming" if tenure.begins > at else "past"
    return {"name": tenure.officer, "begins_at": tenure.begins, "ends_at": tenure.ends, "state": state}


def _neighbour(sector: Sector, at: datetime.datetime) -> dict[str, Any]:
    officer = answerable(sector.pk, at).officer
    return {
        "number": sector.number,
        "name": sector.name,
        "district": sector.district.name,
        "officer": officer.name if officer else "",
        "phone": officer.phone if officer else sector.district.phone,
        "email": officer.email if officer else sector.district.email,
    }
