"""The mirror of a sector: for its own officers and its heads."""

from __future__ import annotations

import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.reads import shown
from officers.models import User
from sectorlog.forms.mirror import PeriodForm
from sectorlog.mirror import EXTREME_PERCENT, FEWEST_CONTACTS, OFFENSIVE, balance
from sectorlog.mirror_chart import drawn, drawn_by_quarter
from sectorlog.views.home import readable_sector

# Days back from today, by the name in the address.
PERIODS = {"quarter": 91, "year": 365}


@require_safe
def mirror(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what contacts came to in the last three months, the last year, or a period that was asked for."""
    sector = readable_sector(cast("User", request.user), slug)
    shown(request, sector)
    chosen = request.GET.get("period", "quarter")
    today = timezone.localdate()
    begins = today - datetime.timedelta(days=PERIODS.get(chosen, PERIODS["quarter"]))
    is_free = "begins" in request.GET or "ends" in request.GET
    form = PeriodForm(request.GET if is_free else None, initial={"begins": begins, "ends": today})
    if is_free and form.is_valid():
        begins, today = form.cleaned_data["begins"], form.cleaned_data["ends"]
    in_all, quarters = balance(sector, begins, today)
    context = {
        "sector": sector,
        "begins": begins,
        "ends": today,
        "chosen": "" if is_free else chosen if chosen in PERIODS else "quarter",
        "form": form,
        "balance": in_all,
        "offensive": OFFENSIVE,
        "quarters": quarters[::-1],
        "chart": drawn(in_all) if in_all.total else None,
        "quarter_chart": drawn_by_quarter(quarters) if len(quarters) > 1 else None,
        "extreme_percent": EXTREME_PERCENT,
        "fewest": FEWEST_CONTACTS,
    }
    return render(request, "sectorlog/mirror.html", context, status=422 if form.errors else 200)
