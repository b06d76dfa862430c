"""What an editor writes about a contribution: a question or reason, the wording in the handbook."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handbook.contributions import doubts as personal
from handbook.contributions.checking import faults, plain
from handbook.forms.lines import LinesField
from handbook.models import LANGUAGES, Chapter, Contribution, Passage
from handbook.models.contributions import NOTE_LIMIT, TEXT_LIMIT
from officers.forms.asking import AskingMixin
from officers.models import User


class ReviewForm(AskingMixin, forms.Form):
    """What an editor writes about `contribution`, which the page has shown as `seen`.

    What looks like a person's data is asked about, unless it is only to be looked at (`asks`).
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(
        self, *args: Any, contribution: Contribution, user: User, asks: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.contribution, self.user, self.asks = contribution, user, asks
        self.station = contribution.passage.station

    def doubts(self) -> list[str]:
        return personal.doubts("\n\n".join(self.words()), self.station, self.user) if self.asks else []

    def words(self) -> list[str]:
        """Return what was written."""
        raise NotImplementedError


class NoteForm(ReviewForm):
    """A question to the contributor, or a reason for them."""

    LABELS = {
        "ask": gettext_lazy("Your question to the contributor"),
        "decline": gettext_lazy("Why it is not inserted"),
        "take_out": gettext_lazy("Why it is taken out"),
    }
    MISSING = {
        "ask": gettext_lazy("Write what you want to know."),
        "decline": gettext_lazy("Write why, so that the contributor understands it."),
        "take_out": gettext_lazy("Write why, so that the contributor understands it."),
    }

    text = LinesField(max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, act: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{act}-%s", **kwargs)
        self.act = act
        self.fields["text"].label = self.LABELS[act]
        self.fields["text"].error_messages["required"] = self.MISSING[act]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if found := personal.refusals(text):
            raise forms.ValidationError(found)
        return text

    def words(self) -> list[str]:
        return [self.cleaned_data["text"]]


class WordingForm(ReviewForm):
    """The words that stand in the handbook, in one language at least."""

    text_en = LinesField(
        label=gettext_lazy("Wording in English"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "en"}),
    )
    text_da = LinesField(
        label=gettext_lazy("Wording in Danish"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "da"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        names = [f"text_{language}" for language in LANGUAGES]
        if not any(cleaned.get(name) or name in self.errors for name in names):
            message = _("Write the words that stand in the handbook, in one language at least.")
            self.add_error(f"text_{self.contribution.language}", message)
        for name in names:
            text = cleaned.get(name, "")
            for fault in [*faults(text, self.station), *personal.refusals(_both(text))]:
                self.add_error(name, fault)
        return cleaned

    def words(self) -> list[str]:
        return [_both(text) for text in self.texts.values()]

    @property
    def texts(self) -> dict[str, str]:
        """The wordings by language, "" for none; as they are typed where they are refused."""
        cleaned = getattr(self, "cleaned_data", {})
        return {language: cleaned.get(f"text_{language}", "") for language in LANGUAGES}


def _both(text: str) -> str:
    """Return the words as they are typed and as they are read: marks would part a name or a number."""
    return f"{text}\n\n{plain(text)}"


class InsertForm(WordingForm):
    """The wording, and below which passage of the handbook's growing chapters it stands."""

    place = forms.ChoiceField(
        label=gettext_lazy("Where it stands in the handbook"),
        error_messages={
            "required": gettext_lazy("Choose where it stands in the handbook."),
            "invalid_choice": gettext_lazy(
                "This passage is no longer in the handbook's text. Choose another one."
            ),
        },
    )

    field_order = ("place", "text_en", "text_da")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Fixed ground does not grow: what is contributed to it is inserted elsewhere, or moves its editor to act.
        growing = Chapter.objects.current().filter(station=self.station, kind=Chapter.Kind.DYNAMIC)
        places = Passage.objects.current().filter(chapter__in=growing.order_by()).select_related("station")
        self.passages = {one.anchor: one for one in places}
        chapters = growing.with_text()
        self.chapters = {chapter.pk: chapter for chapter in chapters}
        for passage in self.passages.values():
            passage.chapter = self.chapters[passage.chapter_id]
        cast("forms.ChoiceField", self.fields["place"]).choices = self._choices()

    def _choices(self) -> list[Any]:
        """Return the passages below their chapters, and nothing chosen where its own has left the text."""
        groups: dict[int, list[tuple[str, str]]] = {}
        for passage in self.passages.values():
            is_beginning = passage.kind == Passage.Kind.CHAPTER
            words = _("The beginning of the chapter") if is_beginning else str(passage)
            groups.setdefault(passage.chapter_id, []).append((passage.anchor, words))
        own = self.contribution.passage.anchor in self.passages
        first = [] if own else [("", _("Choose a passage"))]
        return [*first, *((str(self._title(key)), rows) for key, rows in groups.items())]

    def _title(self, chapter: int) -> str:
        text = self.chapters[chapter].text
        return str(text.title) if text else self.chapters[chapter].slug

    @property
    def chosen(self) -> Passage | None:
        """The passage that is chosen, else the contribution's own while it is in the text."""
        anchor = self.data.get("place", "") if self.is_bound else self.contribution.passage.anchor
        return self.passages.get(anchor)
