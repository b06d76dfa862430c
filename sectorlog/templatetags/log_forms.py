"""Texts of forms, which their heads wrote in one language or two."""

from __future__ import annotations

from typing import Any

from django import template

from sectorlog.models import in_language
from sectorlog.uniform_forms.design import LANGUAGES

register = template.Library()

register.filter("in_language", in_language)


@register.filter
def other_language(texts: dict[str, Any]) -> str:
    """Return the text in the language that `in_language` did not choose, if it was written in that as well."""
    chosen = in_language(texts)
    others = (str(texts.get(language) or "") for language in LANGUAGES)
    return next((text for text in others if text and text != chosen), "")
