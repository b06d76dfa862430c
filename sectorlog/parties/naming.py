"""Names of citizens that the sector log knows: told to whoever asks before a text goes to many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Lower, StrIndex

from officers.models import in_reach_of
from officers.personal_data import knows_names
from sectorlog.models import ContactPerson, Party

if TYPE_CHECKING:
    from officers.models import User

# More would be a list that nobody reads.
MOST_NAMES = 20
# A trade that goes by the name of who runs it: two to four capitalised words and nothing that says what it is.
_PERSON = re.compile(r"[^\W\d_a-zæøåäöé]\w+(?:['’-]\w+)*(?: [^\W\d_a-zæøåäöé][\w.]*(?:['’-]\w+)*){1,3}")
_NO_PERSON = re.compile(
    r"\b(?:a/s|aps|i/s|bager\w*|bakery|butik\w*|caf[eé]\w*|center|centre|club|forening\w*|grill\w*|kiosk\w*|klub\w*|"
    r"marked\w*|market|pizz\w*|restaurant\w*|salon\w*|school|shop|skole\w*|station|stores?)\b",
    re.IGNORECASE,
)


@knows_names
def names_in(text: str, user: User) -> Iterator[str]:
    """Return contact persons, and parties that are persons, of the sectors in reach whose names stand in the text."""
    reach = ContactPerson.objects.filter(in_reach_of(user, "party__sector"))
    yield from _standing_in(text, reach)
    parties = Party.objects.visible_to(user).filter(kind__in=[Party.Kind.TRADE, Party.Kind.OTHER])
    yield from (name for name in _standing_in(text, parties) if is_person(name))


def is_person(name: str) -> bool:
    """Whether a party's name looks like a person's."""
    return _PERSON.fullmatch(name) is not None and _NO_PERSON.search(name) is None


def _standing_in(text: str, rows: QuerySet) -> Iterator[str]:
    """Return the names of the rows that stand in the text as words of their own, in whatever case. One query."""
    words = " ".join(text.split())
    whole = Lower(Value(words, TextField()))
    found = (
        rows.alias(at=StrIndex(whole, Lower(F("name"), output_field=CharField()))).filter(at__gt=0).order_by()
    )
    for name in found.values_list("name", flat=True).distinct()[:MOST_NAMES]:
        if name.strip() and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE):
            yield name
