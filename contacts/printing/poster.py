"""The window poster, A4 or A3, with bleed and crop marks: to be read from the other side of the street."""

from __future__ import annotations

from typing import Any

from contacts.printing.facts import Facts
from contacts.printing.hours import RegularHours
from contacts.printing.pictures import portrait
from contacts.printing.sizes import BOLD, PLAIN, height_mm, how_many, lines, name_step

SIZES = ("a4", "a3")
MOST_HOURS = 3
# As in print-poster.css, at A4: points, and the millimetres of the words. A3 is the same drawn larger.
NAME_SIZES, SECTOR_SIZES = (48, 42, 36, 30, 25, 20), (28, 23, 19, 16)
PHONE_SIZES, EMAIL_SIZES = (40, 34, 28, 22), (17, 14, 12, 10, 8)
TITLE_SIZE, HOURS_SIZE = 17, 13.5
WIDTH, HEIGHT, GAPS = 178, 192, 21
# How high portrait and QR code are, from large to small.
PICTURE_HEIGHTS = (78, 65, 55)
# Letters of "until" with its day, and the millimetres of the heading with its rule.
UNTIL_LETTERS, HEADING = 30, 13


def context(facts: Facts, size: str) -> dict[str, Any]:
    """Return what the template needs besides code and address; `size` is one of SIZES. One query."""
    steps = _steps(facts)
    room = HEIGHT - GAPS - _words_height(facts, steps)
    pictures, count = _pictures_and_hours(facts, room)
    return {
        "size": size,
        "portrait": portrait(facts.officer),
        "hours": facts.hours[:count],
        "has_more_hours": len(facts.hours) > count,
        "picture_step": pictures,
        **steps,
    }


def _steps(facts: Facts) -> dict[str, int]:
    said = facts.said
    return {
        "name_step": name_step(said.name, NAME_SIZES, WIDTH, 38),
        "sector_step": name_step(facts.sector.name, SECTOR_SIZES, 150, 22),
        # A telephone number stays on one line.
        "phone_step": name_step(said.phone.replace(" ", "x"), PHONE_SIZES, WIDTH, 20, BOLD),
        "email_step": name_step(said.email.replace("@", " @"), EMAIL_SIZES, WIDTH, 14, PLAIN),
    }


def _words_height(facts: Facts, steps: dict[str, int]) -> float:
    said, title = facts.said, facts.officer.title if facts.officer else ""
    name, phone = NAME_SIZES[steps["name_step"]], PHONE_SIZES[steps["phone_step"]]
    email = EMAIL_SIZES[steps["email_step"]]
    return (
        height_mm(lines(said.name, name, WIDTH, BOLD / 1.15), name)
        + height_mm(lines(title, TITLE_SIZE, WIDTH), TITLE_SIZE, 1.25)
        + height_mm(lines(said.phone, phone, WIDTH, BOLD), phone)
        + height_mm(lines(said.email, email, WIDTH), email, 1.25)
        + 5
    )


def _pictures_and_hours(facts: Facts, room: float) -> tuple[int, int]:
    """Return the step of the pictures, and how many hours are named: as many as may be, then large pictures."""
    heights = [_height(row) for row in facts.hours[:MOST_HOURS]]
    smallest = len(PICTURE_HEIGHTS) - 1
    count = how_many(heights, room - PICTURE_HEIGHTS[smallest] - HEADING)
    needed = sum(heights[:count]) + (HEADING if count else 0)
    fitting = (place for place, height in enumerate(PICTURE_HEIGHTS) if height + needed <= room)
    return next(fitting, smallest), count


def _height(row: RegularHours) -> float:
    where = "x" * (len(row.where) + (UNTIL_LETTERS if row.until else 0))
    return height_mm(1 + lines(where, HOURS_SIZE, WIDTH, PLAIN / 1.15), HOURS_SIZE, 1.25) + 1.5
