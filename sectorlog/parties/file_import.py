"""Importing a sector's parties from a file: planned line by line, then done as a whole or not at all.

A party is known by name and address. Who is there already is passed over, and so is whoever the file names twice;
a further line of the same party with another contact person adds that one. No query a line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from sectorlog.models import ContactPerson, Party
from sectorlog.parties.likeness import Known, address_key, is_like_at_the_door, name_key
from sectorlog.parties.place import question
from sectors import division
from sectors.csv_files import CsvLine
from sectors.models import Sector
from sectors.places import doors

# What a kind may be called in a file, in English and Danish, besides the key itself; in lower case.
KINDS = {
    Party.Kind.TRADE: ("tradesperson", "shop", "business", "erhverv", "erhvervsdrivende", "butik", "handel"),
    Party.Kind.HOUSING: (
        *("housing association", "housing association or co-operative", "co-operative", "boligforening"),
        *("boligselskab", "andelsboligforening", "andelsforening", "boligorganisation"),
    ),
    Party.Kind.OWNERS: ("house owners", "house owners' association", "grundejerforening", "ejerforening"),
    Party.Kind.INSTITUTION: ("institutionen",),
    Party.Kind.SCHOOL: ("school or day care", "day care", "skole", "daginstitution", "børnehave"),
    Party.Kind.CLUB: ("club or association", "association", "klub", "forening", "idrætsforening"),
    Party.Kind.NETWORK: ("netværk",),
    Party.Kind.OTHER: ("other party", "anden", "andet", "øvrige"),
}
_KIND_OF = {name: kind for kind, names in KINDS.items() for name in (str(kind), *names)}
# A spreadsheet runs a cell that begins so. A telephone number may begin with a plus sign.
_FORMULA = re.compile(r"[=@\t]|[+-](?![\d\s(])")
_MOST_DIGITS = 5
# So many parties of one house are looked at, so many of those found are named.
MOST_AT_A_DOOR, MOST_LIKE = 50, 3


class ImportRefused(Exception):
    """Something changed since the file was looked at; nothing has been imported."""


@dataclass(slots=True)
class PlannedLine:
    """What a line of the file would do. A line with problems does nothing, and neither does the file.

    `party` is the one that is made, or the one that the contact person is added to.
    """

    number: int
    name: str = ""
    kind: str = "problem"  # or "new", "contact", "known", "again"
    party: Party | None = None
    contact: ContactPerson | None = None
    like: tuple[Party, ...] = ()
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def plan_import(lines: Sequence[CsvLine], sector: Sector) -> list[PlannedLine]:
    """Return what importing the lines into the sector would do. Nothing is saved. Four queries."""
    return list(_Planning(lines, sector).lines(lines))


@transaction.atomic
def import_parties(planned: Sequence[PlannedLine]) -> None:
    """Save what was planned. Raises ImportRefused, and then nothing has changed."""
    if any(line.problems for line in planned):
        raise ImportRefused
    try:
        with transaction.atomic():
            Party.objects.bulk_create(line.party for line in planned if line.kind == "new" and line.party)
            contacts = [line.contact for line in planned if line.contact is not None]
            for contact in contacts:
                # Set again: a party that is made in this file has a primary key only now.
                contact.party = contact.party
            ContactPerson.objects.bulk_create(contacts)
    except IntegrityError as error:
        raise ImportRefused from error


class _Planning:
    """Holds what is there already against the lines, and the lines against one another."""

    def __init__(self, lines: Iterable[CsvLine], sector: Sector) -> None:
        self.sector, self.current = sector, division.current()
        # By name, then by address: however many have one name, a line is held against one or two.
        self.by_name: dict[str, dict[str, Known]] = defaultdict(dict)
        self.by_address: dict[str, list[Known]] = defaultdict(list)
        self.line_of: dict[int, int] = {}
        for party in Party.objects.filter(sector=sector, merged_into=None).prefetch_related("contacts"):
            self._remember(party)
        self.contacts = {
            (id(known.party), contact.name.casefold())
            for group in self.by_name.values()
            for known in group.values()
            for contact in known.party.contacts.all()
        }
        self.places = doors((line.cells.get("address", "") for line in lines), sector)

    def _remember(self, party: Party) -> None:
        known = Known.of(party)
        self.by_name[known.name].setdefault(known.address, known)
        # Those of the file are held against one another by name alone.
        if known.address and party.pk:
            self.by_address[known.address].append(known)

    def lines(self, lines: Iterable[CsvLine]) -> Iterator[PlannedLine]:
        for line in lines:
            planned = PlannedLine(line.number, line.cells.get("name", ""))
            if line.problem:
                planned.problems.append(line.problem)
            else:
                self._plan(planned, line.cells)
            if planned.problems:
                planned.kind = "problem"
            yield planned

    def _plan(self, planned: PlannedLine, cells: dict[str, str]) -> None:
        planned.problems.extend(_formula_problems(cells))
        name, address = planned.name, cells.get("address", "")
        same = self._same(Known.of(Party(name=name, address=address)))
        if same is not None:
            self._plan_known(planned, same.party)
        else:
            self._plan_new(planned, cells)
        if cells.get("contact") and planned.party is not None:
            self._plan_contact(planned, planned.party, cells)
        elif any(cells.get(column) for column in ("role", "phone", "email")) and not cells.get("contact"):
            planned.problems.append(
                _("A role, telephone number or e-mail address is given without a contact name.")
            )

    def _same(self, own: Known) -> Known | None:
        """Return who has the name, and the address too where both have one."""
        named = self.by_name[own.name]
        if not own.address:
            return next(iter(named.values()), None)
        return named.get(own.address) or named.get("")

    def _plan_known(self, planned: PlannedLine, party: Party) -> None:
        planned.party = party
        line = self.line_of.get(id(party))
        planned.kind = "again" if line else "known"
        if line:
            planned.notes.append(_("Line %(line)d names the same party.") % {"line": line})
        elif party.gone_at:
            planned.notes.append(_("It is in the log as gone. Bring it back there if it is there again."))

    def _plan_new(self, planned: PlannedLine, cells: dict[str, str]) -> None:
        party = planned.party = Party(
            sector=self.sector,
            name=planned.name,
            address=cells.get("address", ""),
            kind=self._kind(planned, cells.get("kind", "")),
            interval_days=self._interval(planned, cells.get("interval", "")),
        )
        planned.kind = "new"
        planned.problems.extend(_field_problems(party, exclude=["sector", "interval_days"]))
        self._place(planned, party)
        planned.like = self._like(party)
        if planned.like:
            names = ", ".join(one.name for one in planned.like)
            planned.notes.append(
                _("Like what is there: %(names)s. Merge them if they are one.") % {"names": names}
            )
        self.line_of[id(party)] = planned.number
        self._remember(party)

    def _like(self, party: Party) -> tuple[Party, ...]:
        """Return who of the log has the name, or a near one at the same door."""
        key = name_key(party.name)
        at_the_door = self.by_address.get(address_key(party.address), ())[:MOST_AT_A_DOOR]
        near = (one for one in at_the_door if is_like_at_the_door(key, one))
        # Those of the log came into it first.
        named = [one for one in islice(self.by_name[key].values(), MOST_LIKE) if one.party.pk]
        found = dict.fromkeys(one.party for one in (*named, *near))
        return tuple(found)[:MOST_LIKE]

    def _place(self, planned: PlannedLine, party: Party) -> None:
        party.place = self.places.get(party.address)
        if party.place is None:
            if party.address:
                planned.notes.append(_("The register does not know this address: no place on the map."))
        elif question(party.place, self.sector, self.current):
            planned.notes.append(_("This address lies outside the sector."))

    def _plan_contact(self, planned: PlannedLine, party: Party, cells: dict[str, str]) -> None:
        contact = ContactPerson(
            party=party,
            name=cells["contact"],
            **{name: cells.get(name, "") for name in ("role", "phone", "email")},
        )
        key = (id(party), contact.name.casefold())
        if key in self.contacts:
            return
        planned.problems.extend(_field_problems(contact, exclude=["party"]))
        self.contacts.add(key)
        if planned.kind == "known":
            # What the log says of a party that it knows is its officers' to change.
            return
        planned.contact = contact
        if planned.kind == "again":
            planned.kind = "contact"

    def _kind(self, planned: PlannedLine, typed: str) -> str:
        kind = _KIND_OF.get(typed.casefold(), "") if typed else Party.Kind.OTHER
        if not kind:
            sentence = _("“%(kind)s” is no kind of party. Write one of: %(kinds)s.")
            kinds = ", ".join(Party.Kind.values)
            planned.problems.append(sentence % {"kind": typed, "kinds": kinds})
        return kind or Party.Kind.OTHER

    def _interval(self, planned: PlannedLine, typed: str) -> int | None:
        if not typed:
            return None
        days = int(typed) if re.fullmatch(rf"\d{{1,{_MOST_DIGITS}}}", typed, re.ASCII) else 0
        if not 1 <= days <= 730:
            sentence = _(
                "“%(days)s” is no interval. Write a number of days between 1 and 730, or leave it empty."
            )
            planned.problems.append(sentence % {"days": typed})
        return days


def _formula_problems(cells: dict[str, str]) -> Iterator[str]:
    for column, cell in cells.items():
        if _FORMULA.match(cell):
            sentence = _("The cell “%(column)s” begins like a formula. Remove the sign at its beginning.")
            yield sentence % {"column": column}


def _field_problems(instance: models.Model, exclude: list[str]) -> Iterator[str]:
    try:
        instance.clean_fields(exclude=exclude)
    except ValidationError as refusal:
        for name, sentences in refusal.message_dict.items():
            label = instance._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # plain fields
            for sentence in sentences:
                yield _("%(field)s: %(sentence)s") % {"field": str(label).capitalize(), "sentence": sentence}
