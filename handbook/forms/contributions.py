"""What officers write: a contribution, an answer to the editor."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handbook.contributions.doubts import doubts, refusals
from handbook.forms.lines import LinesField
from handbook.models import Contribution, Passage, reading_language
from handbook.models.contributions import NOTE_LIMIT, TEXT_LIMIT
from officers.forms.asking import AskingMixin
from officers.models import User
from sectors.models import Sector, Station


class CountedField(LinesField):
    """A text whose characters the page counts. What is too long is told, not cut."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"data-limit": self.max_length, "aria-describedby": "contribution-help contribution-count"}


class WordsForm(AskingMixin, forms.Form):
    """Words of an officer in `text`: an identity number is refused, other traces of a citizen are asked about."""

    text: forms.CharField

    def __init__(self, *args: Any, station: Station, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.station, self.user = station, user

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.has_error("text"):
            self.fields["text"].widget.attrs["aria-describedby"] += " id_text_error"

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if found := refusals(text):
            raise forms.ValidationError(found)
        return text

    def doubts(self) -> list[str]:
        return doubts(self.cleaned_data["text"], self.station, self.user)


class ContributionForm(WordsForm):
    """A contribution. `place` is asked for where the page's own passage has left the handbook."""

    text = CountedField(
        label=gettext_lazy("Your contribution"),
        help_text=gettext_lazy(
            "How you work, so that a colleague can do it too. No citizens: no names, numbers or addresses."
        ),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": gettext_lazy("Write what you contribute."),
            "max_length": gettext_lazy(
                "This is %(show_value)d characters long. Shorten it to %(limit_value)d."
            ),
        },
    )
    sector = forms.ModelChoiceField(
        Sector.objects.none(),
        label=gettext_lazy("Sector"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("Several, or none in particular"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Written in"), choices=Contribution.Language)
    place = forms.ModelChoiceField(
        Passage.objects.none(), label=gettext_lazy("Place in the handbook"), to_field_name="anchor"
    )
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_place: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sectors = Sector.objects.filter(station=self.station).order_by("number")
        self._field("sector").queryset = sectors
        if asks_place:
            found = places(self.station)
            self._field("place").queryset = found
            self._field("place").choices = [("", _("Choose a place")), *grouped(found)]
        else:
            del self.fields["place"]
        self.initial.setdefault("sector", preset_sector(self.user, self.station))
        self.initial.setdefault("language", reading_language())
        self.initial.setdefault("form_token", uuid4())

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def clean_form_token(self) -> UUID:
        try:
            return UUID(self.cleaned_data["form_token"])
        except ValueError:
            # Nobody mends what they do not see.
            return uuid4()


class AnswerForm(WordsForm):
    """The answer to an editor's question."""

    text = CountedField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("No citizens: no names, numbers or addresses."),
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("Write your answer."),
            "max_length": gettext_lazy(
                "This is %(show_value)d characters long. Shorten it to %(limit_value)d."
            ),
        },
    )


def places(station: Station) -> Any:
    """Return the passages to choose from, in the handbook's order, with their chapters."""
    return (
        Passage.objects.current()
        .filter(station=station)
        .defer("text_en", "text_da")
        .select_related("chapter")
    )


def preset_sector(user: User, station: Station) -> str:
    """Return the slug of the officer's own sector at the station; "" for who has none or several."""
    for held in (user.standing.responsible, user.standing.sectors):
        own = list(Sector.objects.filter(pk__in=held, station=station).values_list("slug", flat=True)[:2])
        if own:
            return own[0] if len(own) == 1 else ""
    return ""


def grouped(found: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the passages as the choices of a select, by chapter."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for passage in found:
        if passage.kind == Passage.Kind.CHAPTER:
            groups.append((str(passage), [(passage.anchor, _("The chapter as a whole"))]))
        elif groups:
            groups[-1][1].append((passage.anchor, str(passage)))
    return groups
