"""What is lacking in a sector from one instant to another, before it is put into days."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from officers.models import User
from officers.rota import Decision
from overview.gaps import GapKind
from overview.gaps.acts import Act
from overview.gaps.reading import Facts
from overview.gaps.window import DAY, Days, Window

Stretch = tuple[datetime.datetime, datetime.datetime | None, Decision]


@dataclass(frozen=True, slots=True)
class Look:
    """A sector's facts, looked at for an account. `stretches`: who answers from when until when, without end."""

    facts: Facts
    window: Window
    user: User
    stretches: tuple[Stretch, ...]

    @classmethod
    def at(cls, facts: Facts, window: Window, user: User) -> Look:
        return cls(facts, window, user, tuple(facts.rota.stretches(window.begins, None)))


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is lacking; `ends` is None where no end is known.

    `cause` tells it from others of its kind: the same cause on adjoining days makes one gap. `say` makes the sentence
    from the words that say when. `officers` are those whom it names.
    """

    kind: GapKind
    cause: Hashable
    begins: datetime.datetime
    ends: datetime.datetime | None
    say: Callable[[str], str]
    act: Act
    officers: tuple[int, ...] = ()


def in_days(lacks: Iterable[Lack], window: Window) -> Iterator[tuple[Lack, Days]]:
    """Yield what is lacking by days of the window; what adjoins and has one cause is joined."""
    open_days: dict[tuple[GapKind, Hashable], tuple[Lack, Days]] = {}
    for lack in sorted(lacks, key=lambda one: one.begins):
        days = window.days(lack.begins, lack.ends)
        if days is None:
            continue
        key = lack.kind, lack.cause
        first_lack, before = open_days.get(key, (lack, None))
        if before is not None and days.first <= before.last + DAY:
            joined = Days(before.first, max(before.last, days.last), before.goes_on or days.goes_on)
            open_days[key] = first_lack, joined
            continue
        if before is not None:
            yield first_lack, before
        open_days[key] = lack, days
    yield from open_days.values()
