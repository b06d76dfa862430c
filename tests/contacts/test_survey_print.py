"""A survey's sheet as a printer gets it: looked at as a picture, read as text, its code scanned."""

import datetime

import pypdfium2
import pytest
import zxingcpp
from django.urls import reverse
from django.utils import timezone

from contacts.models import SurveyRound
from contacts.printing.survey import survey_address, survey_sheet
from officers.models import StaffRole
from sectors import division
from tests.contacts.test_prints_paper import covered, letters, picture, text
from tests.factories import (
    ContactHoursFactory,
    LeadershipFactory,
    StaffRoleFactory,
    StationFactory,
    SurveyRoundFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LONGEST = "Bispebjerg, Emdrup og Ryparken-Lundehus omkring Tuborgvej mellem banen og den indre ringvej"
FAR = "Foreningen Norden, Kulturhuset ved den gamle remise, indgang B, anden sal til venstre"


@pytest.fixture
def survey(quarter) -> SurveyRound:
    last = datetime.date(2026, 12, 14)
    return SurveyRoundFactory(
        station=quarter.station, name="Winter round", opens_on=datetime.date(2026, 11, 23), closes_on=last
    )


def sheet(survey: SurveyRound, slug: str = "broenshoej") -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(survey_sheet(survey, division.current().by_slug[slug]))


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_the_code_leads_to_the_survey_of_the_sector(survey, settings, dpi):
    settings.SITE_URL = "https://bellahoej.politi.example"
    (page,) = sheet(survey)
    found = zxingcpp.read_barcodes(picture(page, dpi), formats=zxingcpp.BarcodeFormat.QRCode)
    assert [code.text for code in found] == ["https://bellahoej.politi.example/sectors/broenshoej/survey/"]


def test_the_address_that_is_printed_opens_the_questions(client, survey, settings):
    said = text(sheet(survey)[0]).replace(" ", "")
    address = survey_address("broenshoej")
    assert address.removeprefix("http://") in said
    SurveyRound.objects.update(opens_on=timezone.localdate(), closes_on=timezone.localdate())
    assert "<form" in client.get(address.removeprefix(settings.SITE_URL)).content.decode()


def test_the_code_is_large_enough_for_an_arm_s_length(survey):
    (page,) = sheet(survey)
    (code,) = zxingcpp.read_barcodes(picture(page, 150), formats=zxingcpp.BarcodeFormat.QRCode)
    assert (code.position.top_right.x - code.position.top_left.x) / 150 * 25.4 >= 45


def test_it_asks_the_three_questions_and_says_where_to_give_it_back_and_until_when(survey, quarter):
    ContactHoursFactory(sector=quarter.west, weekday=2, week=None, place="The library", address="")
    said = text(sheet(survey)[0])
    for part in (
        "1. Do you know your police officer, by name or by face?",
        "2. Have you met your police officer in the last year?",
        "3. How safe do you feel in your area?",
        "Not safe at all",
        "Give the sheet back by 14 December 2026",
        "14. december 2026",
        "Bellahøj Station, Borups Allé 1",
        "The library",
        "Winter round",
    ):
        assert part in said


def test_every_answer_has_a_box_to_tick(survey):
    (page,) = sheet(survey)
    wide = picture(page, 100)
    # Boxes are squares of 8 mm, whose upper edges are dark over all their width.
    dark = [
        [wide.getpixel((x, y)) < 140 for x in range(wide.width)] for y in range(wide.height // 3, wide.height)
    ]
    edges = sum(_runs(row, 26, 36) for row in dark)
    assert edges >= 8, "two, two and four, each with an upper edge"


def _runs(row: list[bool], least: int, most: int) -> int:
    """Return how many stretches of dark pixels of such a length there are."""
    found, length = 0, 0
    for is_dark in [*row, False]:
        if is_dark:
            length += 1
        else:
            found += least <= length <= most
            length = 0
    return found


def test_it_does_not_name_the_officer(survey, quarter):
    said = text(sheet(survey)[0])
    assert quarter.mette.name not in said
    assert quarter.mette.phone not in said


def test_it_is_in_both_languages_on_one_page(survey):
    document = sheet(survey)
    assert len(document) == 1
    assert [round(side / 72 * 25.4) for side in document[0].get_size()] == [210, 297]
    assert document.is_tagged()
    assert {"Yes", "Ja"} <= set(text(document[0]).split())


@pytest.mark.parametrize("name", ["Ø", LONGEST, "Frederiksberg" * 7])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_the_words_stay_on_the_page_and_off_each_other(survey, quarter, name, count):
    quarter.west.name = name[:100]
    quarter.west.save()
    quarter.station.name = "Københavns Politi, Station Bellahøj og Frederiksberg med omegn"
    quarter.station.address = "Borups Allé 266, indgang fra gården, 2400 København NV"
    quarter.station.save()
    for weekday in range(1, count + 1):
        ContactHoursFactory(
            sector=quarter.west,
            weekday=weekday,
            week=None,
            place=FAR,
            address="Frederikssundsvej 1234, 2700 Brønshøj",
        )
    document = sheet(survey)
    assert len(document) == 1
    boxes = letters(document[0])
    for left, top, right, bottom in boxes:
        assert 12 <= left < right <= 198
        assert 10 <= top < bottom <= 290
    assert not covered(boxes)


def test_a_station_without_an_address_is_named(survey, quarter):
    quarter.station.address = ""
    quarter.station.save()
    assert "Bellahøj Station" in text(sheet(survey)[0])


# Who may have it


def asked(client, survey: SurveyRound, slug: str = "broenshoej"):
    return client.get(reverse("contacts:survey_print", args=[survey.uuid, slug]))


@pytest.fixture
def head(quarter, client):
    user = UserFactory()
    LeadershipFactory(user=user, station=quarter.station)
    client.force_login(user)
    return user


def test_a_head_is_given_a_file_that_nobody_keeps(client, survey, head):
    response = asked(client, survey)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert 'filename="survey-broenshoej.pdf"' in response["Content-Disposition"]


def test_there_is_none_of_a_sector_of_another_station_or_of_no_sector_in_force(client, survey, head, quarter):
    other = SurveyRoundFactory(station=StationFactory())
    assert asked(client, other).status_code == 404
    assert asked(client, survey, "nowhere").status_code == 404


def test_an_officer_has_those_of_their_own_sectors(client, survey, quarter):
    quarter.mette.user = UserFactory()
    quarter.mette.save()
    client.force_login(quarter.mette.user)
    assert asked(client, survey, "broenshoej").status_code == 200
    assert asked(client, survey, "husum").status_code == 404


def test_an_analyst_has_none(client, survey, quarter):
    user = UserFactory()
    StaffRoleFactory(user=user, role=StaffRole.Role.ANALYST, station=quarter.station)
    client.force_login(user)
    assert asked(client, survey).status_code == 404
