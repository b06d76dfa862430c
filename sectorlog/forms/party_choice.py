"""Which parties a form of an entry offers: of thousands those that were seen last, any other one by its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Max
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from sectorlog.forms.known_choices import KnownField, KnownFields, known_in
from sectorlog.models import Party
from sectorlog.models.parties import PartyQuerySet
from sectors.models import Sector

# So many chips are looked through with a thumb; what was seen before that is sooner named.
OFFERED = 30
# So many of a name stand beside the question which one is meant.
NAMED = 5


def recently_seen(parties: PartyQuerySet) -> PartyQuerySet:
    """Return the parties, those first that an entry was about lately, those without one by name."""
    latest = parties.annotate(seen_at=Max("entry_links__happened_at"))
    return latest.order_by(F("seen_at").desc(nulls_last=True), Lower("name"))


class PartyChoice:
    """The parties of a sector that one form offers, found once for all of its fields."""

    def __init__(self, sector: Sector | None) -> None:
        self.known = Party.objects.filter(sector=sector.pk if sector else None)
        lately = recently_seen(self.known.current()).values_list("pk", flat=True)
        found = list(lately[: OFFERED + 1]) if sector else []
        self.offered, self.has_more = found[:OFFERED], len(found) > OFFERED

    def narrow(self, fields: dict[str, forms.Field], chosen: dict[str, Iterable[Any]]) -> None:
        """Let the fields that take parties offer those seen last, and those that are chosen, by the field's name."""
        for name, field in fields.items():
            if isinstance(field, KnownField | KnownFields) and field.accepted.model is Party:
                keys = {
                    str(one.uuid if isinstance(one, Party) else one) for one in chosen.get(name, ()) if one
                }
                also = [party.pk for party in known_in(self.known, keys, "uuid")]
                self.offer(field, also)

    def offer(self, field: Any, also: Iterable[int]) -> None:
        field.queryset = recently_seen(self.known.filter(pk__in={*self.offered, *also}))

    def named(self, name: str) -> list[Party]:
        """Return the parties of this name, else those whose name holds it: at most one more than `NAMED`."""
        present = self.known.current().order_by(Lower("name"))
        return list(present.filter(name__iexact=name)[: NAMED + 1]) or list(
            present.filter(name__icontains=name)[: NAMED + 1]
        )

    def only_one(self, name: str, several: Any) -> Party | None:
        """Return the one party of this name. Raises ValidationError where there is none or more than one.

        Those that may be meant are offered by the field `several` then.
        """
        if not name:
            return None
        found = self.named(name)
        if not found:
            raise ValidationError(
                _(
                    "No party of this sector has this name. Write it as in the list of parties, or leave this empty."
                )
            )
        if len(found) == 1:
            return found[0]
        self.offer(
            several, [*several.queryset.values_list("pk", flat=True), *(one.pk for one in found[:NAMED])]
        )
        raise ValidationError(
            _("Several parties have this name: %(names)s. Tick the right one above and leave this empty.")
            % {"names": ", ".join(str(one) for one in found[:NAMED])}
        )
