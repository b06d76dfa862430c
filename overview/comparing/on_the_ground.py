"""What lies on ground that would pass to another sector: parties by their place, and what is known through them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db import connection
from django.db.models import F

from sectorlog.models import Challenge, Promise
from sectors.boundaries.moves import Move

Keys = frozenset[int]


def what_lies_on(pieces: Sequence[Move]) -> Iterator[tuple[Keys, Keys, Keys]]:
    """Yield for each piece its giving sector's parties there, its open challenges and its promises not told back.

    A challenge lies where a party that it concerns does, a promise where it was given or where the party does. Of
    several pieces that meet in a point, the first has what lies there. Four queries, whatever the number of pieces.
    """
    parties, promises = _placed(pieces, _PARTIES_SQL), _placed(pieces, _PROMISES_SQL)
    everybody = {party for found in parties.values() for party in found}
    troubles, given = _challenges_of(everybody), _promises_to(everybody)
    for place in range(len(pieces)):
        here = parties[place]
        yield (
            frozenset(here),
            frozenset(one for party in here for one in troubles[party]),
            frozenset(promises[place].union(*(given[party] for party in here))),
        )


def _placed(pieces: Sequence[Move], sql: str) -> dict[int, set[int]]:
    """Return the primary keys of what lies in each piece, by the piece's place in the sequence. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    areas = [bytes(piece.geometry.wkb) for piece in pieces]
    sectors = [piece.from_sector.pk if piece.from_sector else None for piece in pieces]
    if pieces:
        with connection.cursor() as cursor:
            cursor.execute(_PIECES_SQL + sql, {"areas": areas, "sectors": sectors})
            for key, place in cursor.fetchall():
                found[place - 1].add(key)
    return found


def _challenges_of(parties: Collection[int]) -> dict[int, set[int]]:
    """Return the open challenges of the parties' own sectors that concern them, by party. One query."""
    rows = Challenge.objects.open().filter(parties__in=parties, parties__sector=F("sector")).order_by()
    return _by_party(rows.values_list("parties", "pk"), parties)


def _promises_to(parties: Collection[int]) -> dict[int, set[int]]:
    """Return the promises not told back that were given in an entry about the parties, by party. One query."""
    rows = Promise.objects.open().filter(entry__party_links__party__in=parties).order_by()
    return _by_party(rows.values_list("entry__party_links__party", "pk"), parties)


def _by_party(rows: Iterable[tuple[int, int]], parties: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for party, key in rows:
        if party in parties:
            found[party].add(key)
    return found


# A piece is given with the sector that gives it and its place in the list, counted from 1.
_PIECES_SQL = """
WITH piece AS MATERIALIZED (
    SELECT ST_GeomFromWKB(given.area, 4326) AS area, given.sector, given.place
    FROM unnest(%(areas)s::bytea[], %(sectors)s::bigint[]) WITH ORDINALITY AS given(area, sector, place)
)
"""

_PARTIES_SQL = """
SELECT party.id, min(piece.place) FROM piece
JOIN sectorlog_party party ON party.sector_id = piece.sector AND ST_Covers(piece.area, party.place)
WHERE party.gone_at IS NULL AND party.merged_into_id IS NULL GROUP BY party.id
"""

# Few promises are open, and the index of those leads to them; of the log itself their own entries alone are read.
_PROMISES_SQL = """
SELECT promise.id, min(piece.place) FROM sectorlog_promise promise
JOIN sectorlog_logentry entry ON entry.id = promise.entry_id
JOIN piece ON piece.sector = promise.sector_id AND ST_Covers(piece.area, entry.place)
WHERE promise.told_back_at IS NULL GROUP BY promise.id
"""
