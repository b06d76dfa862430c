"""Lines of text as their writer sees them: a browser ends each with two characters, and they count as one."""

from __future__ import annotations

from typing import Any

from django import forms

from handbook import markup


class LinesField(forms.CharField):
    """Words of several lines."""

    def to_python(self, value: Any) -> str:
        return super().to_python(markup.normal(str(value or ""))) or ""
