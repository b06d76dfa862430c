"""What an analyst narrows the facts of a sector's log to: nothing that names a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sectorlog.entries.filters import Filters
from sectorlog.forms.timeline import TimelineForm
from sectors.models import Sector

KEPT = ("since", "until", "form", "group", "outcome")


class FactsForm(TimelineForm):
    """The time line's form without what asks for words, people or places."""

    def __init__(self, data: Mapping[str, Any], *, sector: Sector, user: Any) -> None:
        super().__init__(data, sectors=[sector], user=user)
        self.fields = {name: field for name, field in self.fields.items() if name in KEPT}

    def filters(self) -> Filters:
        self.cleaned_data |= {"q": "", "flagged": False, "follow_up": False}
        return super().filters()
