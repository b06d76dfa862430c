"""Cutting off what a mail repeats of the mail that it answers. When in doubt everything is kept.

Only what holds a link to this site is cut: that is our own mail. What a citizen pastes from others stays.
"""

from __future__ import annotations

import re

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
    for number, line in enumerate(lines):
        if _begins_history(lines, number) and _is_ours(lines[number:], host):
            return _kept(lines[:number], text)
        if line.startswith(">") and _is_ours(lines[number:], host):
            return _kept(lines[:number], text)
    return text


def _kept(lines: list[str], text: str) -> str:
    """Return what stands before the history; the whole text where that says nothing: the answer stands elsewhere."""
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1])):
        lines.pop()
    return "\n".join(lines) if any(line.strip() for line in lines) else text


def _begins_history(lines: list[str], number: int) -> bool:
    line = lines[number]
    if _ORIGINAL.fullmatch(line):
        return True
    if _FROM.match(line):
        return any(_SENT.match(each) for each in lines[number + 1 : number + 3])
    return line.startswith(("On ", "Den ")) and _is_introduction(lines, number)


def _is_introduction(lines: list[str], number: int) -> bool:
    for count in range(1, _LONGEST_INTRODUCTION + 1):
        sentence = " ".join(lines[number : number + count]).strip()
        if sentence.endswith(":"):
            return _WROTE.search(sentence) is not None and any(char.isdigit() for char in sentence)
    return False


def _is_ours(rest: list[str], host: str) -> bool:
    """Tell whether the rest is our mail and nothing else: quoted throughout, or nowhere."""
    if not any(host in line for line in rest):
        return False
    first = next((number for number, line in enumerate(rest) if line.startswith(">")), None)
    return first is None or all(line.startswith(">") for line in rest[first:] if line.strip())
