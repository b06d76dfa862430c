"""One's telephone for text messages: typed, confirmed by a code that comes as a text, switched off."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notifications.models import TextNumber
from notifications.text_messages import is_offered
from notifications.text_numbers import CODE_DIGITS, ask_for_code, confirm, international, switch_off
from officers.models import User


class NumberForm(forms.Form):
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        help_text=_("Eight digits for a Danish number, otherwise with the country: +46 …"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        """Return the number with its country. Raises ValidationError for what is none."""
        number = international(self.cleaned_data["phone"])
        if number is None:
            raise forms.ValidationError(_("Write eight digits, or the country first: +45 12 34 56 78."))
        return number


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code from the text message"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """Return the digits. Raises ValidationError for anything else, which costs no attempt."""
        code = "".join(str(self.cleaned_data["code"]).split())
        if not (code.isascii() and code.isdigit() and len(code) == CODE_DIGITS):
            raise forms.ValidationError(_("The code has six digits."))
        return code


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def text_messages(request: HttpRequest) -> HttpResponse:
    """Show how texts are set, and change that. Where the site sends none the page says so."""
    act = request.POST.get("act", "")
    if request.method != "POST":
        return _page(request)
    if not is_offered():
        return _page(request, HTTPStatus.UNPROCESSABLE_ENTITY)
    if act == "off":
        switch_off(_user(request))
        return redirect("account_text_messages")
    return _confirm(request) if act == "confirm" else _ask(request)


def _ask(request: HttpRequest) -> HttpResponse:
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _page(request, number_form=form)
    if not _is_among_first(request, "text_number"):
        form.add_error("phone", gettext("You have asked for many codes. Wait an hour, then ask again."))
        return _page(request, HTTPStatus.TOO_MANY_REQUESTS, number_form=form)
    ask_for_code(_user(request), form.cleaned_data["phone"])
    return redirect("account_text_messages")


def _confirm(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, code_form=form)
    if not _is_among_first(request, "text_code"):
        form.add_error("code", gettext("Too many wrong codes. Wait ten minutes, then ask for a new one."))
        return _page(request, HTTPStatus.TOO_MANY_REQUESTS, code_form=form)
    if not confirm(_user(request), form.cleaned_data["code"]):
        form.add_error(
            "code", gettext("That is not the code, or it is older than ten minutes. Ask for a new one.")
        )
        # 200, as with a wrong password: an error would take the count of attempts back with everything else.
        return _page(request, HTTPStatus.OK, code_form=form)
    return redirect("account_text_messages")


def _page(request: HttpRequest, status: HTTPStatus | None = None, **bound: forms.Form) -> HttpResponse:
    number = TextNumber.objects.filter(user=_user(request)).first()
    typed = {"phone": number.phone} if number and number.confirmed_at is None else {}
    forms_shown = {"number_form": NumberForm(initial=typed), "code_form": CodeForm(), **bound}
    context: dict[str, Any] = {"number": number, "is_offered": is_offered(), **forms_shown}
    status = status or (HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK)
    return render(request, "account/text_messages.html", context, status=status)


def _is_among_first(request: HttpRequest, action: str) -> bool:
    """Count one more of the action, and tell whether ACCOUNT_RATE_LIMITS allows it."""
    return bool(ratelimit.consume(request, action=action, user=request.user))


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user
