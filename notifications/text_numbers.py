"""The telephone for text messages: typed by its owner, confirmed by a code that comes as a text, switched off again.

The code is derived from the number and the time whenever it is needed, and kept nowhere (decision 0008).
"""

from __future__ import annotations

import datetime
import hmac
import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from notifications.models import Notification, TextNumber
from notifications.sending import notify_by_text
from notifications.words import Unwritable, Words, words_for

if TYPE_CHECKING:
    from officers.models import User

# A code holds for what is left of the window in which it was made, and for the next one.
CODE_WINDOW = datetime.timedelta(minutes=10)
CODE_DIGITS = 6
_COUNTRY = "45"
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


def international(typed: str) -> str | None:
    """Return a telephone number as +4512345678, None for what is none. Eight digits alone are Danish."""
    digits = re.sub(r"[\s().\-/]", "", typed)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if re.fullmatch(r"[2-9][0-9]{7}", digits):
        digits = f"+{_COUNTRY}{digits}"
    return digits if _NUMBER.fullmatch(digits) and digits.isascii() else None


@transaction.atomic
def ask_for_code(user: User, phone: str) -> TextNumber:
    """Note the number, which nothing else goes to until it is confirmed, and send a code to it."""
    number, _is_new = TextNumber.objects.update_or_create(
        user=user, defaults={"phone": phone, "confirmed_at": None}
    )
    _take_back(user)
    notify_by_text("notifications.text_code", to_user=user, context={"number": number.pk})
    return number


@transaction.atomic
def confirm(user: User, code: str, *, now: datetime.datetime | None = None) -> bool:
    """Confirm the account's number by the code; say whether it was the right one. Limits are the caller's."""
    instant = now or timezone.now()
    number = TextNumber.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    if number is None or not _is_right(number, re.sub(r"\s", "", code), instant):
        return False
    number.confirmed_at = instant
    number.save(update_fields=["confirmed_at"])
    return True


@transaction.atomic
def switch_off(user: User) -> None:
    """Forget the number, and what was to be sent to it."""
    TextNumber.objects.filter(user=user).delete()
    _take_back(user)


def code_of(number: TextNumber, instant: datetime.datetime) -> str:
    """Return the six digits that were sent to the number within the window of the instant."""
    return _code(number, _window(instant), settings.SECRET_KEY)


@words_for("notifications.text_code")
def code_words(notification: Notification) -> Words:
    """Return the code that holds when the text is made. Raises Unwritable where the number is gone."""
    number = TextNumber.objects.filter(pk=notification.context["number"]).first()
    if number is None:
        raise Unwritable("NoNumber")
    return Words(context={"code": code_of(number, timezone.now())})


def _take_back(user: User) -> None:
    Notification.objects.waiting().filter(recipient=user, channel=Notification.Channel.SMS).delete()


def _is_right(number: TextNumber, code: str, instant: datetime.datetime) -> bool:
    windows = (_window(instant), _window(instant) - 1)
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    right = [_code(number, window, key) for window in windows for key in keys]
    return any(hmac.compare_digest(code.encode(), each.encode()) for each in right)


def _window(instant: datetime.datetime) -> int:
    return int(instant.timestamp()) // int(CODE_WINDOW.total_seconds())


def _code(number: TextNumber, window: int, secret: str) -> str:
    what = f"{number.user_id}:{number.phone}:{window}"
    digest = salted_hmac("notifications.text_numbers", what, secret=secret, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
