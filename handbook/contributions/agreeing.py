""" "We do this too": one tap of a colleague below a contribution that stands in the handbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from handbook.models import Agreement, Contribution
from handbook.models.contributions import ContributionQuerySet

if TYPE_CHECKING:
    from officers.models import User


def with_agreements(contributions: ContributionQuerySet, user: User) -> ContributionQuerySet:
    """Add how many colleagues do the same, and whether the account is one: `agreed`, `is_agreed`. No more queries."""
    own = Agreement.objects.filter(contribution=OuterRef("pk"), user=user)
    return contributions.annotate(agreed=Count("agreements", distinct=True), is_agreed=Exists(own))


class NotToAgreeTo(Exception):
    """It is one's own, or stands in no handbook."""


@transaction.atomic
def agree(contribution: Contribution, *, by: User) -> bool:
    """Note that the account does the same; a second time takes it back. Returns whether it is noted now.

    Of two taps at once one waits for the other. Raises NotToAgreeTo.
    """
    locked = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if locked.author_id == by.pk or locked.state != Contribution.State.INSERTED:
        raise NotToAgreeTo
    taken_back, _kinds = Agreement.objects.filter(contribution=locked, user=by).delete()
    if not taken_back:
        Agreement.objects.create(contribution=locked, user=by)
    return not taken_back
