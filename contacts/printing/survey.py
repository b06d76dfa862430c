"""A survey's sheet, A4: the code that leads to the questions, and the questions themselves for a pen.

In all languages at once, because it lies where everybody passes. It does not name the officer: that would answer
the first question.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from contacts.forms.survey import SurveyForm
from contacts.models import SurveyRound
from contacts.printing.hours import RegularHours, regular
from contacts.printing.pictures import qr_code
from contacts.printing.sizes import PLAIN, height_mm, how_many, lines, name_step
from contacts.publishing.told import told_in
from sectors.division import PublicSector
from sectors.printing import pdf

# As in print-survey.css: points, and millimetres.
SECTOR_SIZES, SECTOR_WIDTH, SECTOR_HEIGHT = (24, 20, 17, 14, 12), 160, 19
HOURS_SIZE, HOURS_WIDTH, HOURS_HEIGHT = 10, 86, 24


def survey_sheet(survey: SurveyRound, sector: PublicSector) -> bytes:
    """Return the sheet of a round for a sector in force, as a PDF."""
    address = survey_address(sector.slug)
    hours = regular(told_in(sector.id).hours)
    context = {
        "languages": [code for code, _name in settings.LANGUAGES],
        "first_language": settings.LANGUAGE_CODE,
        "survey": survey,
        "sector": sector,
        "form": SurveyForm(),
        "hours": hours[: how_many([_height(row) for row in hours], HOURS_HEIGHT)],
        "qr": qr_code(address),
        "shown_address": address.removeprefix("https://").removeprefix("http://"),
        "sector_step": name_step(sector.name, SECTOR_SIZES, SECTOR_WIDTH, SECTOR_HEIGHT),
    }
    with translation.override(settings.LANGUAGE_CODE):
        return pdf("contacts/print/survey.html", context)


def survey_address(slug: str) -> str:
    """Return where the code leads: in the site's own language; the page offers the others."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("contacts:survey", args=[slug])


def _height(row: RegularHours) -> float:
    """Return how high hours are in one language: the day, and the place below it."""
    return height_mm(1 + lines(row.where, HOURS_SIZE, HOURS_WIDTH, PLAIN), HOURS_SIZE, 1.3) + 1
