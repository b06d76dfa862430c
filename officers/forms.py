"""The forms of the admin: appointments, leadership, accounts, logging in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, AuthenticationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers.appointment import CLOCK_SKEW, in_the_way, lock_sector
from officers.fields import PeriodFields, end_text, instant_text
from officers.models import Assignment, Leadership, Officer, User
from officers.permissions import can_enter_admin
from sectors.models import Sector


class StationLoginForm(AuthenticationForm):
    """Log in with an e-mail address; the admin opens for heads of stations and administrators."""

    required_css_class = "required"
    error_messages = {
        "invalid_login": _("This e-mail address and this password do not belong together. Check both."),
        "inactive": _("This account is switched off. Ask your administrator."),
        "no_business": _(
            "This account heads no station at present, so there is nothing for it here. "
            "Ask your administrator if that is wrong."
        ),
    }

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not can_enter_admin(user):
            raise ValidationError(self.error_messages["no_business"], code="no_business")


class PeriodModelForm(PeriodFields, forms.ModelForm):
    """A model form whose beginning and end make up the instance's `period`, `[begins, ends)`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period = self.instance.period
        if period is not None:
            self.initial["begins"], self.initial["ends"] = period.lower, period.upper

    def has_begun(self) -> bool:
        return self.instance.pk is not None and self.initial["begins"] <= timezone.now()

    def is_over(self) -> bool:
        ends = self.initial.get("ends")
        return self.instance.pk is not None and ends is not None and ends <= timezone.now()

    def freeze(self, *names: str) -> None:
        """Show these fields as they are stored; whatever is posted for them is ignored."""
        for name in names:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = ""
                # The admin's wrapper offers to add what cannot be chosen any more.
                self.fields[name].widget.can_add_related = False

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "begins" in self.cleaned_data and "ends" in self.cleaned_data:
            self._clean_period(self.cleaned_data["begins"], self.cleaned_data["ends"])
        return self.cleaned_data

    def _clean_period(self, begins: Any, ends: Any) -> None:
        if ends is not None and ends <= begins:
            self.add_error("ends", _("This ends before it begins. Choose a later end, or leave it empty."))
        elif ends is not None and "ends" in self.changed_data and ends < timezone.now() - CLOCK_SKEW:
            self.add_error("ends", _("This end has passed. Choose now or later: the past cannot be changed."))
        else:
            self.instance.period = DateTimeTZRange(begins, ends)

    def _post_clean(self) -> None:
        """Let the database's constraints speak; they look at the period, which is none of this form's fields."""
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as refusal:
                self.add_error(None, refusal)


class AssignmentForm(PeriodModelForm):
    """Appoint an officer to a sector from an instant on; later, only the end can be set, to now or later."""

    takes_over = forms.BooleanField(
        label=_("Takes over from the present responsible officer"),
        required=False,
        help_text=_(
            "That officer's appointment ends at the instant at which this one begins. "
            "So does an attachment of the new officer to the sector."
        ),
    )

    class Meta:
        model = Assignment
        fields = ("sector", "officer", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.predecessors: list[Assignment] = []
        if self.is_over() or self.instance.withdrawn_at:
            self.freeze("sector", "officer", "role", "begins", "ends")
        elif self.has_begun():
            self.freeze("sector", "officer", "role", "begins")

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.is_over() or self.instance.withdrawn_at:
            raise ValidationError(_("This appointment is over. The past cannot be changed."))
        sector, officer = self.cleaned_data.get("sector"), self.cleaned_data.get("officer")
        if sector and officer:
            self._clean_appointment(sector, officer)
        return self.cleaned_data

    def _clean_appointment(self, sector: Sector, officer: Officer) -> None:
        if officer.station_id != sector.station_id:
            sentence = _(
                "%(officer)s belongs to another station than this sector. Choose an officer of its own."
            )
            self.add_error("officer", ValidationError(sentence, params={"officer": officer}))
        elif not self.errors and self.cleaned_data.get("role"):
            # From here to the end of the transaction nobody else appoints in this sector.
            lock_sector(sector)
            self._clean_others(sector, officer)

    def _clean_others(self, sector: Sector, officer: Officer) -> None:
        wanted = Assignment(
            pk=self.instance.pk,
            sector=sector,
            officer=officer,
            role=self.cleaned_data["role"],
            period=self.instance.period,
        )
        for other in in_the_way(wanted):
            if self._can_take_over(wanted, other):
                self.predecessors.append(other)
            else:
                self.add_error(None, _sentence(wanted, other))

    def _can_take_over(self, wanted: Assignment, other: Assignment) -> bool:
        """Tell whether `other` is to end when this appointment begins, and can: it began before, that is to come."""
        begins = wanted.period.lower
        return (
            bool(self.cleaned_data.get("takes_over"))
            and wanted.role == Assignment.Role.RESPONSIBLE
            and other.period.lower < begins
            and begins >= timezone.now() - CLOCK_SKEW
        )

    def _post_clean(self) -> None:
        # Predecessors are still there: what stands in the way besides has been looked at above.
        if not self.predecessors:
            super()._post_clean()
        else:
            forms.ModelForm._post_clean(self)  # type: ignore[attr-defined]  # the stubs leave it out


def _sentence(wanted: Assignment, other: Assignment) -> SafeString:
    """Say who is in the way and until when, with a link to that appointment."""
    if other.officer_id == wanted.officer_id:
        sentence = gettext("{officer} is appointed to {sector} already, from {begins} {ends}.")
        advice = gettext("End that appointment first, or let this one begin when it ends.")
    elif other.period.lower > timezone.now():
        sentence = gettext("{officer} will be the responsible officer of {sector} from {begins} {ends}.")
        advice = gettext("Let this appointment end by then, or withdraw that one first.")
    else:
        sentence = gettext("{officer} is the responsible officer of {sector} from {begins} {ends}.")
        advice = gettext(
            "End that appointment first, let this one begin when it ends, or choose “takes over” "
            "and a beginning from now on."
        )
    return format_html(
        sentence + ' <a href="{url}">{advice}</a>',
        officer=other.officer,
        sector=other.sector,
        begins=instant_text(other.period.lower),
        ends=end_text(other.period.upper),
        url=reverse("admin:officers_assignment_change", args=[other.pk]),
        advice=advice,
    )


class LeadershipForm(PeriodModelForm):
    """Say who heads a station or a district, from when, and until when."""

    class Meta:
        model = Leadership
        fields = ("user", "station", "district")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_over():
            self.freeze("user", "station", "district", "begins", "ends")
        elif self.has_begun():
            self.freeze("user", "station", "district", "begins")

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.is_over():
            raise ValidationError(_("This leadership is over. The past cannot be changed."))
        station, district = self.cleaned_data.get("station"), self.cleaned_data.get("district")
        if station and district and district.station_id != station.pk:
            self.add_error("district", _("This district belongs to another station."))
        return self.cleaned_data


class AccountCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        return unused_email(self.cleaned_data["email"], self.instance)


class AccountChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"  # the admin's fieldsets choose

    def clean_email(self) -> str:
        return unused_email(self.cleaned_data["email"], self.instance)


def unused_email(typed: str, user: User) -> str:
    """Return the address in lower case. Raises ValidationError when another account has it, however written."""
    email = typed.lower()
    if User.objects.exclude(pk=user.pk).filter(email__iexact=email).exists():
        raise ValidationError(_("This e-mail address has an account already."))
    return email
