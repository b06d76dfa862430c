"""The forms of a chapter: its title when it begins, its next text, why it changes, why it is sent back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handbook.chapters import anchoring, order
from handbook.chapters.difference import difference
from handbook.contributions.doubts import refusals
from handbook.forms.lines import LinesField
from handbook.models import Revision
from handbook.models.chapters import BODY_LIMIT, REASON_LIMIT, TITLE_LIMIT
from officers.forms.unchanged import CHANGED, UnchangedMixin
from sectors.models import Station

BODIES = ("body_en", "body_da")
TOO_LONG = gettext_lazy(
    "This is too long: %(show_value)d characters, and there is room for %(limit_value)d. "
    "Nothing is lost: shorten it here."
)


class Written(LinesField):
    """Words that the browser does not cut off, so that nothing pasted is lost: they are refused whole.

    A national identity number is not even kept in a draft.
    """

    def __init__(self, **options: Any) -> None:
        errors = {"max_length": TOO_LONG} | options.pop("error_messages", {})
        super().__init__(error_messages=errors, **options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if found := refusals(value):
            raise forms.ValidationError(found)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


def _title(label: Any, language: str) -> Written:
    widget = forms.TextInput(attrs={"lang": language, "autocomplete": "off"})
    return Written(label=label, max_length=TITLE_LIMIT, required=False, widget=widget)


def _body(label: Any, language: str) -> Written:
    widget = forms.Textarea(attrs={"lang": language, "rows": 24, "class": "chapter-body"})
    return Written(label=label, max_length=BODY_LIMIT, required=False, widget=widget)


def _reason(label: Any, missing: Any = None, **options: Any) -> Written:
    return Written(
        label=label,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing} if missing else {},
        **options,
    )


class ChapterForm(forms.Form):
    """The title of a new chapter, in one language or both. Its address follows from it."""

    title_en = _title(gettext_lazy("Title in English"), "en")
    title_da = _title(gettext_lazy("Title in Danish"), "da")

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.station = station

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        titles = [cleaned.get(name, "") for name in ("title_en", "title_da")]
        if not any(titles):
            raise forms.ValidationError(_("Write a title, in one language at least."))
        slug = order.address_of(*titles)
        if not slug:
            raise forms.ValidationError(
                _("Write a title with letters from a to å, so that it gets an address.")
            )
        if refusal := order.why_address_is_taken(self.station, slug):
            raise forms.ValidationError(refusal)
        return cleaned


class DraftForm(UnchangedMixin, forms.ModelForm):
    """A chapter's next text in both languages. Anchors that are missing are written into it before it is saved.

    Where nobody has begun a draft the form shows the text in force, and is refused when that is another one now.
    """

    title_en = _title(gettext_lazy("Title in English"), "en")
    title_da = _title(gettext_lazy("Title in Danish"), "da")
    body_en = _body(gettext_lazy("Text in English"), "en")
    body_da = _body(gettext_lazy("Text in Danish"), "da")
    reason = _reason(
        gettext_lazy("Why does the chapter change?"),
        required=False,
        help_text=gettext_lazy("One sentence for the history. You can still write it when you publish."),
    )

    class Meta:
        model = Revision
        fields = ("title_en", "title_da", "body_en", "body_da", "reason")

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            self._fill_anchors()
        cleaned = super().clean()
        is_same = all(cleaned.get(name) == self._held(name) for name in self._row)
        if self.instance.pk is None and cleaned.get("seen") != self._current and not is_same:
            self.changed_meanwhile = True
            self.add_error(None, forms.ValidationError(_gone(), code=CHANGED))
            self._show_current()
        return cleaned

    def meanwhile(self) -> list[dict[str, Any]]:
        """Return what somebody else saved where that is not what was typed, and for texts what differs."""
        rows = []
        for name, (label, value) in zip(self._row, self.stored, strict=True):
            typed = self.cleaned_data.get(name, "")
            if value != typed:
                changes = difference(value, typed) if name in BODIES else None
                rows.append({"label": label, "words": value, "changes": changes, "language": name[-2:]})
        return rows

    def _fill_anchors(self) -> None:
        draft = Revision(chapter=self.instance.chapter)
        draft.body_en, draft.body_da = self.cleaned_data["body_en"], self.cleaned_data["body_da"]
        anchoring.fill(draft)
        for name in BODIES:
            self.cleaned_data[name] = body = getattr(draft, name)
            if len(body) > BODY_LIMIT:
                too_long = _(
                    "With its anchors this is too long: there is room for %(limit)d characters. Shorten it."
                )
                self.add_error(name, too_long % {"limit": BODY_LIMIT})

    def _held(self, name: str) -> str:
        return str(self.instance._meta.get_field(name).value_from_object(self.instance))

    def _shown(self, name: str) -> str:
        return self._held(name)


def _gone() -> str:
    return _(
        "Somebody else has published or discarded this draft meanwhile. What you typed still stands here: "
        "compare it with the text in force, then save once more."
    )


class PublishForm(forms.Form):
    """Why the chapter changes: readers find it in the history."""

    reason = _reason(
        gettext_lazy("Why does the chapter change?"),
        gettext_lazy("Write why the chapter changes. Readers find it in the history."),
        help_text=gettext_lazy("One sentence. Everybody who reads the handbook finds it in the history."),
    )


class SendBackForm(forms.Form):
    """What the editor should change before the station head agrees."""

    reason = _reason(
        gettext_lazy("What should change?"),
        gettext_lazy("Write what should change, so that the editor can write it better."),
    )
