"""Nobody is responsible for a sector (handbook, Sector responsible officers), whoever answers meanwhile."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from officers.rota import Kind
from overview.gaps import GapKind
from overview.gaps.acts import appoint
from overview.gaps.lack import Lack, Look


def lacks(look: Look) -> Iterator[Lack]:
    """Yield when nobody is responsible."""
    for begins, ends, decision in look.stretches:
        if decision.responsible is None:
            yield Lack(
                GapKind.VACANT,
                "nobody",
                begins,
                ends,
                _sentence,
                appoint(look.user, look.facts.sector, is_departure=_is_departure(look, begins)),
            )


def _is_departure(look: Look, begins: datetime.datetime) -> bool:
    """Tell whether somebody leaves, and nobody is appointed from any later day on."""
    posts = [row for row in look.facts.rota.rows if row.kind is Kind.RESPONSIBLE]
    is_held = any(row.holds_at(look.window.begins) for row in posts)
    return is_held and not any(row.begins > begins for row in posts)


def _sentence(when: str) -> Any:
    return _("No responsible officer %(when)s.") % {"when": when}
