"""The shapes that `/api/v1/openapi.json` describes."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field


class Named(Schema):
    slug: str
    name: str


class SectorOut(Schema):
    slug: str
    number: int
    name: str
    district: Named
    station: Named
    url: str


class OfficerOut(Schema):
    name: str
    title: str
    phone: str
    email: str
    is_cover: bool = Field(description="True while this officer answers in place of the responsible one.")
    cover_until: datetime | None = Field(
        description="When the cover ends (ISO 8601); empty where no end is known."
    )
    url: str


class NeighbourOut(Schema):
    sector: SectorOut
    distance_m: float = Field(description="How far away the sector begins, in metres.")


class ChoiceOut(Schema):
    address: str
    lat: float
    lon: float
    sector: SectorOut | None


class LocateOut(Schema):
    """Which sector a position or an address belongs to, and who answers for it now."""

    outcome: Literal["found", "near_border", "ambiguous", "outside"]
    sector: SectorOut | None
    officer: OfficerOut | None = Field(description="Empty while nobody answers for the sector.")
    neighbours: list[NeighbourOut] | None = Field(None, description="With `near_border` only.")
    choices: list[ChoiceOut] | None = Field(None, description="With `ambiguous` only.")


class SectorAndOfficerOut(Schema):
    sector: SectorOut
    officer: OfficerOut | None


class SectorsOut(Schema):
    sectors: list[SectorAndOfficerOut]


class SuggestionOut(Schema):
    text: str = Field(description="What to put into the address field.")
    kind: Literal["street", "address"]


class SuggestionsOut(Schema):
    suggestions: list[SuggestionOut]


class Problem(Schema):
    """What is wrong with a request, and what to do about it (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
