"""What a form may ask: keys that stay, order, and what one version has different from another."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from sectorlog.forms.form_templates import FieldForm, WordingForm
from sectorlog.models import FormVersion
from sectorlog.uniform_forms.design import changes, moved, new_key, state_of, with_field, without


def field(key, kind="text", *, label=None, choices=(), **more):
    offered = [{"value": value, "label": {"en": value}} for value in choices]
    return {"key": key, "kind": kind, "label": label or {"en": key}, "help": {}, "choices": offered, **more}


def version(*fields, number=1, name="Visit", **more):
    return FormVersion(number=number, name={"en": name}, fields=list(fields), **more)


def posted(**parts):
    """Return what a browser sends: lists for the rows of choices."""
    data = QueryDict(mutable=True)
    for name, value in ({"kind": "text", "label_en": "Whom you met"} | parts).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def form(field=None, others=(), taken=None, **parts):
    return FieldForm(posted(**parts), field=field, others=list(others), taken=taken or {})


def test_a_key_is_plain_letters_and_nobody_has_it_yet():
    assert new_key("Hvem du mødte?", ()) == "hvem-du-moedte"
    assert new_key("Hvem du mødte?", {"hvem-du-moedte"}) == "hvem-du-moedte-2"
    assert new_key("???", ()) == "field"


@given(st.text(max_size=300), st.integers(0, 30))
def test_keys_of_whatever_text_are_short_and_never_the_same_twice(text, times):
    keys = []
    for _each in range(times):
        keys.append(new_key(text, keys))
    assert len(set(keys)) == times
    assert all(0 < len(key) <= 40 and key.isascii() for key in keys)


def order(fields):
    return "".join(one["key"] for one in fields)


def test_fields_move_by_a_place_and_stay_where_the_list_ends():
    fields = [field("a"), field("b"), field("c")]
    assert order(moved(fields, "a", 1)) == "bac"
    assert order(moved(fields, "c", -1)) == "acb"
    assert (
        order(moved(fields, "a", -1)) == order(moved(fields, "c", 1)) == order(moved(fields, "x", 1)) == "abc"
    )
    assert order(without(fields, "b")) == "ac"
    assert order(with_field(fields, field("b", "date"))) == "abc"
    assert order(with_field(fields, field("d"))) == "abcd"


def test_the_state_is_another_after_every_change_and_the_same_without():
    assert state_of(version(field("a"))) == state_of(version(field("a")))
    others = [version(), version(field("a"), name="Call"), version(field("a"), number=2), version(field("b"))]
    assert len({state_of(one) for one in [version(field("a")), *others]}) == 5


def test_changes_name_what_came_what_went_and_what_is_different():
    before = version(
        field("met"), field("mood", "choice", choices=["calm", "hostile"]), field("next", "date")
    )
    after = version(
        field("mood", "choice", choices=["calm", "uneasy"], required=True),
        field("met", label={"en": "Whom you met"}),
        field("card", "yes_no"),
        number=2,
        name="Call",
    )
    said = "\n".join(changes(before, after))
    for sentence in (
        "Name (English): “Visit” became “Call”.",
        "Label of “met” (English): “met” became “Whom you met”.",
        "“mood” must be answered.",
        "“mood” offers “uneasy”.",
        "“mood” offers “hostile” no more.",
        "New: “card” (yes or no).",
        "Removed: “next”.",
        "The fields are in another order.",
    ):
        assert sentence in said
    assert changes(before, before) == []


def test_a_name_in_one_language_is_enough_and_none_is_too_little():
    danish = WordingForm({"name_da": "Besøg"})
    assert danish.is_valid()
    assert danish.name == {"da": "Besøg"}
    assert WordingForm({"purpose_en": "Something"}).errors["name_en"]


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        ({"label_en": ""}, "label_en"),
        ({"label_en": "x" * 121}, "label_en"),
        ({"help_da": "x" * 301}, "help_da"),
        ({"kind": "telepathy"}, "kind"),
        ({"label_en": "SUBJECT"}, "label_en"),
        ({"kind": "choice"}, "__all__"),
        ({"kind": "choice", "choice_en": ["calm"]}, "__all__"),
        ({"kind": "choice", "choice_en": ["calm", "Calm"]}, "__all__"),
        ({"kind": "choices", "choice_en": ["calm", "x" * 101]}, "__all__"),
        ({"kind": "choices", "choice_en": ["calm", "a\x00b"]}, "__all__"),
        ({"kind": "choice", "choice_en": [f"choice {n}" for n in range(41)]}, "__all__"),
    ],
)
def test_what_cannot_be_asked_is_refused_where_it_stands(parts, wrong):
    refused = form(others=[field("subject", label={"en": "Subject"})], **parts)
    assert not refused.is_valid()
    assert wrong in refused.errors


def test_all_that_was_typed_comes_back_with_a_refusal():
    refused = form(kind="choice", choice_value=["", ""], choice_en=["calm", "calm"], choice_da=["rolig", ""])
    assert not refused.is_valid()
    assert [(row.en, row.da, bool(row.error)) for row in refused.rows] == [
        ("calm", "rolig", False),
        ("calm", "", True),
    ]


def test_a_renamed_choice_keeps_its_value_and_a_new_one_never_gets_it():
    known = field("mood", "choice", choices=["calm", "hostile"])
    changed = form(
        field=known,
        kind="choice",
        choice_value=["calm", "hostile", ""],
        choice_en=["peaceful", "", "calm"],
        choice_da=["", "", ""],
    )
    assert changed.is_valid(), changed.errors
    designed = changed.designed(["mood"])
    assert designed["key"] == "mood"
    assert [(one["value"], one["label"]) for one in designed["choices"]] == [
        ("calm", {"en": "peaceful"}),
        ("calm-2", {"en": "calm"}),
    ]


def test_a_value_that_somebody_made_up_is_not_taken():
    made_up = form(kind="choice", choice_value=["<script>", "x"], choice_en=["a", "b"], choice_da=["", ""])
    assert made_up.is_valid()
    assert [one["value"] for one in made_up.designed([])["choices"]] == ["a", "b"]


def test_a_published_field_keeps_its_kind():
    refused = form(field=field("met"), taken={"met": "text"}, kind="number")
    assert "keeps it" in refused.errors["kind"][0]
    assert form(field=field("met"), taken={}, kind="number").is_valid()


def test_a_new_field_gets_no_key_that_a_published_version_gave_another_meaning():
    fresh = form(taken={"whom-you-met": "number"})
    assert fresh.is_valid()
    assert fresh.designed([])["key"] == "whom-you-met-2"


@pytest.mark.parametrize(
    ("act", "row", "expected"),
    [("up", 1, "bac"), ("down", 1, "acb"), ("remove", 0, "bc"), ("up", 0, "abc"), ("down", 9, "abc")],
)
def test_rows_of_choices_are_rearranged_without_a_word_of_what_is_wrong(act, row, expected):
    arranged = form(kind="choice", label_en="", choice_value=["", "", ""], choice_en=["a", "b", "c"])
    arranged.rearrange(act, row)
    assert "".join(one.en for one in arranged.rows) == expected
    assert not arranged.errors
