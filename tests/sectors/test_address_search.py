"""Type-ahead and the meaning of typed addresses, on a register of a few streets of three countries."""

import itertools
import time

import pytest
from django.contrib.gis.geos import Point
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sectors.address_search import resolve, street_index, suggest
from sectors.models import Address, Street
from sectors.snapshot import Snapshot
from sectors.spelling import search_key

HOUSES = [(number, "") for number in range(1, 41)] + [(12, "A"), (12, "B")]


def make_street(name: str, postcode: str, city: str, houses: list[tuple[int, str]] | None = None) -> Street:
    houses = HOUSES if houses is None else houses
    street = Street.objects.create(
        name=name, postcode=postcode, city=city, key=search_key(name), address_count=len(houses)
    )
    Address.objects.bulk_create(
        Address(street=street, number=number, letter=letter, location=Point(12.5 + number / 10_000, 55.7))
        for number, letter in houses
    )
    return street


STREETS = [
    ("Frederikssundsvej", "2400", "København NV"),
    ("Frederikssundsvej", "2700", "Brønshøj"),
    ("Nørrebrogade", "2200", "København N"),
    ("4. Maj Stræde", "8700", "Horsens"),
    ("H.C. Andersens Boulevard", "1553", "København V"),
    ("Sankt Knuds Vej", "1903", "Frederiksberg C"),
    ("Store Kongensgade", "1264", "København K"),
    ("Gammel Kongevej", "1610", "København V"),
    ("Ålekistevej", "2720", "Vanløse"),
    ("Ærøvej", "2720", "Vanløse"),
    ("Brønshøj Torv", "2700", "Brønshøj"),
    ("Skovvej", "2820", "Gentofte"),
    ("Skovvej", "5000", "Odense C"),
    ("Skovvænget", "5000", "Odense C"),
    ("Otley Road", "LS6 3AA", "Leeds"),
    ("Storgatan", "214 20", "Malmö"),
]


@pytest.fixture
def register(db: None) -> None:
    for street in STREETS:
        make_street(*street)


def suggested(text: str) -> list[str]:
    return [suggestion.text for suggestion in suggest(text)]


def meant(text: str) -> list[str]:
    return [match.text for match in resolve(text).matches]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Fred", "Frederikssundsvej"),
        ("FREDERIKSS", "Frederikssundsvej"),
        ("Frederikssundsvj", "Frederikssundsvej"),
        ("Frederikssundsv.", "Frederikssundsvej"),
        ("Frederikssunds vej", "Frederikssundsvej"),
        ("Fredrikssund", "Frederikssundsvej"),
        ("Rfederikssund", "Frederikssundsvej"),
        ("Krederikssund", "Frederikssundsvej"),
        ("rederikssund", "Frederikssundsvej"),
        ("Nörrebro", "Nørrebrogade"),
        ("noerrebro", "Nørrebrogade"),
        ("norrebrogd", "Nørrebrogade"),
        ("Nørrebrogd.", "Nørrebrogade"),
        ("aaleki", "Ålekistevej"),
        ("Aleki", "Ålekistevej"),
        ("aeroe", "Ærøvej"),
        ("Äröv", "Ærøvej"),
        ("hc andersens", "H.C. Andersens Boulevard"),
        ("H C Anders", "H.C. Andersens Boulevard"),
        ("Andersens B", "H.C. Andersens Boulevard"),
        ("Andresens Boul", "H.C. Andersens Boulevard"),
        ("Sct. Knuds", "Sankt Knuds Vej"),
        ("Skt Knuds V", "Sankt Knuds Vej"),
        ("St. Knuds", "Sankt Knuds Vej"),
        ("St. Kongensg", "Store Kongensgade"),
        ("Gl. Kongevej", "Gammel Kongevej"),
        ("Otley Rd", "Otley Road"),
        ("4 maj", "4. Maj Stræde"),
        ("4. maj str", "4. Maj Stræde"),
    ],
)
def test_street_is_suggested_however_it_is_spelt(register, typed, name):
    assert any(text.startswith(name) for text in suggested(typed)), suggested(typed)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Frederikssundsvej 12", "Frederikssundsvej 12, 2400 København NV"),
        ("2400 Frederikssundsvej 12", "Frederikssundsvej 12, 2400 København NV"),
        ("2400 København NV, Frederikssundsvej 12", "Frederikssundsvej 12, 2400 København NV"),
        ("Frederikssundsvej, 2700 Brønshøj 12", "Frederikssundsvej 12, 2700 Brønshøj"),
        ("Frederikssundsvej 12, 27", "Frederikssundsvej 12, 2700 Brønshøj"),
        ("Frederikssundsvej 12, Brøns", "Frederikssundsvej 12, 2700 Brønshøj"),
        ("Fredrikssundsvej 12b", "Frederikssundsvej 12B, 2400 København NV"),
        ("12 Otley Rd", "Otley Road 12, LS6 3AA Leeds"),
        ("12 otl", "Otley Road 12, LS6 3AA Leeds"),
        ("Storgatan 12 214 20", "Storgatan 12, 214 20 Malmö"),
        ("4 maj stræde 1", "4. Maj Stræde 1, 8700 Horsens"),
    ],
)
def test_house_number_is_suggested_in_any_order(register, typed, address):
    assert suggested(typed)[0] == address


def test_number_begun_offers_it_and_those_that_begin_so(register):
    assert suggested("Store Kongensgade 1")[:3] == [
        "Store Kongensgade 1, 1264 København K",
        "Store Kongensgade 10, 1264 København K",
        "Store Kongensgade 11, 1264 København K",
    ]


def test_street_in_several_districts_is_offered_in_each(register):
    assert suggested("Skovvej")[:2] == ["Skovvej, 2820 Gentofte", "Skovvej, 5000 Odense C"]


def test_name_alone_stands_for_districts_that_have_no_room(register):
    for number in range(30):
        make_street("Engvej", f"{6000 + number}", f"Engby {number}", [(1, ""), (2, "")])
    rows = suggested("Engv")
    assert rows[0] == "Engvej"
    assert len(rows) == 10


def test_postcode_typed_alone_offers_its_streets(register):
    assert suggested("2700") == ["Brønshøj Torv, 2700 Brønshøj", "Frederikssundsvej, 2700 Brønshøj"]


def test_many_addresses_go_before_few(register):
    make_street("Nyvej", "4000", "Roskilde", [(1, "")])
    make_street("Nygade", "4000", "Roskilde", HOUSES)
    assert suggested("Ny")[0].startswith("Nygade")


def test_name_typed_to_its_end_goes_before_a_larger_street(register):
    make_street("Nygade", "4000", "Roskilde", [(1, "")])
    make_street("Nygadestræde", "4000", "Roskilde", HOUSES)
    assert suggested("Nygade")[0] == "Nygade, 4000 Roskilde"


def test_misspelling_that_begins_another_street_still_finds_the_street_meant(register):
    make_street("Skovvedvej", "4000", "Roskilde", HOUSES)
    assert any(text.startswith("Skovvænget") for text in suggested("Skovve"))


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Frederikssundsvej 12, 2400 København NV", "Frederikssundsvej 12, 2400 København NV"),
        ("Frederikssundsvej 12, 2. tv, 2400 København NV", "Frederikssundsvej 12, 2400 København NV"),
        ("frederikssunds vej 12 kbh nv", "Frederikssundsvej 12, 2400 København NV"),
        ("København NV, Frederikssundsvej 12", "Frederikssundsvej 12, 2400 København NV"),
        ("Frederikssundsvej nr. 12, DK-2700", "Frederikssundsvej 12, 2700 Brønshøj"),
        ("Frederikssundsvej 0012B 2700", "Frederikssundsvej 12B, 2700 Brønshøj"),
        ("Frederikssundsvej 12-14, Brønshøj", "Frederikssundsvej 12, 2700 Brønshøj"),
        ("Flat 3, 12 Otley Road, Headingley, Leeds LS6 3AA", "Otley Road 12, LS6 3AA Leeds"),
        ("12a Otley Rd. LS63AA", "Otley Road 12A, LS6 3AA Leeds"),
        ("Storgatan 12 A, SE-214 20 Malmö", "Storgatan 12A, 214 20 Malmö"),
        ("4. maj stræde 12", "4. Maj Stræde 12, 8700 Horsens"),
        ("H C Andersens Boulevard 3", "H.C. Andersens Boulevard 3, 1553 København V"),
    ],
)
def test_full_address_means_one_door(register, typed, address):
    assert meant(typed) == [address]
    assert resolve(typed).matches[0].exact


def test_coordinates_are_those_of_the_door(register):
    (match,) = resolve("Nørrebrogade 7").matches
    assert (match.lon, match.lat) == pytest.approx((12.5007, 55.7))


def test_same_address_in_two_districts_means_both(register):
    assert meant("Skovvej 3") == ["Skovvej 3, 2820 Gentofte", "Skovvej 3, 5000 Odense C"]


@pytest.mark.parametrize("typed", ["Nørebrogade 7", "Nørrefrogade 7", "Norebrogade 7", "Nørrebrogaed 7"])
def test_misspelt_street_with_a_number_means_the_right_door_and_says_it_differs(register, typed):
    (match,) = resolve(typed).matches
    assert (match.street, match.house, match.exact) == ("Nørrebrogade", "7", False)


def test_misspelt_street_is_sought_in_the_city_typed(register):
    assert meant("Skovvvej 3, Odense") == ["Skovvej 3, 5000 Odense C"]


def test_missing_number_means_the_nearest_on_the_same_side(register):
    make_street("Kortvej", "4000", "Roskilde", [(1, ""), (2, ""), (9, ""), (10, ""), (15, "")])
    (match,) = resolve("Kortvej 12").matches
    assert (match.house, match.exact) == ("10", False)


def test_missing_letter_means_the_number_without_it(register):
    (match,) = resolve("Nørrebrogade 7C").matches
    assert (match.house, match.exact) == ("7", False)


def test_number_that_exists_with_letters_alone_means_each_of_them(register):
    make_street("Kortvej", "4000", "Roskilde", [(5, "A"), (5, "B")])
    assert [match.house for match in resolve("Kortvej 5").matches] == ["5A", "5B"]


def test_postcode_that_does_not_fit_is_said(register):
    assert {(match.text, match.exact) for match in resolve("Skovvej 3, 2400").matches} == {
        ("Skovvej 3, 2820 Gentofte", False),
        ("Skovvej 3, 5000 Odense C", False),
    }


def test_street_written_as_typed_goes_before_one_that_sounds_alike(register):
    make_street("Møllevej", "4000", "Roskilde")
    make_street("Mollevej", "4000", "Roskilde")
    assert meant("Møllevej 4") == ["Møllevej 4, 4000 Roskilde"]
    assert meant("mollevej 4") == ["Mollevej 4, 4000 Roskilde"]


def test_street_alone_means_all_its_doors(register):
    resolution = resolve("norrebrogade")
    assert resolution.street_only
    assert len(resolution.matches) == len(HOUSES)


def test_doors_of_a_long_street_are_sampled_from_end_to_end(register):
    make_street("Langvej", "4000", "Roskilde", [(number, "") for number in range(1, 1_201)])
    houses = [int(match.house) for match in resolve("Langvej").matches]
    assert 300 <= len(houses) <= 500
    assert houses[0] == 1
    assert houses[-1] > 1_190
    assert max(b - a for a, b in itertools.pairwise(houses)) <= 4


@pytest.mark.parametrize(
    "text",
    ["", " ", "12", "2400", "Xyzzy 12", "Batman Street 4", "Rd 12", "Skovdyrenes Allé 12", "\0", "😀", "Vej"],
)
def test_nothing_is_invented(register, text):
    assert resolve(text).matches == ()


HOSTILE = [
    "\0",
    "Nørrebrogade\0 7",
    "'; DROP TABLE sectors_address; --",
    "%' OR 1=1 --",
    "<script>alert(1)</script>",
    "a" * 10_000,
    "1 " * 5_000,
    "12 vej, " * 1_250,
    "\x1b[2J" * 2_500,
    "😀" * 10_000,
    "\ud800",
    "ﷺ" * 10_000,
    "e\u0301" * 5_000,
    "\u202eevoN",
    "99999999999999999999",
    "Nørrebrogade 99999",
    "Nørrebrogade 999999999999",
    "١٢ Nørrebrogade",
    "Nørrebrogade ²",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered_in_bounded_time(register, text):
    suggest("n")
    started = time.monotonic()
    suggest(text)
    resolve(text)
    assert time.monotonic() - started < 1


def test_control_characters_part_words(register):
    assert meant("Nørrebrogade\t7") == ["Nørrebrogade 7, 2200 København N"]


@settings(max_examples=150, deadline=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_any_text_gets_an_answer(register, text):
    assert len(suggest(text)) <= 10
    assert resolve(text).matches is not None


@settings(max_examples=150, deadline=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    street=st.sampled_from(STREETS),
    house=st.sampled_from(HOUSES),
    form=st.sampled_from(
        ["{s} {h}, {p} {c}", "{p} {c}, {s} {h}", "{s} {h} {p}", "{p} {s} {h}", "{s} {h}, {c}"]
    ),
    change=st.sampled_from([str.upper, str.lower, str.title, search_key, lambda text: f"  {text} ,"]),
)
def test_each_address_is_found_in_each_order(register, street, house, form, change):
    name, postcode, city = street
    number = f"{house[0]}{house[1]}"
    typed = change(form.format(s=name, h=number, p=postcode, c=city))
    assert f"{name} {number}, {postcode} {city}" in meant(typed)


@settings(max_examples=150, deadline=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), street=st.sampled_from([street for street in STREETS if len(street[0]) >= 9]))
def test_street_with_one_error_is_found(register, data, street):
    name = street[0]
    place = data.draw(st.integers(0, len(name) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    wrong = data.draw(
        st.sampled_from(
            [
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place:],
                name[:place] + letter + name[place + 1 :],
                name[:place] + name[place + 1] + name[place] + name[place + 2 :],
            ]
        )
    )
    if any(map(str.isdigit, wrong)):
        return
    assert any(text.startswith(name) for text in suggested(wrong)), wrong


def test_warm_street_suggestion_needs_no_query(register, django_assert_num_queries, settings):
    settings.REGISTER_RECHECK_SECONDS = 3600
    suggest("Fred")
    with django_assert_num_queries(0):
        assert suggest("Frederikss")


def test_house_numbers_need_one_query(register, django_assert_num_queries, settings):
    settings.REGISTER_RECHECK_SECONDS = 3600
    suggest("Fred")
    with django_assert_num_queries(1):
        assert suggest("Frederikssundsvej 1")


def test_empty_register_answers_nothing(db):
    assert suggest("Frederikssundsvej 12") == []
    assert resolve("Frederikssundsvej 12").matches == ()


def test_streets_without_addresses_are_not_offered(register):
    make_street("Tomvej", "4000", "Roskilde", [])
    assert suggested("Tomvej") == []


def test_names_within_the_distance_are_never_filtered_away(register):
    """The vectorised filter must not lose what the edit distance would keep."""
    from rapidfuzz.distance import OSA

    index = street_index.current()
    for typed in ("skovvje", "norrebrgade", "otleyraod", "frederiksundsvej", "alkeistevej"):
        for errors in (1, 2):
            expected = {
                index._name_of[row]
                for row, key in enumerate(index._keys)
                if not index._is_later[row] and 1 <= OSA.distance(typed, key) <= errors
            }
            assert expected <= {hit.name for hit in index.resembling(typed, errors, 1000, whole=True)}


def test_new_street_is_offered_when_the_copy_is_renewed(register):
    assert suggested("Nybyggervej") == []
    make_street("Nybyggervej", "4000", "Roskilde")
    Snapshot.forget_all()
    assert suggested("Nybyggervej") == ["Nybyggervej, 4000 Roskilde"]
