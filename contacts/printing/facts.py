"""What a print says of a sector, and whether that still holds.

A print lies about for years, so it names the responsible officer, also while somebody else covers for weeks; its
code leads to whoever answers on the day. While nobody is appointed it names the local police district.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from contacts.listing import Caretaker
from contacts.models import PrintRun
from contacts.models.prints import CODE_LENGTH, CODE_LETTERS
from contacts.printing.hours import RegularHours, regular
from contacts.publishing.told import told_in
from officers.responsibility import Answer, Basis, PublicOfficer, answerable
from sectors import division
from sectors.division import PublicSector


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader would dial or write to."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that prints of a sector say; without an officer, its caretaker is named. Equal facts, equal prints."""

    sector: PublicSector
    officer: PublicOfficer | None
    caretaker: Caretaker
    hours: tuple[RegularHours, ...]

    @property
    def said(self) -> Said:
        if self.officer is not None:
            return Said(self.officer.name, self.officer.phone, self.officer.email)
        named = self.caretaker
        # As on the sector's page: somebody always answers the police's own number.
        phone = named.phone or ("" if named.email else settings.POLICE_NUMBER)
        return Said(named.name, phone, named.email)


def facts_of(sector: PublicSector) -> Facts:
    """Return what a print made now would say. No query while the process's copies are current."""
    return Facts(
        sector,
        responsible(answerable(sector.id)),
        Caretaker.of(sector.district),
        regular(told_in(sector.id).hours),
    )


def responsible(answer: Answer) -> PublicOfficer | None:
    """Return the responsible officer, present or away; None while nobody is appointed."""
    if answer.absent is not None:
        return answer.absent.officer
    return answer.officer if answer.basis is Basis.RESPONSIBLE else None


@dataclass(frozen=True, slots=True)
class State:
    """How a print compares with today; `today` is None once the sector is no longer on the map."""

    said: Said
    today: Said | None
    is_vacant: bool = False

    @property
    def holds(self) -> bool:
        return self.said == self.today

    @property
    def names_another(self) -> bool:
        return self.today is not None and self.said.name != self.today.name


def state_of(said: Said, facts: Facts | None) -> State:
    if facts is None:
        return State(said, None)
    return State(said, facts.said, facts.officer is None)


def states_of(runs: Iterable[PrintRun]) -> dict[int, State]:
    """Return how each print compares with today, by its key. No query while the copies are current."""
    in_force = {sector.id: sector for sector in division.current().sectors}
    known: dict[int, Facts | None] = {}
    found = {}
    for run in runs:
        if run.sector_id not in known:
            sector = in_force.get(run.sector_id)
            known[run.sector_id] = facts_of(sector) if sector else None
        found[run.pk] = state_of(Said(run.name, run.phone, run.email), known[run.sector_id])
    return found


def short_address(code: str) -> str:
    """Return where a print's QR code leads: short, so that the code stays coarse."""
    return settings.SITE_URL + reverse("print_code", args=[code])


def version_of(facts: object) -> str:
    """Return a short digest of what a print says that nobody made a row for: equal prints have equal versions."""
    number = int.from_bytes(hashlib.sha256(repr(facts).encode()).digest())
    letters = []
    for _place in range(CODE_LENGTH):
        number, index = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[index])
    return "".join(letters)
