"""An act on a contribution holds its row and looks again: of two people at once the second is told what it is now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from handbook.models import Contribution, ContributionStep
from officers.models import User


class ActedMeanwhile(Exception):
    """Somebody else took it further since the page was made. `now` is the contribution as it is."""

    def __init__(self, now: Contribution) -> None:
        super().__init__(now.state)
        self.now = now


def seen(contribution: Contribution) -> str:
    """Return what the page is about: an act on it is refused once something more has happened."""
    last = last_step(contribution)
    return f"{contribution.state}-{last.pk if last else 0}"


def last_step(contribution: Contribution) -> ContributionStep | None:
    return contribution.steps.order_by("-pk").first()


@contextmanager
def held(contribution: Contribution, *states: str, as_seen: str | None = None) -> Iterator[Contribution]:
    """Lock the contribution and hand it out as it is now, all in one transaction.

    Raises ActedMeanwhile where it is in none of the states, or where more has happened than the page said.
    """
    with transaction.atomic():
        rows = Contribution.objects.select_for_update(of=("self",))
        now = rows.select_related("passage__station", "passage__chapter", "author").get(pk=contribution.pk)
        if now.state not in states or (as_seen is not None and as_seen != seen(now)):
            raise ActedMeanwhile(now)
        yield now


def is_done(contribution: Contribution, kind: str, *, by: User, text: str = "") -> bool:
    """Whether the newest step is just this one: the form came twice."""
    last = last_step(contribution)
    return last is not None and (last.kind, last.by_id, last.text) == (kind, by.pk, text)
