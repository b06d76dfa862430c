"""A notice, in both languages; and until when one that is published is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Notice
from officers.fields import LocalInstantField, keep_unless_changed
from officers.forms.unchanged import UnchangedMixin


def text_area(rows: int, language: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "lang": language})


def title_input(language: str) -> forms.TextInput:
    return forms.TextInput(attrs={"lang": language})


class NoticeForm(UnchangedMixin, forms.ModelForm):
    """A draft may be half done; what is missing is said before it is published."""

    shown_from = LocalInstantField(label=gettext_lazy("Shown from"))
    shown_until = LocalInstantField(
        label=gettext_lazy("Shown until"),
        required=False,
        help_text=gettext_lazy("Empty: until further notice."),
    )

    class Meta:
        model = Notice
        fields = (
            *("kind", "title_en", "title_da", "said_en", "said_da", "text_en", "text_da"),
            *("shown_from", "shown_until"),
        )
        widgets = {
            "kind": forms.RadioSelect,
            "title_en": title_input("en"),
            "title_da": title_input("da"),
            "said_en": text_area(3, "en"),
            "said_da": text_area(3, "da"),
            "text_en": text_area(8, "en"),
            "text_da": text_area(8, "da"),
        }
        labels = {
            "title_en": gettext_lazy("Title"),
            "title_da": gettext_lazy("Title"),
            "said_en": gettext_lazy("What people said"),
            "said_da": gettext_lazy("What people said"),
            "text_en": gettext_lazy("Text"),
            "text_da": gettext_lazy("Text"),
        }

    def clean_shown_from(self) -> Any:
        return keep_unless_changed(self.cleaned_data["shown_from"], self.instance.shown_from)

    def clean_shown_until(self) -> Any:
        return keep_unless_changed(self.cleaned_data["shown_until"], self.instance.shown_until)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins, ends = cleaned.get("shown_from"), cleaned.get("shown_until")
        if begins and ends and ends <= begins:
            self.add_error("shown_until", _("It is shown until later than from when. Choose a later end."))
        elif ends and ends <= timezone.now():
            self.add_error(
                "shown_until", _("This is over already, so nobody would see it. Choose a later end.")
            )
        if cleaned.get("kind") == Notice.Kind.NOTICE:
            for name in ("said_en", "said_da"):
                if cleaned.get(name):
                    self.add_error(
                        name, _("Only “You said, we did” tells this. Choose that kind, or empty this.")
                    )
        return cleaned


class ShownUntilForm(UnchangedMixin, forms.ModelForm):
    """The one thing about a published notice that changes."""

    shown_until = LocalInstantField(
        label=gettext_lazy("Shown until"),
        required=False,
        help_text=gettext_lazy("Empty: until further notice."),
    )

    class Meta:
        model = Notice
        fields = ("shown_until",)

    def clean_shown_until(self) -> Any:
        ends = keep_unless_changed(self.cleaned_data["shown_until"], self.instance.shown_until)
        if ends and ends <= max(self.instance.shown_from, timezone.now()):
            raise forms.ValidationError(
                _("Choose a later instant. To take the notice off the page now, take it back.")
            )
        return ends


class ReasonForm(forms.Form):
    """Why a text is sent back to who wrote it."""

    reason = forms.CharField(
        label=gettext_lazy("What should change?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Say what should change, so that it can be written better.")
        },
    )
