"""Who heads what, in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from officers.admin.terms import GrantAdmin, StateFilter
from officers.forms.leadership import LeadershipForm
from officers.models import Leadership
from sectors.admin.scope import VisibleRelatedFilter


@admin.register(Leadership)
class LeadershipAdmin(GrantAdmin):
    """Who heads a station or a district. Rights follow from it, so administrators alone keep it."""

    form = LeadershipForm
    # Administrators head nothing, and choose among all.
    offers = ("visible_to",)
    fields = ("user", "station", "district", "begins", "ends")
    list_display = ("user", "station", "district", "begins", "ends", "state")
    list_filter = (StateFilter, ("station", VisibleRelatedFilter))
    list_select_related = ("user", "station", "district")
    search_fields = ("user__email", "user__name", "station__name")
    ordering = ("station", "district", "-period")
    end_question = _("End this leadership now?")
    end_explanation = _(
        "With the next click this account loses the rights of a head. What it did stays told."
    )
