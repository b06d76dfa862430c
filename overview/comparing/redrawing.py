"""A release compared with the division in force: which ground, and what lies on it, would pass to another sector.

What is written stays with the sector in whose log it was written, whatever is redrawn (design, section 4). So this
counts what a head should talk about with both sectors, and says what no place tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from contacts.models import Message
from officers.models import User
from overview.comparing.on_the_ground import what_lies_on
from overview.scope import headed
from sectorlog.models import Challenge, Party, PartyQuerySet, Promise
from sectors.boundaries.moves import Move, moves
from sectors.models import Address, BoundaryRelease, Sector

# What three digits of a square kilometre can tell.
SMALLEST_AREA = 1000  # m²


@dataclass(frozen=True, slots=True)
class Passing:
    """Ground that would pass from one sector to another, with what is known to lie on it.

    All three are primary keys: `challenges` concern one of the parties, `promises` were given there or to one of
    them. None where the sector that gives the ground is not the account's to read.
    """

    move: Move
    parties: frozenset[int] | None
    challenges: frozenset[int] | None
    promises: frozenset[int] | None

    @property
    def area(self) -> str:
        """The ground's size as people write it; all of a table in one unit."""
        if self.move.area_m2 < SMALLEST_AREA:
            return _("less than 0.001 km²")
        return _("%(area)s km²") % {"area": number_format(round(self.move.area_m2 / 1e6, 3), 3)}


@dataclass(frozen=True, slots=True)
class Unplaced:
    """What of the giving sectors has no place on the map, so that nobody can tell on which side it would lie."""

    parties: int
    challenges: int
    messages: int
    promises: int


NOTHING = Unplaced(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Redrawing:
    """All that would pass, the largest area first. `before` is None while the station has no release in force."""

    release: BoundaryRelease
    before: BoundaryRelease | None
    passings: tuple[Passing, ...]
    unplaced: Unplaced

    @property
    def addresses(self) -> int:
        """How many addresses would get another sector, from none too."""
        return sum(one.move.addresses for one in self.passings if one.move.to_sector)

    @property
    def addresses_lost(self) -> int:
        return sum(one.move.addresses for one in self.passings if not one.move.to_sector)

    @property
    def parties(self) -> frozenset[int]:
        return frozenset[int]().union(*(one.parties or () for one in self.passings))

    @property
    def challenges(self) -> frozenset[int]:
        return frozenset[int]().union(*(one.challenges or () for one in self.passings))

    @property
    def promises(self) -> frozenset[int]:
        return frozenset[int]().union(*(one.promises or () for one in self.passings))

    @property
    def sectors(self) -> tuple[Sector, ...]:
        """Return the sectors that give or get ground, by number."""
        ends = (end for one in self.passings for end in (one.move.from_sector, one.move.to_sector) if end)
        return tuple(sorted({end.pk: end for end in ends}.values(), key=lambda sector: sector.number))


def heads(user: User, sector: Sector | None) -> bool:
    """Tell whether the account heads the sector's station or district."""
    return sector is not None and headed(user).holds(sector)


def in_force(release: BoundaryRelease) -> BoundaryRelease | None:
    """Return what the release is compared with: the station's division in force today."""
    return BoundaryRelease.objects.filter(station=release.station_id).active_at(timezone.now()).first()


def redrawing(release: BoundaryRelease, user: User) -> Redrawing:
    """Return what of the account's would pass if the release came into force today; nothing is changed.

    A number of queries that does not grow with the release; the ground itself is worked out as on the page that
    publishes it.
    """
    before = in_force(release)
    moved = moves(release, compared_to=before) if before else []
    touched = [move for move in moved if heads(user, move.from_sector) or heads(user, move.to_sector)]
    own = [move for move in touched if heads(user, move.from_sector)]
    lying = iter(what_lies_on(own))
    passings = [
        Passing(move, *next(lying)) if heads(user, move.from_sector) else Passing(move, None, None, None)
        for move in touched
    ]
    found = Redrawing(release, before, tuple(passings), NOTHING)
    return replace(found, unplaced=_unplaced(own, found))


def parties_on(found: Redrawing, user: User) -> PartyQuerySet:
    """Return the parties on the ground that would pass, as far as the account reads them, by sector and name."""
    seen = Party.objects.visible_to(user).filter(pk__in=found.parties)
    return seen.select_related("sector").order_by("sector__number", "name", "pk")


def addresses_today(sectors: Iterable[Sector]) -> dict[int, int]:
    """Return how many addresses of the register each sector has in the division in force. One query."""
    keys = [sector.pk for sector in sectors]
    counted = Address.objects.filter(sector__in=keys).order_by().values_list("sector")
    return dict.fromkeys(keys, 0) | dict(counted.annotate(number=Count("pk")))


def _unplaced(own: Sequence[Move], found: Redrawing) -> Unplaced:
    """Count what the giving sectors have, less what lies on the moved ground. Four queries."""
    giving = {move.from_sector.pk for move in own if move.from_sector}
    if not giving:
        return NOTHING
    challenges = Challenge.objects.open().filter(sector__in=giving).exclude(pk__in=found.challenges)
    promises = Promise.objects.open().filter(sector__in=giving).exclude(pk__in=found.promises)
    return Unplaced(
        Party.objects.current().filter(sector__in=giving, place=None).count(),
        challenges.count(),
        Message.objects.open().filter(sector__in=giving).count(),
        promises.count(),
    )
