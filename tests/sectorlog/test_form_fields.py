import datetime
import json

import pytest
from django import forms
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sectorlog.models import FormVersion, TargetGroup
from sectorlog.uniform_forms.fields import PREFIX, answers, fields_of, initial, stored
from tests.factories import PartyFactory, SectorFactory, TargetGroupFactory

pytestmark = pytest.mark.django_db

Kind = FormVersion.Kind
CHOICES = [
    {"value": "calm", "label": {"en": "calm", "da": "rolig"}},
    {"value": "hostile", "label": {"en": "hostile", "da": "fjendtlig"}},
]


def definition(kind, key="one", **more):
    return {
        "key": key,
        "kind": kind,
        "label": {"en": f"Question {kind}", "da": f"Spørgsmål {kind}"},
        "help": {},
        "required": False,
        "choices": CHOICES if kind in (Kind.CHOICE, Kind.CHOICES) else [],
        **more,
    }


def version_of(*kinds, **more) -> FormVersion:
    return FormVersion(fields=[definition(kind, key=kind.value, **more) for kind in kinds])


def form_of(version, sector, **data) -> forms.Form:
    form = forms.Form({PREFIX + key: value for key, value in data.items()})
    form.fields |= fields_of(version, sector)
    return form


# These kinds of fields ask for none of its rows.
ANY_SECTOR = SectorFactory.build(pk=1, station_id=1)
# Text as people write it, and as they paste it: NUL is refused, blanks around it go.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 1, 1))
ANSWERS = st.fixed_dictionaries(
    {
        "text": TEXT,
        "long_text": TEXT,
        "number": st.one_of(
            st.just(""), st.decimals(-(10**6), 10**6, places=2, allow_nan=False).map(lambda one: f"{one:f}")
        ),
        "choice": st.sampled_from(["", "calm", "hostile"]),
        "choices": st.lists(st.sampled_from(["calm", "hostile"]), unique=True),
        "date": st.one_of(st.just(""), DAYS.map(str)),
        "yes_no": st.sampled_from(["", "yes", "no"]),
        "place": st.one_of(
            st.just(""),
            st.tuples(st.floats(54, 58), st.floats(8, 15)).map(lambda one: f"{one[0]:.6f}, {one[1]:.6f}"),
        ),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_answers=ANSWERS)
def test_what_is_answered_comes_back_the_same_and_is_said_in_words(given_answers):
    version = version_of(*(Kind(kind) for kind in given_answers))
    form = form_of(version, ANY_SECTOR, **given_answers)
    assert form.is_valid(), form.errors
    values = json.loads(json.dumps(stored(version, form.cleaned_data)))
    page = forms.Form(initial=initial(version, values, ANY_SECTOR))
    page.fields |= fields_of(version, ANY_SECTOR)
    shown = {key: value for key in values if (value := page[PREFIX + key].value()) is not None}
    second = form_of(version, ANY_SECTOR, **shown)
    assert second.is_valid(), second.errors
    assert stored(version, second.cleaned_data) == stored(version, form.cleaned_data)
    assert len(answers(version, values)) == len(values)
    assert all(answer for _question, answer in answers(version, values))


def test_the_reader_sees_question_and_answer_in_their_language():
    version = version_of(Kind.CHOICE, Kind.CHOICES, Kind.YES_NO)
    values = {"choice": "hostile", "choices": ["calm", "hostile"], "yes_no": "yes"}
    with translation.override("da"):
        assert answers(version, values)[:2] == [
            ("Spørgsmål choice", "fjendtlig"),
            ("Spørgsmål choices", "rolig, fjendtlig"),
        ]
    with translation.override("en"):
        assert ("Question yes_no", "yes") in answers(version, values)


def test_a_question_without_an_answer_is_left_out():
    version = version_of(Kind.TEXT, Kind.NUMBER, Kind.CHOICES)
    form = form_of(version, ANY_SECTOR, text="  ", number="", choices=[])
    assert form.is_valid()
    assert stored(version, form.cleaned_data) == {}
    assert answers(version, {}) == []


def test_a_zero_is_an_answer():
    version = version_of(Kind.NUMBER)
    form = form_of(version, ANY_SECTOR, number="0")
    assert form.is_valid()
    assert answers(version, stored(version, form.cleaned_data)) == [("Question number", "0")]


def test_a_party_is_named_as_it_was_whatever_becomes_of_it():
    party = PartyFactory(name="Kiosk Hjørnet")
    version = version_of(Kind.PARTY)
    form = form_of(version, party.sector, party=str(party.uuid))
    assert form.is_valid()
    values = stored(version, form.cleaned_data)
    assert values == {"party": {"uuid": str(party.uuid), "name": "Kiosk Hjørnet"}}
    party.name, party.gone_at = "Something else", timezone.now()
    party.save()
    assert answers(version, values) == [("Question party", "Kiosk Hjørnet")]


def test_a_party_of_another_sector_is_not_taken():
    party = PartyFactory()
    form = form_of(version_of(Kind.PARTY), SectorFactory(), party=str(party.uuid))
    assert not form.is_valid()


@pytest.mark.parametrize("value", ["x", "\0", "00000000-0000-0000-0000-000000000000", "9" * 500])
def test_made_up_parties_and_groups_are_refused_without_an_error_of_the_site(value):
    form = form_of(version_of(Kind.PARTY, Kind.GROUP), SectorFactory(), party=value, group=value)
    assert set(form.errors) == {"value-party", "value-group"}


def test_a_party_that_went_while_somebody_wrote_is_taken_and_one_that_was_merged_as_the_other():
    other = PartyFactory(name="The other")
    merged = PartyFactory(sector=other.sector, merged_into=other)
    gone = PartyFactory(sector=other.sector, name="Gone", gone_at=timezone.now())
    version = version_of(Kind.PARTY)
    for party, name in ((merged, "The other"), (gone, "Gone")):
        form = form_of(version, other.sector, party=str(party.uuid))
        assert form.is_valid()
        assert stored(version, form.cleaned_data)["party"]["name"] == name
    assert list(form.fields["value-party"].queryset) == [other]


def test_a_group_of_the_handbook_is_named_in_the_readers_language_and_a_stations_own_as_it_was():
    sector = SectorFactory()
    own = TargetGroupFactory(station=sector.station, name="Anglers", slug="anglers")
    version = version_of(Kind.GROUP)
    for group, english in ((TargetGroup.objects.get(slug="trade"), "Tradespeople"), (own, "Anglers")):
        form = form_of(version, sector, group=str(group.pk))
        assert form.is_valid()
        values = stored(version, form.cleaned_data)
        assert answers(version, values) == [("Question group", english)]
        assert initial(version, values, sector) == {"value-group": group.pk}


@pytest.mark.parametrize("place", ["here", "55.7", "55.7,12.5,3", "nan,nan", "955.7,12.5", "1.0,1.0"])
def test_a_place_that_is_none_or_lies_elsewhere_is_refused_with_a_sentence(place):
    form = form_of(version_of(Kind.PLACE), ANY_SECTOR, place=place)
    assert form.errors["value-place"][0].endswith(".")


def test_a_place_is_kept_to_some_ten_metres():
    version = version_of(Kind.PLACE)
    form = form_of(version, ANY_SECTOR, place="55.702468, 12.480987")
    assert form.is_valid()
    assert stored(version, form.cleaned_data) == {"place": {"lat": 55.7025, "lon": 12.481}}


def test_a_required_question_asks_and_offers_no_way_out():
    version = version_of(Kind.CHOICE, required=True)
    form = form_of(version, ANY_SECTOR)
    assert "value-choice" in form.errors
    assert [value for value, _label in form.fields["value-choice"].choices] == ["calm", "hostile"]


def test_many_choices_open_as_a_list_and_few_stand_side_by_side():
    many = [{"value": str(n), "label": {"en": str(n)}} for n in range(20)]
    fields = fields_of(FormVersion(fields=[definition(Kind.CHOICE, choices=many)]), ANY_SECTOR)
    assert type(fields["value-one"].widget) is forms.Select
    fields = fields_of(version_of(Kind.CHOICE), ANY_SECTOR)
    assert type(fields["value-choice"].widget) is forms.RadioSelect
