"""All that waits as one list, the most urgent first: found, counted and put into words, a page at a time."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from officers.models import User
from overview.attention import (
    Item,
    ItemKind,
    challenges,
    groups,
    messages,
    parties,
    promises,
    referrals,
    silence,
)
from overview.attention.asking import Asked
from overview.attention.statement import MOST_URGENT, Part, Row, find
from overview.attention.wording import Words, day_of, lateness
from overview.scope import Scope
from sectors.models import Sector


@dataclass(frozen=True, slots=True)
class Source:
    """Where something of a kind comes from: what finds it, what puts it into words, its model for the read log."""

    kind: ItemKind
    subject: str
    find: Callable[[Asked], Part | None]
    words: Callable[[Asked, Sequence[Row]], dict[int, Words]]


SOURCES: Mapping[str, Source] = {
    "message": Source(messages.KIND, messages.SUBJECT, messages.unanswered, messages.unanswered_words),
    "message-back": Source(messages.KIND, messages.SUBJECT, messages.came_back, messages.came_back_words),
    "promise": Source(promises.KIND, promises.SUBJECT, promises.waiting, promises.words),
    "referral": Source(referrals.KIND, referrals.SUBJECT, referrals.own, referrals.own_words),
    # A number and an age, of nobody.
    "referral-count": Source(referrals.KIND, "", referrals.counted, referrals.counted_words),
    "group": Source(groups.KIND, groups.SUBJECT, groups.waiting, groups.words),
    "challenge": Source(challenges.KIND, challenges.SUBJECT, challenges.waiting, challenges.words),
    "party": Source(parties.KIND, parties.SUBJECT, parties.waiting, parties.words),
    "silence": Source(silence.KIND, silence.SUBJECT, silence.waiting, silence.words),
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """A page of what waits, and how much of each kind there is in all, and past its time.

    `answer_due`: by when the first of the messages is to have an answer.
    """

    items: list[Item]
    counts: dict[ItemKind, int]
    urgent_counts: dict[ItemKind, int]
    answer_due: datetime.datetime | None = None


def gather(
    asked: Asked,
    *,
    limit: int,
    offset: int = 0,
    kinds: Collection[ItemKind] = tuple(ItemKind),
    order: str = MOST_URGENT,
) -> Gathered:
    """Return `limit` items of these kinds after the first `offset`, and the numbers of all kinds.

    One query finds and counts all, one for each source on the page fetches its words.
    """
    parts = {name: part for name, source in SOURCES.items() if (part := source.find(asked)) is not None}
    sources = [name for name, source in SOURCES.items() if source.kind in kinds]
    found = find(parts, asked.now, sources=sources, order=order, limit=limit, offset=offset)
    return Gathered(
        items=_items(asked, found.rows),
        counts=_by_kind(found.waiting),
        urgent_counts=_by_kind(found.past),
        answer_due=found.first_due.get("message"),
    )


def urgent_counts(user: User, scope: Scope) -> dict[ItemKind, int]:
    """Return how many of each kind are past their time. One query."""
    return gather(Asked(user, scope), limit=0).urgent_counts


def _by_kind(numbers: Mapping[str, int]) -> dict[ItemKind, int]:
    found: Counter[ItemKind] = Counter(dict.fromkeys(ItemKind, 0))
    for name, number in numbers.items():
        found[SOURCES[name].kind] += number
    return dict(found)


def _items(asked: Asked, rows: Sequence[Row]) -> list[Item]:
    sectors = _sectors(asked, {row.sector for row in rows if row.sector is not None})
    words = {
        name: SOURCES[name].words(asked, [row for row in rows if row.source == name])
        for name in dict.fromkeys(row.source for row in rows)
    }
    # What was erased between two queries is left out.
    found = ((row, words[row.source].get(row.pk)) for row in rows)
    return [_item(asked, row, said, sectors) for row, said in found if said is not None]


def _item(asked: Asked, row: Row, said: Words, sectors: Mapping[int, Sector]) -> Item:
    source = SOURCES[row.source]
    return Item(
        kind=source.kind,
        sector=None if row.sector is None else sectors[row.sector],
        urgency=row.urgency,
        since=day_of(row.due),
        title=said.title,
        late=lateness(row.due, asked.now),
        story=said.story,
        url=said.url,
        subject=source.subject,
        key=row.pk,
    )


def _sectors(asked: Asked, keys: Iterable[int]) -> dict[int, Sector]:
    """Return the sectors by their keys; those that were drawn away since are fetched."""
    known = {sector.pk: sector for sector in asked.scope.sectors}
    missing = set(keys) - known.keys()
    if missing:
        known |= Sector.objects.select_related("district", "station").in_bulk(missing)
    return known
