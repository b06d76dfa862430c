"""What a list of the admin may be asked for in its address: its own filters, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest

# How the filters of fields write what was chosen: a choice, a related object, none, from a day, until a day.
ENDINGS = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


class OwnFiltersAdmin(admin.ModelAdmin):
    """Lists that refuse (400) to be filtered by what they do not offer.

    Django lets an address ask for every field of the row itself. By which rows are left, letter by letter, it would
    tell a password's hash or what a mail says, to whom neither is shown. The site puts this in front of every admin.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        offered = self.get_list_filter(request) if request is not None else self.list_filter
        return lookup in set(_parameters(offered))


def _parameters(offered: Any) -> Iterator[str]:
    """Yield the names that the filters' own links have in an address."""
    for one in offered:
        if isinstance(one, type) and issubclass(one, SimpleListFilter):
            yield str(one.parameter_name)
        else:
            path = one if isinstance(one, str) else one[0]
            yield from (f"{path}{ending}" for ending in ENDINGS)
