"""Accounts: who can log in. What an account may do follows from dated rows, gathered in `officers.standing`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from officers.standing import Standing


def default_language() -> str:
    return settings.LANGUAGE_CODE


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> UserQuerySet:
        """Return the accounts that `user` may see: all for administrator and reviewer, a head their officers'."""
        standing = user.standing_at(at)
        if standing.sees_all_accounts:
            return self
        return self.filter(Q(pk=user.pk) | Q(officer__station__in=standing.stations))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # built at run time
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a system administrator, as Django's command of this name asks for. It is a role like any other."""
        from officers.models.roles import StaffRole

        user = self.create_user(email, password, **fields)
        StaffRole.objects.create(user=user, role=StaffRole.Role.ADMINISTRATOR, period=(timezone.now(), None))
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A login. Its e-mail address is its name; what it may do follows from dated rows, not from groups.

    Switched off, never deleted: what an account did stays told.
    """

    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("This e-mail address has an account already.")}
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=settings.LANGUAGES,
        default=default_language,
        help_text=_("Mails are written in it."),
    )
    is_active = models.BooleanField(
        _("switched on"), default=True, help_text=_("An account that is switched off cannot do anything.")
    )
    date_joined = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ("email",)

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        """Return how pages greet the account."""
        return self.name

    @cached_property
    def standing(self) -> Standing:
        """What this account is at this instant. Asked once: each request has its own `user`."""
        from officers.standing import standing_of

        return standing_of(self)

    def standing_at(self, instant: datetime.datetime | None = None) -> Standing:
        """Return what this account is at `instant`: one query, none if it is switched off. By default `standing`."""
        from officers.standing import standing_of

        return self.standing if instant is None else standing_of(self, instant)

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Tell whether the account has Django's permission `perm` over `obj`; without one, over anything at all."""
        from officers.rights import grants

        return grants(self.standing, perm, obj)

    def has_perms(self, perm_list: list[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        from officers.rights import grants_in_app

        return grants_in_app(self.standing, app_label)


class Invitation(models.Model):
    """A head's or administrator's invitation to an account's owner to set a password, by a link that runs out.

    The link's secret is in the mail alone; its SHA-256 digest is kept. Accepted once, or withdrawn.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="invitations", verbose_name=_("account"))
    invited_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="invitations_sent", verbose_name=_("invited by")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_accepted_or_withdrawn"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
