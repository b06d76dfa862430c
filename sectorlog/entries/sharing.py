"""What a unit's contact reads of an entry or a challenge that is shared: of what it names, the shared alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from officers.models import User
from sectorlog.entries.naming import parties_in_answers
from sectorlog.models import Challenge, FormVersion, LogEntry, Party
from sectorlog.uniform_forms import fields as form_fields


@dataclass(frozen=True, slots=True)
class Shared:
    """A shared row, what it names that is shared as well, its answers; `others`: how many more it names."""

    row: Any
    answers: list[tuple[str, str]]
    parties: list[Party]
    challenges: list[Challenge]
    others: int

    @property
    def named(self) -> list[Party | Challenge]:
        return [*self.parties, *self.challenges]


def shared_with(user: User, rows: Sequence[Any]) -> tuple[list[Shared], list[Party]]:
    """Return the rows as the contact reads them, and the parties in answers. One query more, if there are answers."""
    uuids = {uuid for row in rows if isinstance(row, LogEntry) for uuid in parties_in_answers(row).values()}
    answered = Party.objects.flagged_to(user, timezone.now()).filter(uuid__in=uuids) if uuids else ()
    known = {str(party.uuid): party for party in answered}
    return [_shared(row, known) for row in rows], list(known.values())


def _shared(row: Any, known: dict[str, Party]) -> Shared:
    """Return one row; its parties and challenges are prefetched, as far as it has such."""
    if isinstance(row, Party):
        return Shared(row, [], [], [], 0)
    is_entry = isinstance(row, LogEntry)
    parties, challenges = list(row.parties.all()), list(row.challenges.all()) if is_entry else []
    shown = _alike(row, parties), _alike(row, challenges)
    others = len(parties) + len(challenges) - sum(map(len, shown))
    return Shared(row, _answers(row, known) if is_entry else [], *shown, others)


def _alike(row: Any, named: Iterable[Any]) -> list[Any]:
    """Return what is shared with the same unit in the same sector."""
    here = (row.flagged_for_id, row.sector_id)
    return [one for one in named if (one.flagged_for_id, one.sector_id) == here]


def _answers(entry: LogEntry, known: dict[str, Party]) -> list[tuple[str, str]]:
    chosen = parties_in_answers(entry)
    hidden = {
        one["key"]: {"name": _("not shared with your unit")}
        for one in entry.form_version.fields
        if one["kind"] == FormVersion.Kind.PARTY
        and one["key"] in entry.values
        and chosen.get(one["key"]) not in known
    }
    return form_fields.answers(entry.form_version, {**entry.values, **hidden})
