from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sectors.lookup import MAX_ADDRESS_LENGTH, InvalidAddress, clean_address


class AddressField(forms.CharField):
    """One line as a person types an address. Refuses what cannot be one, in a sentence that says what to do."""

    def clean(self, value: Any) -> str:
        text = str(value or "")
        if not text.strip():
            raise ValidationError(self.error_messages["required"], code="required")
        try:
            return clean_address(text)
        except InvalidAddress as refusal:
            raise ValidationError(str(refusal), code="invalid") from refusal


class FindForm(forms.Form):
    """The one field by which citizens find their officer."""

    # Browsers' own bubbles speak the browser's language and vanish; the page says the same sentence lastingly.
    use_required_attribute = False

    q = AddressField(
        label=_("Your address"),
        help_text=_("Street and house number. Spelling mistakes are fine."),
        error_messages={
            "required": _("Type a street and a house number, or choose your sector in the list.")
        },
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "street-address",
                "autocapitalize": "words",
                "spellcheck": "false",
                "enterkeyhint": "search",
                "maxlength": MAX_ADDRESS_LENGTH,
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_action = reverse("contacts:find")
        self.helper.form_class = "find-form"
        self.helper.attrs = {"role": "search"}
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field("q", template="contacts/includes/address_field.html"))
