"""Texts that are written in English, in Danish or in both, and read in the reader's language where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

LANGUAGES = ("en", "da")


@dataclass(frozen=True, slots=True)
class Told:
    """A text and the language that it is in: a page marks it where the reader asked for another one."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def is_foreign(self) -> bool:
        """Whether it is in another language than the one that is read in now."""
        return bool(self.text) and self.language != reading_language()


def reading_language() -> str:
    return "da" if (get_language() or "en").startswith("da") else "en"


def told(row: Any, field: str, language: str | None = None) -> Told:
    """Return `field` ("title" of title_en and title_da) in the language asked for, else in the other one."""
    asked = language or reading_language()
    other = "en" if asked == "da" else "da"
    text = getattr(row, f"{field}_{asked}")
    return Told(text, asked) if text else Told(getattr(row, f"{field}_{other}"), other)
