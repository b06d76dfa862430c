"""Who typed in how many of a round's sheets: officers type in what is said of them, so heads read the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q

from contacts.models import SheetCount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contacts.models import SurveyRound
    from officers.models import User
    from sectors.models import Sector


def count_sheet(survey: SurveyRound, sector: Sector, user: User) -> None:
    """Add a sheet to those that the account has typed in. To be called in the answer's transaction."""
    count, _is_new = SheetCount.objects.get_or_create(round=survey, sector=sector, user=user)
    SheetCount.objects.filter(pk=count.pk).update(sheets=F("sheets") + 1)


def sheets_by_account(survey: SurveyRound, sectors: Iterable[Sector], user: User) -> list[SheetCount]:
    """Return the counts of those of the sectors that the account heads, in the sectors' order: one query."""
    standing = user.standing
    headed = Q(sector__station__in=standing.stations) | Q(sector__district__in=standing.districts)
    counts = SheetCount.objects.filter(headed, round=survey, sector__in=list(sectors))
    return list(
        counts.select_related("sector", "user").order_by("sector__number", "sector", "-sheets", "user")
    )
