"""Which rows of sectors are within an account's reach: the condition that `visible_to` is made of."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from officers.models.accounts import User


def in_reach_of(user: User, path: str = "sector", *, at: datetime.datetime | None = None) -> Q:
    """Return the condition that the sector at `path` is one that `user` works in or heads (design, section 6).

    Present sectors of officers, attached or covering too; the districts and stations of heads.
    """
    standing = user.standing_at(at)
    return (
        Q(**{f"{path}__in": standing.sectors})
        | Q(**{f"{path}__district__in": standing.districts})
        | Q(**{f"{path}__station__in": standing.stations})
    )
