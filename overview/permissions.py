"""Who may look at what of the overview (design, section 6). It ends with the dated row it follows from."""

from __future__ import annotations

from officers.models import StaffRole, User


def can_see_overview(user: User) -> bool:
    """Heads of stations and of districts."""
    return bool(user.standing.stations or user.standing.districts)


def can_see_figures(user: User) -> bool:
    """Heads, and analysts, who see no cell below `overview.figures.small_cells.FEWEST`."""
    return can_see_overview(user) or bool(user.standing.stations_as(StaffRole.Role.ANALYST))


def can_see_attention(user: User) -> bool:
    """Heads, and whoever works in a sector now."""
    return can_see_overview(user) or bool(user.standing.sectors)
