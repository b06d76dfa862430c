"""Figures of a scope and a period: numbers in tables, and what a chart of them draws."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a table. `text` is how people read it; `is_hidden`: fewer than five, told to nobody here."""

    number: float | None
    text: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One place or month. `where` is its place's key (`overview.scope.key_of`) where one can look closer."""

    name: str
    cells: tuple[Cell, ...]
    where: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None


class ChartKind(StrEnum):
    """How a chart shows its series: beside each other, on top of each other, to a full hundred, or as lines."""

    BARS = "bars"
    STACKED = "stacked"
    SHARES = "shares"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of one colour and pattern, one for each of the chart's labels; None where nothing is known."""

    name: str
    numbers: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: `labels` along one axis, the numbers' `unit` on the other. Bars lie if `labels` are places."""

    title: str
    kind: ChartKind
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    are_places: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months from that of `first`, its first day, to that of `last`, a first day too; both included."""

    first: datetime.date
    last: datetime.date


@dataclass(frozen=True, slots=True)
class Figure:
    """What a page of figures shows: charts, each with its table beneath, and remarks on how to read them.

    `answer`: the question's answer in a sentence, empty where nothing is known or part of it is hidden.
    """

    slug: str
    name: str
    question: str
    pairs: tuple[tuple[Chart | None, Table], ...]
    remarks: tuple[str, ...] = field(default=())
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A sector's one number for the map: `level` from 0 (least) to 4, None where nothing is known or is hidden."""

    number: float | None
    text: str
    level: int | None
