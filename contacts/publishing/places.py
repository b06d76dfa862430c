"""The places that a sector's page names, with a letter each: on the map and in the list beside it."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from contacts.publishing.told import Position, PublicEvent, PublicHours, Told


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map: longitude, latitude in degrees (EPSG:4326)."""

    letter: str
    name: str
    position: Position


def places_of(told: Told) -> tuple[Place, ...]:
    """Return the places with a position in the order of the page, each once, as many as there are letters."""
    named: dict[Position, str] = {}
    rows: tuple[PublicHours | PublicEvent, ...] = (*told.hours, *told.events)
    for row in rows:
        if row.position:
            named.setdefault(row.position, row.place)
    pairs = zip(ascii_uppercase, named.items(), strict=False)
    return tuple(Place(letter, name, position) for letter, (position, name) in pairs)


def marks_of(places: tuple[Place, ...]) -> list[dict[str, Any]]:
    """Return the places as the map's script takes them."""
    return [
        {"letter": place.letter, "name": place.name, "lon": place.position[0], "lat": place.position[1]}
        for place in places
    ]


def letter_of(row: PublicHours | PublicEvent, places: tuple[Place, ...]) -> str:
    """Return the letter of the place where hours or an event are held; empty if it is not on the map."""
    return next((place.letter for place in places if place.position == row.position), "")
