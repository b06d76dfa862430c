"""The shapes that `/api/v1/openapi.json` describes, with what each part means.

The answers are written as they are, without a second pass of validation over each. A test holds the two together.
"""

import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

Latitude = Annotated[float, Field(ge=-90, le=90, description="Degrees north (EPSG:4326).", examples=[55.709])]
Longitude = Annotated[
    float, Field(ge=-180, le=180, description="Degrees east (EPSG:4326).", examples=[12.513])
]
TimeOfDay = Annotated[
    str, Field(pattern=r"^\d\d:\d\d$", description="By the clock of the place.", examples=["15:00"])
]


class Named(Schema):
    slug: str = Field(examples=["north-east"])
    name: str = Field(examples=["North East"])


class SectorOut(Schema):
    """A sector: the part of the city that one officer answers for."""

    slug: str = Field(description="Its name in addresses; stays the same.", examples=["broenshoej"])
    number: int = Field(examples=[1])
    name: str = Field(examples=["Brønshøj"])
    district: Named = Field(description="The local police district.")
    station: Named
    url: str = Field(description="Its page.", examples=["https://police.example/sectors/broenshoej/"])


class OfficerOut(Schema):
    """Who answers for the sector now."""

    name: str = Field(examples=["Mette Holm"])
    title: str = Field(examples=["Police constable"])
    phone: str = Field(examples=["+45 00 00 00 00"])
    email: str = Field(examples=["mette.holm@police.example"])
    is_cover: bool = Field(description="True while this officer answers in place of the responsible one.")
    cover_until: datetime.datetime | None = Field(
        description="When the cover ends (ISO 8601); empty where no end is known."
    )
    url: str = Field(description="The page on which the officer is.")


class NeighbourOut(Schema):
    sector: SectorOut
    distance_m: float = Field(description="How far away the sector begins, in metres.", examples=[18.2])


class ChoiceOut(Schema):
    address: str = Field(examples=["Frederikssundsvej 1–45, 2700 Brønshøj"])
    lat: Latitude
    lon: Longitude
    sector: SectorOut | None


class LocateOut(Schema):
    """Which sector a position or an address belongs to, and who answers for it now."""

    outcome: Literal["found", "near_border", "ambiguous", "outside"] = Field(
        description="`found`: one sector. `near_border`: others begin so near that they are named too. "
        "`ambiguous`: the address may be several. `outside`: no sector, or an address that the register "
        "does not know."
    )
    sector: SectorOut | None
    officer: OfficerOut | None = Field(description="Empty while nobody answers for the sector.")
    neighbours: list[NeighbourOut] | None = Field(None, description="With `near_border` only.")
    choices: list[ChoiceOut] | None = Field(None, description="With `ambiguous` only.")


class SectorAndOfficerOut(Schema):
    sector: SectorOut
    officer: OfficerOut | None = Field(description="Empty while nobody answers for the sector.")


class SectorsOut(Schema):
    sectors: list[SectorAndOfficerOut]


class WordsOut(Schema):
    """The same in both languages."""

    en: str
    da: str


class PositionOut(Schema):
    lat: Latitude
    lon: Longitude


class HoursOut(Schema):
    """Hours in which the officer can be met at a place."""

    id: UUID
    weekday: int | None = Field(ge=1, le=7, description="Monday is 1; empty: on one day only.")
    week: int | None = Field(ge=1, le=5, description="Which of the month, 5 is the last; empty: every week.")
    begins: TimeOfDay
    ends: TimeOfDay
    until: datetime.date | None = Field(description="The last day; empty where no end is known.")
    next_days: list[datetime.date] = Field(description="When they take place next, up to six days.")
    cancelled_days: list[datetime.date] = Field(description="When they do not take place.")
    place: str = Field(examples=["Library, ground floor"])
    address: str
    position: PositionOut | None
    note: WordsOut


class NoticeOut(Schema):
    """What the police tell the people who live there; `you_said` tells what came of what people said."""

    id: UUID
    kind: Literal["notice", "you_said"]
    title: WordsOut
    said: WordsOut = Field(description="What people said; empty but with `you_said`.")
    text: WordsOut
    shown_from: datetime.datetime
    is_of_station: bool = Field(description="True if it is for all of the station's sectors.")


class EventOut(Schema):
    id: UUID
    title: WordsOut
    text: WordsOut
    begins_at: datetime.datetime
    ends_at: datetime.datetime
    place: str
    position: PositionOut | None
    is_cancelled: bool


class AnswerTimeOut(Schema):
    """How long people of the district waited for an answer, in hours of working days."""

    since: datetime.date = Field(description="The first day that was counted.")
    answered: int
    median_hours: float
    p90_hours: float = Field(description="Nine of ten were answered within so many hours.")


class LinksOut(Schema):
    """What there is to take along, and where to write to."""

    page: str
    message: str = Field(description="The form for a message to the officer; it needs no account.")
    card_vcf: str | None = Field(description="The officer's contact card (vCard); empty in a vacancy.")
    qr_svg: str = Field(description="A picture that leads to the sector's page (QR code).")
    leaflet_pdf: str
    events_ics: str = Field(description="Events as a calendar (iCalendar).")
    notices_atom: str = Field(description="Notices as a feed (Atom).")


class SectorDetailOut(SectorAndOfficerOut):
    """A sector, who answers for it, and what they tell the public."""

    hours: list[HoursOut] = Field(description="The next ones first.")
    notices: list[NoticeOut] = Field(description="The newest first.")
    events: list[EventOut] = Field(description="The soonest first.")
    answer_time: AnswerTimeOut | None = Field(
        description="Of the district; empty where fewer than five messages were answered."
    )
    links: LinksOut


class SuggestionOut(Schema):
    text: str = Field(
        description="What to put into the address field.", examples=["Frederikssundsvej, 2700 Brønshøj"]
    )
    kind: Literal["street", "address"]


class SuggestionsOut(Schema):
    suggestions: list[SuggestionOut]


class Problem(Schema):
    """What is wrong with a request, and what to do about it (RFC 9457)."""

    type: Literal["about:blank"]
    title: str = Field(examples=["The request cannot be understood"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["Give either lat and lon, or address."])


ItemId = Annotated[
    str | float | None,
    Field(description="Comes back with the answer: a number, or a text of up to 100 characters."),
]


class PositionIn(Schema):
    id: ItemId = None
    lat: Latitude
    lon: Longitude


class AddressIn(Schema):
    id: ItemId = None
    address: str = Field(
        min_length=1,
        max_length=200,
        description="A street and a house number, as a person types them.",
        examples=["Frederikssundsvej 12"],
    )


class LocatedOut(LocateOut):
    """The answer for one item of a list."""

    id: ItemId


class NotLocatedOut(Schema):
    """An item that is no place, or could not be looked up."""

    id: ItemId
    problem: Problem
