"""How long a record is kept, for the heads who decide about it."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from sectorlog.permissions import can_head_sector
from sectorlog.retention.reviewing import Record, kind_of, with_decisions

register = template.Library()


@register.simple_tag(takes_context=True)
def review_of(context: dict[str, Any], row: Any) -> Record | None:
    """Return the row's review, with hold and last decision, for who heads its sector; None for anybody else."""
    [record] = with_decisions([(kind_of(row), row)]) if _is_heads(context, row) else [None]
    return record


@register.simple_tag
def review_url(record: Record) -> str:
    """Return where one decides about the record."""
    return reverse(f"sectorlog:retention_{record.kind}", args=[record.row.uuid])


def _is_heads(context: dict[str, Any], row: Any) -> bool:
    sector = row.party.sector if hasattr(row, "party_id") else row.sector
    return can_head_sector(context["request"].user, sector)
