"""What the map page of a release hands to its scripts: texts, map settings and addresses."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from sectors.boundaries.checks import area_text
from sectors.boundaries.moves import Move, moves
from sectors.models import BoundaryRelease


def map_settings() -> dict[str, Any]:
    return {"TILES": settings.LEAFLET_CONFIG["TILES"]}


def service_bounds() -> str:
    """West, south, east, north in degrees, as the map reads them."""
    return ",".join(str(bound) for bound in settings.SERVICE_BOUNDS)


# A whole country drawn anew moves thousands of pieces; nobody reads, or can tell apart on a map, more than these.
MOVES_SHOWN = 200


def moves_context(release: BoundaryRelease, before: BoundaryRelease | None) -> dict[str, Any]:
    """What `release` moves against `before`, for the table and for the map, the largest areas first."""
    if before is None:
        return {"is_first": True}
    found = moves(release, compared_to=before)
    shown = found[:MOVES_SHOWN]
    return {
        "rows": [move_row(move) for move in shown],
        "rows_left_out": len(found) - len(shown),
        "addresses": sum(move.addresses for move in found if move.to_sector),
        "addresses_lost": sum(move.addresses for move in found if not move.to_sector),
        "moved_areas": [moved_area(move) for move in shown],
    }


def move_label(move: Move) -> str:
    """From → to, by number: what stands on the map over an area that changes hands."""
    before = str(move.from_sector.number) if move.from_sector else gettext("none")
    after = str(move.to_sector.number) if move.to_sector else gettext("none")
    return f"{before} → {after}"


def moved_area(move: Move) -> dict[str, Any]:
    return {"label": move_label(move), "geometry": move.geojson}


def move_row(move: Move) -> dict[str, Any]:
    place = move.geometry.point_on_surface
    return {"move": move, "area": area_text(move.area_m2), "lon": place.x, "lat": place.y}


def editor_texts() -> dict[str, str]:
    """Everything that the scripts say. The words in braces are filled in by the browser."""
    return {**_drawing_texts(), **_corner_texts(), **_saving_texts()}


def _corner_texts() -> dict[str, str]:
    return {
        "corner": gettext("Corner {number} of {count} of sector {sector}"),
        "corner_shared": gettext("Corner {number} of {count} of sector {sector}, shared with {others}"),
        "midpoint": gettext("Add a corner here"),
        "corner_added": gettext("Corner added. Move it with the arrow keys."),
        "corner_moved": gettext("Corner moved by {metres} m in {sectors}."),
        "moved_up": gettext("Moved {metres} m to the north, in {sectors}."),
        "moved_down": gettext("Moved {metres} m to the south, in {sectors}."),
        "moved_left": gettext("Moved {metres} m to the west, in {sectors}."),
        "moved_right": gettext("Moved {metres} m to the east, in {sectors}."),
        "corner_removed": gettext("Corner removed from {sectors}."),
        "refused_triangle": gettext("A sector needs at least three corners, so this one stays."),
        "refused_meeting": gettext("Several borders meet in this corner. Move it instead of removing it."),
        "selected": gettext("Sector {sector} is selected."),
        "undone": gettext("Undone."),
        "redone": gettext("Done again."),
    }


def _drawing_texts() -> dict[str, str]:
    return {
        "zoom_in": gettext("Zoom in"),
        "zoom_out": gettext("Zoom out"),
        "not_saved": gettext("new, not saved"),
        "sector_removed": gettext("Sector {sector} is removed from this draft. Undo brings it back."),
        "drawing_started": gettext(
            "Click the corners of the new sector one after the other. By keyboard: the arrow keys move the "
            "map, Enter sets a corner at the cross in its middle, Backspace takes the last one back."
        ),
        "drawing_corner": gettext("Corners set: {number}."),
        "drawing_too_few": gettext("Set at least three corners first."),
        "drawing_cancelled": gettext("Drawing cancelled."),
        "drawing_finished": gettext(
            "Sector {sector} is drawn. When you save, its ground is taken out of the sectors that it covers."
        ),
    }


def _saving_texts() -> dict[str, str]:
    return {
        "saving": gettext("Saving …"),
        "saved": gettext("Saved."),
        "show_on_map": gettext("Show on the map"),
        "save_unreachable": gettext(
            "The server could not be reached. Your drawing is still here: try again in a moment."
        ),
        "save_logged_out": gettext(
            "You have been logged out. Your drawing is still here: log in in another window, then save again."
        ),
        "save_failed": gettext(
            "The server could not save this. Your drawing is still here: try again in a moment."
        ),
        "load_failed": gettext("The boundaries could not be loaded. Reload the page."),
        "consequences_failed": gettext("This could not be worked out now. Reload the page."),
    }
