"""What a notification may carry: names, numbers and dates. Texts that people wrote stay where they are."""

from __future__ import annotations

import datetime
import json
from typing import Any

# Long enough for a name or an address within the site, too short for what a citizen or an officer wrote.
TEXT_LIMIT = 200

_PLAIN = (str, int, float, bool, type(None), datetime.datetime, datetime.date)


class ContextEncoder(json.JSONEncoder):
    """Writes an instant and a day so that they are read back as what they were."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime.datetime):
            return {"instant": o.isoformat()}
        if isinstance(o, datetime.date):
            return {"day": o.isoformat()}
        return super().default(o)


class ContextDecoder(json.JSONDecoder):
    """Reads what `ContextEncoder` wrote."""

    def __init__(self, **options: Any) -> None:
        super().__init__(object_hook=_dated, **options)


def _dated(found: dict[str, Any]) -> Any:
    if found.keys() == {"instant"}:
        return datetime.datetime.fromisoformat(found["instant"])
    if found.keys() == {"day"}:
        return datetime.date.fromisoformat(found["day"])
    return found


def check_context(context: dict[str, Any]) -> None:
    """Raise ValueError for what a notification must not carry: nested values, objects, long texts."""
    for name, value in context.items():
        if not isinstance(value, _PLAIN):
            raise ValueError(f"{name}: a notification carries names, numbers and dates, no {type(value)}")
        if isinstance(value, str) and "\0" in value:
            raise ValueError(f"{name}: a text with a null character")
        if isinstance(value, str) and len(value) > TEXT_LIMIT:
            raise ValueError(f"{name}: longer than {TEXT_LIMIT} characters; let the mail link to it instead")
        if isinstance(value, datetime.datetime) and value.tzinfo is None:
            raise ValueError(f"{name}: an instant without a time zone")
