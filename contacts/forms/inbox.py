"""The forms of the inbox. Each carries a token, so that it acts once, and what its page had seen of the message."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.messages.colleagues import working_in
from contacts.models import Message
from officers.models import User
from sectors.models import Sector

LONGEST_REPLY, LONGEST_NOTE = 10_000, 4000
TOO_LONG = gettext_lazy(
    "This is too long: %(show_value)d characters, and there is room for %(limit_value)d. "
    "Nothing is lost: shorten it here."
)


class WrittenText(forms.CharField):
    """Text of several lines. The browser does not cut it off, so that nothing pasted is lost: it is refused whole."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


def _text(label: Any, longest: int, *, rows: int = 4, missing: Any = None, **options: Any) -> WrittenText:
    return WrittenText(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": TOO_LONG} | ({"required": missing} if missing else {}),
        **options,
    )


def seen_of(message: Message) -> str:
    """Return what changes whenever something is said about the message, or somebody else has it in hand."""
    last = message.exchanges.aggregate(last=Max("pk"))["last"]
    return f"{message.sector_id}-{message.assigned_to_id or 0}-{last or 0}"


class ActForm(forms.Form):
    """What every act sends along. `looks` says whether it is refused where something happened meanwhile."""

    looks = False
    changed_meanwhile = False

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.message = message
        self.fields["token"] = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
        if self.looks:
            self._now = seen_of(message)
            self.fields["seen"] = forms.CharField(
                required=False, max_length=80, widget=forms.HiddenInput, initial=self._now
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.looks and cleaned.get("seen") != self._now:
            self.changed_meanwhile = True
            self.add_error(None, _("Something happened here while you were writing."))
            # The page shows all of it: who sends once more has read it.
            typed: Any = self.data
            self.data = typed = typed.copy()
            typed["seen"] = self._now
        return cleaned

    @property
    def refusal_status(self) -> int:
        """The status of the answer: 200 for a form nobody sent, 409 for a change meanwhile, 422 for the rest."""
        if self.changed_meanwhile:
            return 409
        return 422 if self.errors else 200


class ReplyForm(ActForm):
    """An answer by e-mail."""

    looks = True
    text = _text(
        gettext_lazy("Your answer"),
        LONGEST_REPLY,
        rows=8,
        missing=gettext_lazy("Write an answer."),
        help_text=gettext_lazy("Your name, your telephone number and the station are added below it."),
    )


class CallForm(ActForm):
    """A telephone call that was made."""

    spoke = forms.TypedChoiceField(
        label=gettext_lazy("Did you speak with each other?"),
        choices=[("yes", gettext_lazy("Yes: this answers the message")), ("no", gettext_lazy("No, in vain"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether you spoke with each other.")},
    )
    text = _text(
        gettext_lazy("Note for yourself and colleagues"),
        LONGEST_NOTE,
        required=False,
        rows=3,
        help_text=gettext_lazy("The sender sees that you called, not this note."),
    )


class NoteForm(ActForm):
    """An internal note."""

    text = _text(
        gettext_lazy("Note"),
        LONGEST_NOTE,
        missing=gettext_lazy("Write the note."),
        help_text=gettext_lazy("Only colleagues see it, never the sender."),
    )


class AssignForm(ActForm):
    """Who takes care of it; nobody in particular is whoever answers for the sector."""

    looks = True
    to: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=gettext_lazy("Who takes care of it?"),
        queryset=None,
        required=False,
        blank=True,
        empty_label=gettext_lazy("Whoever answers for the sector"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("They get an e-mail with a link. Who is away is not in the list."),
        error_messages={
            "invalid_choice": gettext_lazy(
                "They do not work in this sector any more, or are away. Choose somebody else."
            )
        },
    )

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, message=message, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = working_in(message.sector, timezone.now())
        to.initial = message.assigned_to_id


class MoveForm(ActForm):
    """The sector that it belongs to."""

    looks = True
    sector: forms.ModelChoiceField[Sector] = forms.ModelChoiceField(
        label=gettext_lazy("Sector"),
        queryset=None,
        to_field_name="slug",
        empty_label=gettext_lazy("Choose a sector"),
        help_text=gettext_lazy("Who answers there gets an e-mail with a link. The clock goes on."),
        error_messages={
            "required": gettext_lazy("Choose the sector that it belongs to."),
            "invalid_choice": gettext_lazy("This is no sector of the station now. Choose another one."),
        },
    )
    text = _text(gettext_lazy("Note for them"), LONGEST_NOTE, required=False, rows=3)

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, message=message, **kwargs)
        now = timezone.now()
        in_force = Sector.objects.in_force_at(now).filter(station=message.sector.station_id)
        to: Any = self.fields["sector"]
        to.queryset = in_force.exclude(pk=message.sector_id).distinct().order_by("number")


class CloseForm(ActForm):
    """What came of it."""

    looks = True
    result = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=Message.Result,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what came of it before you close the message.")},
    )
    text = _text(gettext_lazy("Note for colleagues"), LONGEST_NOTE, required=False, rows=3)


class ReopenForm(ActForm):
    """That it is not over."""

    text = _text(gettext_lazy("Note for colleagues"), LONGEST_NOTE, required=False, rows=3)


class ReasonForm(forms.Form):
    """Why a head reads a citizen's message."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you read this message?"),
        help_text=gettext_lazy(
            "For example: overdue, the sender called. It is logged with what you are shown."
        ),
        min_length=5,
        max_length=200,
        validators=[ProhibitNullCharactersValidator()],
        error_messages={
            "required": gettext_lazy("Say why you read it."),
            "min_length": gettext_lazy("Say it in a word or two: at least five characters."),
        },
    )
