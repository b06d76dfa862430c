"""Who may do what with boundary releases (design, section 6): the head of a station, with its own alone.

Rights follow from dated leadership (`officers.rights`) and end with it, at the next request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from officers.models import User
    from sectors.models import BoundaryRelease


def can_view_release(user: User, release: BoundaryRelease | None = None) -> bool:
    """Heads and reviewers; without a release: who may see any."""
    return user.has_perm("sectors.view_boundaryrelease", release)


def can_add_release(user: User) -> bool:
    return user.has_perm("sectors.add_boundaryrelease")


def can_draw_releases(user: User, release: BoundaryRelease) -> bool:
    """The head of the release's station, whatever state the release is in by now."""
    return user.has_perm("sectors.change_boundaryrelease", release)


def can_change_release(user: User, release: BoundaryRelease) -> bool:
    """Station heads, while the release is a draft: what has been published stays as it is."""
    return release.is_draft and can_draw_releases(user, release)


def can_delete_release(user: User, release: BoundaryRelease) -> bool:
    return release.is_draft and user.has_perm("sectors.delete_boundaryrelease", release)


def can_publish_release(user: User, release: BoundaryRelease) -> bool:
    """Station heads: publish a draft, and take back what they published until it begins."""
    return user.has_perm("sectors.publish_boundaryrelease", release)
