"""A sector's contact card (vCard 3.0, RFC 2426): whoever answers for the sector, for a telephone's address book."""

from __future__ import annotations

import vobject
from django.conf import settings
from django.utils import dateformat, formats
from django.utils.translation import gettext as _

from contacts.listing import Caretaker
from contacts.take_along.addresses import absolute, one_line, plain
from contacts.templatetags.public_site import last_day
from officers.responsibility import Answer
from sectors.division import PublicSector

# Long lines are folded, pictures too: what the library does for an address book of 2007 no other one wants.
vobject.vcard.wacky_apple_photo_serialize = False


def contact_card(sector: PublicSector, answer: Answer, picture: bytes | None = None) -> bytes:
    """Return the card of the officer who answers now, or of the district where nobody does.

    `picture` is the officer's portrait as a JPEG.
    """
    card = vobject.vCard()
    if answer.officer:
        person = answer.officer
        _name_person(card, person.name)
        if person.title:
            card.add("title").value = one_line(person.title)
        _add_reach(card, person.phone, person.email)
        if picture:
            _add_picture(card, picture)
    else:
        caretaker = Caretaker.of(sector.district)
        _name_office(card, caretaker.name)
        _add_reach(card, caretaker.phone or settings.POLICE_NUMBER, caretaker.email)
    card.add("org").value = [one_line(sector.station.name), one_line(sector.district.name)]
    card.add("url").value = absolute("sector_detail", sector.slug)
    card.add("note").value = plain(_note(sector, answer))
    return card.serialize(lineLength=75).encode()


def _name_person(card: vobject.base.Component, name: str) -> None:
    *given, family = one_line(name).split(" ")
    card.add("fn").value = one_line(name)
    card.add("n").value = vobject.vcard.Name(family=family, given=" ".join(given))


def _name_office(card: vobject.base.Component, name: str) -> None:
    card.add("fn").value = one_line(name)
    card.add("n").value = vobject.vcard.Name(family=one_line(name))


def _add_reach(card: vobject.base.Component, phone: str, email: str) -> None:
    if phone:
        line = card.add("tel")
        line.value, line.type_param = one_line(phone), ["WORK", "VOICE"]
    if email:
        line = card.add("email")
        line.value, line.type_param = one_line(email), ["INTERNET", "WORK"]


def _add_picture(card: vobject.base.Component, picture: bytes) -> None:
    line = card.add("photo")
    line.value, line.encoding_param, line.type_param = picture, "B", "JPEG"


def _note(sector: PublicSector, answer: Answer) -> str:
    numbers = {"emergency": settings.EMERGENCY_NUMBER, "police": settings.POLICE_NUMBER}
    urgent = _(
        "For what is not urgent. Is it happening now: call %(emergency)s. Other police matters: %(police)s."
    )
    return f"{_whose(sector, answer)}\n{urgent % numbers}"


def _whose(sector: PublicSector, answer: Answer) -> str:
    """Say for which sector the card is, and until when, if that is known: a card outlives a cover."""
    values = {"sector": sector.name}
    if not answer.officer:
        return _("Takes care of %(sector)s while no police officer answers for it.") % values
    if answer.cover_until:
        day = dateformat.format(last_day(answer.cover_until), formats.get_format("DATE_FORMAT"))
        return _("Answers for %(sector)s until %(day)s.") % {**values, "day": day}
    if answer.is_cover:
        return _("Answers for %(sector)s at the moment.") % values
    return _("Your police officer in %(sector)s.") % values
