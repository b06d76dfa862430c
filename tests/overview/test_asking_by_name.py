"""Where there are too many officers or sectors for a list, they are asked for by a part of the name."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from officers.models import Officer
from overview.forms.comparing import MOST_OFFICERS_OFFERED
from overview.scope import MOST_SECTORS_OFFERED
from tests.factories import (
    DistrictFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    division_of,
    head_of,
)

pytestmark = pytest.mark.django_db

URL = "overview:what_if_appointment"


class Metropolis:
    """A station with one sector and one officer more than lists offer."""

    def __init__(self) -> None:
        self.station = StationFactory()
        district = DistrictFactory(station=self.station)
        self.sectors = [
            SectorFactory(district=district, number=number, name=f"Quarter {number}")
            for number in range(1, MOST_SECTORS_OFFERED + 2)
        ]
        division_of(*self.sectors)
        self.anna = OfficerFactory(station=self.station, name="Anna Holm")
        self.annas = [OfficerFactory(station=self.station, name=f"Anna Holmgaard {n}") for n in (1, 2)]
        Officer.objects.bulk_create(
            Officer(station=self.station, name=f"Constable {number}", phone="1", email="one@police.example")
            for number in range(MOST_OFFICERS_OFFERED)
        )
        self.head = head_of(self.station)


@pytest.fixture
def city(client):
    city = Metropolis()
    client.force_login(city.head)
    return city


def _offered(answer, name):
    form = answer.context["form"]
    return [str(label) for _key, label in form.fields[name].choices] if name in form.fields else None


def test_a_form_of_many_offers_nobody_before_it_is_asked(client, city):
    answer = client.get(reverse("overview:what_if"))
    assert (_offered(answer, "officer"), _offered(answer, "sector")) == (None, None)
    assert "Type part of the name." in answer.content.decode()
    assert not ReadEntry.objects.exclude(keys=[]).filter(subject="officers.officer").exists()


def test_a_part_of_one_name_is_enough(client, city):
    answer = client.get(reverse(URL), {"officer_name": "gaard 2", "sector_name": "rter 41"})
    assert answer.status_code == 200
    wanted = answer.context["found"].wanted
    assert (wanted.officer, wanted.sector) == (city.annas[1], city.sectors[40])


def test_a_whole_name_and_a_number_go_before_what_merely_has_them(client, city):
    answer = client.get(reverse(URL), {"officer_name": "anna holm", "sector_name": "4"})
    wanted = answer.context["found"].wanted
    assert (wanted.officer, wanted.sector) == (city.anna, city.sectors[3])


def test_several_are_offered_and_one_of_them_is_chosen(client, city):
    asked = {"officer_name": "Holmgaard", "sector_name": "Quarter 3", "until": ""}
    answer = client.get(reverse(URL), asked)
    assert answer.status_code == 422
    assert _offered(answer, "officer") == ["Anna Holmgaard 1", "Anna Holmgaard 2"]
    assert set(answer.context["form"].errors) == {"officer"}
    assert 'type="radio"' in answer.content.decode()
    listed = ReadEntry.objects.get(verb="listed", subject="officers.officer")
    assert set(listed.keys) == {f"officers.officer:{one.pk}" for one in city.annas}
    chosen = client.get(reverse(URL), asked | {"officer": city.annas[0].pk})
    assert chosen.context["found"].wanted.officer == city.annas[0]


def test_another_name_goes_before_what_was_chosen_earlier(client, city):
    asked = {"officer_name": "Constable 17", "officer": city.anna.pk, "sector_name": "Quarter 3"}
    answer = client.get(reverse(URL), asked)
    assert answer.context["found"].wanted.officer.name == "Constable 17"


def test_a_link_with_keys_needs_no_names(client, city):
    answer = client.get(reverse(URL), {"officer": city.anna.pk, "sector": city.sectors[6].slug})
    wanted = answer.context["found"].wanted
    assert (wanted.officer, wanted.sector) == (city.anna, city.sectors[6])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type part of the officer"),
        ("Nobody at all", "No officer of yours has this in the name."),
        ("Constable", "More than 25 have this in their name."),
        ("\x00", "No officer of yours has this in the name."),
        ("x" * 5000, "No officer of yours has this in the name."),
    ],
)
def test_what_leads_to_no_officer_is_said_and_the_rest_is_kept(client, city, typed, words):
    asked = {"officer_name": typed, "sector_name": "Quarter 3", "officer": "9" * 40}
    answer = client.get(reverse(URL), asked)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    form = answer.context["form"]
    assert set(form.errors) == {"officer_name"}
    assert form["sector"].value() == city.sectors[2].slug


def test_others_cannot_be_named(client, city):
    foreign = OfficerFactory(name="Foreign Officer")
    elsewhere = SectorFactory(name="Elsewhere")
    for asked in (
        {"officer_name": "Foreign", "sector_name": "Elsewhere"},
        {"officer": foreign.pk, "sector": elsewhere.slug},
    ):
        answer = client.get(reverse(URL), asked)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"officer_name", "sector_name"}


def test_back_then_asks_for_a_sector_by_name(client, city):
    day = f"{timezone.localdate():%Y-%m-%d}"
    url = reverse("overview:back_then")
    answer = client.get(url, {"sector_name": "17", "date": day})
    assert answer.context["recall"].sector == city.sectors[16]
    several = client.get(url, {"sector_name": "Quarter 1", "date": day})
    assert several.context["recall"].sector == city.sectors[0]
    several = client.get(url, {"sector_name": "ter 1", "date": day})
    assert set(several.context["form"].errors) == {"sector"}
    assert len(_offered(several, "sector")) == 11
    nothing = client.get(url, {"sector_name": "", "q": "", "date": day})
    assert set(nothing.context["form"].errors) == {"q"}


def test_the_queries_are_few_whatever_the_number(client, city, django_assert_max_num_queries):
    client.get(reverse("overview:what_if"))
    with django_assert_max_num_queries(12):
        client.get(reverse("overview:what_if"))
