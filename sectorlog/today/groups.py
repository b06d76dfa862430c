"""Neglected target groups: for the sector's officers by name, for heads how many there are where."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils import timezone

from audit.reads import shown
from sectorlog.groups.neglect import Cell, attention, neglected
from sectorlog.today import Part
from sectors.models import Sector

# The worst; the page of the groups, or the matrix, has them all.
MOST = 6


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return the groups of the sectors that are overdue or were never contacted, the worst first; None if none is."""
    found = neglected(attention(sectors, timezone.now()))
    if not found:
        return None
    _say(request, found[:MOST])
    content = {
        "cells": found[:MOST],
        "more": max(0, len(found) - MOST),
        "several": len(sectors) > 1,
        "sector": sectors[0],
    }
    return Part("sectorlog/today/groups.html", content)


def overview(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return, for a head of the sectors, how many groups are neglected, and the worst; None if none is."""
    found = neglected(attention(sectors, timezone.now()))
    if not found:
        return None
    _say(request, found[:MOST])
    return Part("sectorlog/today/groups_overview.html", {"count": len(found), "cells": found[:MOST]})


def _say(request: HttpRequest, cells: Sequence[Cell]) -> None:
    keys = [cell.agreement for cell in cells]
    shown(request, keys, subject="sectorlog.groupinsector", sectors={cell.sector.pk for cell in cells})
