"""Which forms an officer of a sector writes with: the nearest published one of each name."""

import pytest
from django.utils import timezone

from sectorlog.models import FormTemplate, FormVersion
from tests.factories import FormTemplateFactory, FormVersionFactory, SectorFactory, first_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory()


def own(sector, *, district=None, draft=False) -> FormVersion:
    """Return a version of the station's own "visit", or of that of a district."""
    template, _made = FormTemplate.objects.get_or_create(
        station=sector.station, district=district, slug="visit"
    )
    return FormVersionFactory(template=template, **({"draft": True} if draft else {}))


def visits(sector) -> list[FormVersion]:
    return list(FormVersion.objects.for_sector(sector).filter(template__slug="visit"))


def test_the_first_set_is_there_from_the_beginning(sector):
    slugs = [version.template.slug for version in FormVersion.objects.for_sector(sector)]
    assert slugs == [
        *("visit", "meeting", "street-dialogue", "observation"),
        *("intervention", "network", "joint-effort", "major-event"),
    ]


def test_a_draft_takes_no_form_away(sector):
    own(sector, draft=True)
    assert visits(sector) == [first_form()]


def test_the_stations_form_stands_for_that_of_the_first_set_and_the_districts_for_the_stations(sector):
    of_station = own(sector)
    assert visits(sector) == [of_station]
    of_district = own(sector, district=sector.district)
    assert visits(sector) == [of_district]
    assert visits(SectorFactory()) == [first_form()]


def test_a_retired_form_of_the_station_retires_that_of_the_first_set_there(sector):
    template = own(sector).template
    template.retired_at = timezone.now()
    template.save()
    assert visits(sector) == []


def test_the_latest_published_version_is_written_with(sector):
    first = FormVersionFactory(template=FormTemplateFactory(station=sector.station, slug="visit"))
    second = FormVersionFactory(template=first.template, number=2)
    FormVersionFactory(template=first.template, number=3, draft=True)
    assert visits(sector) == [second]
