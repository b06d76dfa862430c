"""The public cannot reach who answers (handbook, Sector responsible officers: phone, e-mail, personal contact)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from officers.rota import PublicOfficer
from overview.gaps import GapKind
from overview.gaps.acts import add_hours, enter_reach
from overview.gaps.lack import Lack, Look
from overview.gaps.reading import NEVER
from overview.gaps.window import DAY, OPENS
from sectors.instants import instant_of

# A number with fewer digits is a note, or a number within the house.
FEWEST_DIGITS = 6


def lacks(look: Look) -> Iterator[Lack]:
    """Yield when who answers has no telephone number or e-mail that works, and from when on no hours are named."""
    yield from _without_reach(look)
    yield from _without_hours(look)


def _without_reach(look: Look) -> Iterator[Lack]:
    stations = dict(look.facts.stations)
    for begins, ends, decision in look.stretches:
        row = decision.answering
        if row is None or not (missing := _missing(row.officer, look.facts.undeliverable)):
            continue
        act = enter_reach(look.user, look.facts.sector, row.officer_id, stations.get(row.officer_id))
        say = partial(_no_reach, row.officer.name, missing)
        yield Lack(GapKind.UNREACHABLE, (row.officer_id, missing), begins, ends, say, act, (row.officer_id,))


def _without_hours(look: Look) -> Iterator[Lack]:
    """Hours that are named for a later day than this one count: the page shows them."""
    last = look.facts.hours_until
    if last >= look.window.last:
        return
    begins = look.window.begins if last == NEVER else instant_of(last + DAY, OPENS)
    act = add_hours(look.user, look.facts.sector)
    yield Lack(GapKind.UNREACHABLE, "hours", begins, None, _no_hours, act)


def _missing(officer: PublicOfficer, undeliverable: Collection[str]) -> str:
    """Return what is missing, a key of `_no_reach`; nothing if the officer can be reached in both ways."""
    missing = [] if sum(letter.isdigit() for letter in officer.phone) >= FEWEST_DIGITS else ["phone"]
    if not _is_email(officer.email):
        missing.append("email")
    elif officer.email.lower() in undeliverable:
        missing.append("mails")
    return " ".join(missing)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _no_reach(officer: str, missing: str, when: str) -> str:
    sentences = {
        "phone": _("%(officer)s answers %(when)s and has no telephone number on the public page."),
        "email": _("%(officer)s answers %(when)s and has no e-mail on the public page."),
        "phone email": _(
            "%(officer)s answers %(when)s and has neither telephone nor e-mail on the public page."
        ),
        "mails": _("%(officer)s answers %(when)s, and mails to the e-mail on the public page come back."),
        "phone mails": _(
            "%(officer)s answers %(when)s and has no telephone number on the public page, and mails come back."
        ),
    }
    return sentences[missing] % {"officer": officer, "when": when}


def _no_hours(when: str) -> str:
    return _("The public page names no hours to meet the officer %(when)s.") % {"when": when}
