"""Accounts in the admin: an e-mail address is the name. Administrators alone see them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from officers.forms.accounts import AccountChangeForm, AccountCreationForm
from officers.models import User

# Rights follow from dated rows, not from groups.
admin.site.unregister(Group)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Made and switched off here, never deleted: what an account did stays told."""

    add_form = AccountCreationForm
    form = AccountChangeForm
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("name", "language")}),
        (_("Rights"), {"fields": ("is_active",)}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")
    list_display = ("email", "name", "language", "is_active")
    list_filter = ("is_active",)
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
