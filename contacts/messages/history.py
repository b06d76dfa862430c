"""Cutting off what a mail repeats of the mail that it answers. When in doubt everything is kept.

Only what holds a link to this site is cut: that is our own mail. What a citizen pastes from others stays.
"""

from __future__ import annotations

import re
from itertools import pairwise

_ORIGINAL = re.compile(
    r"\s*-{2,}\s*(original message|oprindelig meddelelse|oprindelig besked)\s*-{2,}\s*", re.IGNORECASE
)
_FROM = re.compile(r"\s*\*?(from|fra):", re.IGNORECASE)
_SENT = re.compile(r"\s*\*?(sent|sendt|date|dato):", re.IGNORECASE)
_WROTE = re.compile(r"\b(wrote|skrev)\b", re.IGNORECASE)
# "On Monday, 23 November 2026 at 10:03, Mette Holm <answers@police.example> wrote:" takes three lines at most.
_LONGEST_INTRODUCTION = 3
_RULE = re.compile(r"\s*[_-]{10,}\s*")


def without_history(text: str, host: str) -> str:
    """Return the text without the mail from `host` that it ends with, and without what introduces that."""
    lines = text.split("\n")
    starts = [number for number in range(len(lines)) if _begins_mail(lines, number)]
    for start, end in pairwise([*starts, len(lines)]):
        if any(host in line for line in lines[start:end]):
            return _kept(lines[:start], text) if _is_nothing_else(lines[start:]) else text
    return text


def _kept(lines: list[str], text: str) -> str:
    """Return what stands before the history; the whole text where that says nothing: the answer stands elsewhere."""
    while lines and (idle := _idle_at_end(lines)):
        del lines[-idle:]
    return "\n".join(lines) if lines else text


def _idle_at_end(lines: list[str]) -> int:
    """Return how many lines at the end say nothing themselves, but lead to what was cut."""
    last = lines[-1]
    if not last.strip() or _RULE.fullmatch(last) or _ORIGINAL.fullmatch(last):
        return 1
    counts = range(1, min(_LONGEST_INTRODUCTION, len(lines)) + 1)
    return next((count for count in counts if _is_introduction(lines[-count:])), 0)


def _begins_mail(lines: list[str], number: int) -> bool:
    """Tell whether another mail begins here, anybody's."""
    line = lines[number]
    if line.startswith(">"):
        return number == 0 or not lines[number - 1].startswith(">")
    if _ORIGINAL.fullmatch(line):
        return True
    if _FROM.match(line):
        return any(_SENT.match(each) for each in lines[number + 1 : number + 3])
    counts = range(1, _LONGEST_INTRODUCTION + 1)
    return any(_is_introduction(lines[number : number + count]) for count in counts)


def _is_introduction(lines: list[str]) -> bool:
    """Tell whether the lines are "On … somebody wrote:", with a date."""
    if not lines[0].startswith(("On ", "Den ")) or not lines[-1].rstrip().endswith(":"):
        return False
    sentence = " ".join(lines)
    return _WROTE.search(sentence) is not None and any(char.isdigit() for char in sentence)


def _is_nothing_else(rest: list[str]) -> bool:
    """Tell whether no answer stands in between: quoted throughout from where it is quoted first, or nowhere."""
    first = next((number for number, line in enumerate(rest) if line.startswith(">")), None)
    return first is None or all(line.startswith(">") for line in rest[first:] if line.strip())
