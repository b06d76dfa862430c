"""What a citizen fills in to leave a message, or to add a word to it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from contacts.models import Message
from contacts.models.messages import TEXT_LIMIT
from sectors.division import Division

AnswerBy = Message.AnswerBy
# What turns the direction of writing, or hides: of use in a text, a trap in a name.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PHONE = re.compile(r"\+?[0-9 ()./-]+")


def _visible(text: str) -> str:
    """Return the text without control characters, which nobody types; line breaks and tabs stay."""
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept)


class Text(forms.CharField):
    """Some lines of text. Longer than allowed it is refused, not cut: the browser cuts nothing either."""

    widget = forms.Textarea(attrs={"rows": 7})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=TEXT_LIMIT, **options)

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return _visible(text).strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"data-limit": TEXT_LIMIT}


class Line(forms.CharField):
    """One line: a break within it, as forged headers have, becomes a space."""

    def to_python(self, value: Any) -> str:
        return " ".join(_BIDI.sub("", _visible(str(value or "").replace("\r", "\n"))).split())

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


TOO_LONG = _("Write %(limit_value)d characters at most. It has %(show_value)d now.")
WRITE_SOMETHING = _("Write what it is about.")


class MessageForm(forms.Form):
    """Asks for what is needed to answer, and for no more.

    `website` is a trap: nobody sees it, programs fill it in. `sector` is asked for only when the one that the page
    was opened for is gone.
    """

    use_required_attribute = False

    text = Text(
        label=_("What is it about?"), error_messages={"required": WRITE_SOMETHING, "max_length": TOO_LONG}
    )
    place = Line(
        label=_("Where is it?"),
        help_text=_("A street, a house number, a place that people know. May stay empty."),
        required=False,
        max_length=200,
        error_messages={"max_length": TOO_LONG},
    )
    answer_by = forms.ChoiceField(
        label=_("How may your officer answer you?"),
        choices=[
            (AnswerBy.EMAIL.value, _("By e-mail")),
            (AnswerBy.PHONE.value, _("By telephone")),
            (AnswerBy.NONE.value, _("I need no answer")),
        ],
        initial=AnswerBy.EMAIL.value,
        error_messages={
            "required": _("Choose how you can be reached."),
            "invalid_choice": _("Choose how you can be reached."),
        },
        widget=forms.RadioSelect,
    )
    email = Line(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        error_messages={"max_length": TOO_LONG},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    phone = Line(
        label=_("Your telephone number"),
        required=False,
        max_length=30,
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the answer"),
        choices=[
            (code, capfirst(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES
        ],
        error_messages={
            "required": _("Choose a language for the answer."),
            "invalid_choice": _("Choose a language for the answer."),
        },
        widget=forms.RadioSelect,
    )
    name = Line(
        label=_("Your name"),
        help_text=_("May stay empty."),
        required=False,
        max_length=100,
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"}),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, choose_in: Division | None = None, **kwargs: Any) -> None:
        """`choose_in` is the division to choose a sector from, where the one of the page is gone."""
        super().__init__(*args, **kwargs)
        if choose_in is not None:
            self.fields["sector"] = _sector_field(choose_in)
        _in_style(self)

    def clean_email(self) -> str:
        """Refuse what is no address, if it is asked for."""
        email: str = self.cleaned_data["email"]
        if self.cleaned_data.get("answer_by") != AnswerBy.EMAIL:
            return ""
        if not email:
            raise ValidationError(_("Write your e-mail address, or choose another way."))
        try:
            forms.EmailField().clean(email)
        except ValidationError as refusal:
            raise ValidationError(
                _("This is no complete e-mail address. It looks like name@example.org.")
            ) from refusal
        return email

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if self.cleaned_data.get("answer_by") != AnswerBy.PHONE:
            return ""
        if not phone:
            raise ValidationError(_("Write your telephone number, or choose another way."))
        if not _PHONE.fullmatch(phone) or sum(char.isdigit() for char in phone) < 6:
            raise ValidationError(_("Write the whole telephone number in digits."))
        return phone

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def contents(self) -> dict[str, str]:
        """Return what the citizen said, clean, as `receive` takes it."""
        names = ("text", "place", "name", "answer_by", "email", "phone", "language")
        return {name: self.cleaned_data[name] for name in names}


def _sector_field(division: Division) -> forms.ChoiceField:
    by_station: dict[str, list[tuple[str, str]]] = {}
    for sector in division.sectors:
        by_station.setdefault(sector.station.name, []).append((sector.slug, f"{sector.number} {sector.name}"))
    return forms.ChoiceField(
        label=_("Which sector?"),
        choices=[("", _("Choose a sector")), *by_station.items()],
        error_messages={"required": _("Choose a sector."), "invalid_choice": _("Choose a sector.")},
    )


def _in_style(form: forms.Form) -> None:
    for bound in form:
        if not isinstance(bound.field.widget, forms.RadioSelect):
            bound.field.widget.attrs["class"] = "form-control"


class WordForm(forms.Form):
    """One thing more about a message that was left."""

    use_required_attribute = False

    text = Text(
        label=_("Add something"),
        error_messages={"required": _("Write something first."), "max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_style(self)
