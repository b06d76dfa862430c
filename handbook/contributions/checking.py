"""What a wording in the handbook must not be: a chapter of its own, or a way to nowhere."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from handbook import markup
from handbook.models import Passage
from sectors.models import Station

_HEADING = re.compile(r"<h[1-6]>")
_ANCHOR = re.compile(r"(?<!\\)\{#[^\s{}]*\}")


def faults(text: str, station: Station) -> list[str]:
    """Return what is wrong with the wording, as sentences that say what to do. One query where it has links."""
    found = []
    if _HEADING.search(markup.rendered(text)):
        found.append(_("A contribution has no headings: take away the # at the beginning of the line."))
    if typed := _ANCHOR.search(text):
        sentence = _("A contribution has no anchor of its own: take away %(anchor)s.")
        found.append(sentence % {"anchor": typed[0]})
    destinations = list(dict.fromkeys(markup.destinations(text)))
    for destination in destinations:
        if not markup.is_allowed(destination):
            sentence = _(
                "The link to “%(address)s” is not allowed. Links lead to https://, mailto:, tel: or #anchor."
            )
            found.append(sentence % {"address": destination})
    for anchor in _leading_nowhere(destinations, station):
        sentence = _("The link to “#%(anchor)s” leads nowhere: the handbook has no passage of that name.")
        found.append(sentence % {"anchor": anchor})
    return found


def plain(text: str) -> str:
    """Return the wording as it is read, without marks, a line for each paragraph."""
    return "\n".join(words for piece in markup.pieces(text) for words in piece.words)


def _leading_nowhere(destinations: list[str], station: Station) -> list[str]:
    anchors = [one[1:] for one in destinations if markup.is_allowed(one) and one.startswith("#")]
    if not anchors:
        return []
    known = set(
        Passage.objects.current().filter(station=station, anchor__in=anchors).values_list("anchor", flat=True)
    )
    return [anchor for anchor in anchors if anchor not in known]
