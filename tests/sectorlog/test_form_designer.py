"""Heads draw up forms: new ones, adapted ones, drafts of two at once, versions that stay as they were published."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from sectorlog.models import FormTemplate, FormVersion
from sectorlog.uniform_forms.design import state_of
from tests.factories import (
    DistrictFactory,
    FormTemplateFactory,
    FormVersionFactory,
    LeadershipFactory,
    LogEntryFactory,
    PartyFactory,
    SectorFactory,
    StaffRoleFactory,
    between,
    first_form,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

MET = {
    "key": "met",
    "kind": "text",
    "label": {"en": "Whom you met"},
    "help": {},
    "required": True,
    "choices": [],
}
CARD = {
    "key": "card",
    "kind": "yes_no",
    "label": {"en": "Card left"},
    "help": {},
    "required": False,
    "choices": [],
}


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def client(client, district):
    """A browser in which the district's head is logged in."""
    client.force_login(head_of_district(district))
    return client


@pytest.fixture
def draft(district):
    template = FormTemplateFactory(station=district.station, district=district, slug="school")
    return FormVersionFactory(draft=True, template=template, name={"en": "School"}, fields=[MET, CARD])


def at(page, template, **query):
    return reverse(f"sectorlog:{page}", args=[template.uuid], query=query or None)


def now(draft):
    """Return the draft as it is kept."""
    return FormVersion.objects.get(pk=draft.pk)


def send(client, draft, page="form_draft", *, key="", **typed):
    """Post to a page of the draft as its form does."""
    data = {"state": state_of(now(draft)), **typed}
    if page == "form_draft":
        data = {"name_en": "School", **data}
    return client.post(at(page, draft.template, **({"key": key} if key else {})), data)


def words(response):
    return " ".join(response.content.decode().split())


# The list


def test_a_head_sees_the_first_set_and_what_is_their_stations(client, district):
    FormVersionFactory(template__station=district.station, name={"en": "Ours"})
    FormVersionFactory(name={"en": "Somebody else's"})
    page = words(client.get("/log/forms/"))
    assert "Visit" in page
    assert "Ours" in page
    assert "Somebody else" not in page


def test_the_list_of_fifty_forms_asks_no_more_than_the_list_of_one(
    client, district, django_assert_max_num_queries
):
    for number in range(50):
        template = FormTemplateFactory(station=district.station, district=district, slug=f"form-{number}")
        FormVersionFactory(template=template)
        FormVersionFactory(draft=True, template=template, number=2)
    with django_assert_max_num_queries(10):
        page = client.get("/log/forms/")
    assert page.content.decode().count("Draft of version 2") == 50


def test_a_reviewer_reads_every_stations_forms_and_changes_none(client, draft):
    client.force_login(StaffRoleFactory(reviewer=True).user)
    assert "School" in words(client.get("/log/forms/"))
    assert "Go on with the draft" not in words(client.get(at("form_detail", draft.template)))
    assert client.get(at("form_preview", draft.template)).status_code == 200
    assert client.get(at("form_draft", draft.template)).status_code == 404
    assert client.get(at("form_adapt", first_form().template)).status_code == 404


def test_a_districts_head_changes_neither_the_stations_forms_nor_another_districts(client, district):
    other = DistrictFactory(station=district.station)
    for place in ({"district": None}, {"district": other}):
        template = FormVersionFactory(
            draft=True,
            template__station=district.station,
            **{f"template__{name}": value for name, value in place.items()},
        ).template
        assert client.get(at("form_detail", template)).status_code == 200
        for page in ("form_draft", "form_field", "form_publish", "form_discard", "form_retire", "form_start"):
            assert client.post(at(page, template)).status_code == 404, page


def test_a_stations_head_changes_the_forms_of_its_districts(client, draft):
    client.force_login(head_of(draft.template.station))
    assert send(client, draft, act="save").status_code == 302


# New forms, adapted forms


def test_a_new_form_begins_as_a_draft_of_the_district(client, district):
    place = f"district:{district.slug}"
    response = client.post("/log/forms/add/", {"place": place, "name_da": "Skolebesøg"})
    template = FormTemplate.objects.get(slug="skolebesoeg")
    assert response["Location"] == at("form_draft", template)
    assert (template.station, template.district) == (district.station, district)
    version = template.versions.get()
    assert (version.number, version.published_at, version.name) == (1, None, {"da": "Skolebesøg"})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name_en": ""}, "Give the form a name"),
        ({"name_en": "Visit"}, "Adapt that one"),
        ({"name_en": "School"}, "There is a form of this name already"),
        ({"name_en": "x" * 61}, "at most 60 characters"),
        ({"place": "station:elsewhere"}, "not one of the available choices"),
    ],
)
def test_a_new_form_that_cannot_be_is_refused_with_what_was_typed(client, district, draft, typed, said):
    data = {"place": f"district:{district.slug}", "name_en": "Call", "purpose_en": "To be kept"} | typed
    response = client.post("/log/forms/add/", data)
    assert response.status_code == 422
    assert said in words(response)
    assert "To be kept" in words(response)
    assert FormTemplate.objects.filter(station=district.station).count() == 1


def test_an_adapted_form_is_a_copy_of_its_own_under_the_same_name(client, district):
    visit = first_form()
    page = at("form_adapt", visit.template)
    assert client.get(page).status_code == 200
    client.post(page, {"place": f"district:{district.slug}"})
    own = FormTemplate.objects.get(district=district)
    copy = own.versions.get()
    assert own.slug == "visit"
    assert (copy.name, copy.fields, copy.published_at) == (visit.name, visit.fields, None)
    assert first_form().fields == visit.fields
    assert client.post(page, {"place": f"district:{district.slug}"})["Location"] == reverse(
        "sectorlog:form_list"
    )
    assert FormTemplate.objects.filter(slug="visit").count() == 2


# The draft


def test_fields_are_moved_and_removed_and_what_was_typed_meanwhile_is_saved(client, draft):
    response = send(client, draft, act="down:met", name_en="School visit", purpose_da="Når du er på skolen")
    assert response["Location"].endswith("#field-met")
    kept = now(draft)
    assert [one["key"] for one in kept.fields] == ["card", "met"]
    assert (kept.name, kept.purpose) == ({"en": "School visit"}, {"da": "Når du er på skolen"})
    send(client, draft, act="remove:card")
    assert [one["key"] for one in now(draft).fields] == ["met"]


def test_a_draft_without_a_name_is_refused_with_what_was_typed(client, draft):
    response = send(client, draft, act="down:met", name_en=" ", purpose_en="To be kept")
    assert response.status_code == 422
    assert "To be kept" in words(response)
    assert now(draft).fields == [MET, CARD]


def test_the_buttons_save_and_lead_on(client, draft):
    pages = {
        "add": at("form_field", draft.template),
        "change:card": at("form_field", draft.template, key="card"),
        "preview": at("form_preview", draft.template),
        "publish": at("form_publish", draft.template),
    }
    for act, page in pages.items():
        assert send(client, draft, act=act, name_en=f"After {act}")["Location"] == page
        assert now(draft).name == {"en": f"After {act}"}


def test_a_field_of_each_kind_is_added_and_shown_in_the_preview(client, draft):
    for kind, label in FormVersion.Kind.choices:
        choices = {"choice_value": ["", ""], "choice_en": ["calm", "hostile"], "choice_da": ["rolig", ""]}
        response = send(client, draft, "form_field", kind=kind, label_en=f"Asks for {label}", **choices)
        assert response.status_code == 302, words(response)
    kinds = {one["kind"]: one for one in now(draft).fields[2:]}
    assert list(kinds) == FormVersion.Kind.values
    assert [bool(one["choices"]) for one in kinds.values()].count(True) == 2
    preview = words(client.get(at("form_preview", draft.template)))
    for _kind, label in FormVersion.Kind.choices:
        assert f"Asks for {label}" in preview


def test_a_preview_names_no_party_of_any_sector(client, draft, district):
    PartyFactory(sector=SectorFactory(district=district), name="The Corner Shop")
    send(client, draft, "form_field", kind="party", label_en="Who")
    assert "The Corner Shop" not in words(client.get(at("form_preview", draft.template)))


def test_a_field_is_changed_and_keeps_its_key_and_place(client, draft):
    send(client, draft, "form_field", key="met", kind="text", label_en="Who was there", required="")
    first = now(draft).fields[0]
    assert (first["key"], first["label"], first["required"]) == ("met", {"en": "Who was there"}, False)


def test_more_choices_without_a_script_save_nothing_and_keep_what_was_typed(client, draft):
    typed = {"kind": "choice", "label_en": "Mood", "choice_value": ["", ""], "choice_en": ["calm", "hostile"]}
    response = send(client, draft, "form_field", act="more", choice_da=["", ""], **typed)
    assert response.status_code == 200
    page = words(response)
    assert page.count('name="choice_en"') == 4
    assert 'value="hostile"' in page
    assert "Not saved yet" not in page
    assert now(draft).fields == [MET, CARD]


def test_the_thirty_first_field_is_refused(client, draft):
    fields = [{**CARD, "key": f"f{n}", "label": {"en": f"Field {n}"}} for n in range(30)]
    FormVersion.objects.filter(pk=draft.pk).update(fields=fields)
    response = send(client, draft, "form_field", kind="text", label_en="One too many")
    assert response.status_code == 422
    assert "at most 30 fields" in words(response)
    assert "One too many" in words(response)
    assert len(now(draft).fields) == 30
    assert 'value="add"' not in words(client.get(at("form_draft", draft.template)))


@pytest.mark.parametrize("page", ["form_draft", "form_field"])
def test_the_later_of_two_heads_is_told_and_loses_nothing(client, draft, page):
    opened = state_of(draft)
    FormVersion.objects.filter(pk=draft.pk).update(fields=[CARD])
    typed = {"name_en": "Mine", "kind": "text", "label_en": "Mine"}
    response = send(client, draft, page, state=opened, **typed)
    assert response.status_code == 409
    assert "somebody else was quicker" in words(response)
    assert 'value="Mine"' in words(response)
    assert now(draft).fields == [CARD]
    # Sent once more from that page it is meant.
    assert send(client, draft, page, state=state_of(now(draft)), **typed).status_code == 302


@pytest.mark.parametrize("page", ["form_draft", "form_field"])
def test_a_draft_that_was_published_meanwhile_takes_no_more(client, draft, page):
    opened = state_of(draft)
    send(client, draft, "form_publish")
    response = client.post(
        at(page, draft.template), {"state": opened, "name_en": "Mine", "kind": "text", "label_en": "Mine"}
    )
    assert response.status_code == 409
    assert "published or thrown away" in words(response)
    assert 'value="Mine"' in words(response)
    assert now(draft).fields == [MET, CARD]


def test_pages_of_a_draft_that_is_gone_lead_to_the_form(client, draft):
    send(client, draft, "form_publish")
    for page in ("form_draft", "form_field", "form_publish", "form_discard"):
        assert client.get(at(page, draft.template))["Location"] == at("form_detail", draft.template)


# Versions


def test_published_it_is_in_force_at_once_and_stays_as_it_is(client, draft, district):
    sector = SectorFactory(district=district)
    send(client, draft, "form_publish")
    version = now(draft)
    assert version in FormVersion.objects.for_sector(sector)
    assert version.published_by is not None
    with pytest.raises(IntegrityError, match="A published form stays"), transaction.atomic():
        FormVersion.objects.filter(pk=draft.pk).update(fields=[])


def test_what_was_changed_after_the_page_was_opened_is_not_published(client, draft):
    opened = state_of(draft)
    send(client, draft, act="remove:card")
    response = client.post(at("form_publish", draft.template), {"state": opened})
    assert response.status_code == 409
    assert now(draft).published_at is None


def test_the_next_version_begins_as_the_last_and_old_entries_keep_theirs(client, draft):
    send(client, draft, "form_publish")
    entry = LogEntryFactory(form_version=now(draft), values={"met": "The caretaker"})
    client.post(at("form_start", draft.template))
    client.post(at("form_start", draft.template))
    second = draft.template.versions.get(number=2)
    assert second.fields == [MET, CARD]
    send(client, second, act="remove:met")
    assert "Removed: “Whom you met”." in words(client.get(at("form_publish", draft.template)))
    send(client, second, "form_publish")
    entry.refresh_from_db()
    assert entry.form_version.fields == [MET, CARD]
    history = words(client.get(at("form_detail", draft.template, **{"from": "2", "to": "1"})))
    assert "Removed: “Whom you met”." in history
    assert "New: “Whom you met” (text)." in history


def test_a_published_field_does_not_change_its_kind(client, draft):
    send(client, draft, "form_publish")
    client.post(at("form_start", draft.template))
    second = draft.template.versions.get(number=2)
    response = send(client, second, "form_field", key="met", kind="number", label_en="Whom you met")
    assert response.status_code == 422
    assert "keeps it" in words(response)


def test_a_retired_form_is_offered_no_more_until_it_is_brought_back(client, draft, district):
    sector = SectorFactory(district=district)
    send(client, draft, "form_publish")
    client.post(at("form_retire", draft.template))
    assert now(draft) not in FormVersion.objects.for_sector(sector)
    client.post(at("form_bring_back", draft.template))
    assert now(draft) in FormVersion.objects.for_sector(sector)


def test_the_place_in_the_list_is_a_number_of_three_digits(client, draft):
    page = at("form_position", draft.template)
    assert client.post(page, {"position": "0"}).status_code == 422
    assert client.post(page, {"position": "12"}).status_code == 302
    assert FormTemplate.objects.get(pk=draft.template.pk).position == 12


def test_a_draft_is_thrown_away_and_a_form_never_published_goes_with_it(client, draft):
    send(client, draft, "form_publish")
    client.post(at("form_start", draft.template))
    send(client, draft.template.versions.get(number=2), "form_discard")
    assert draft.template.versions.count() == 1
    other = FormVersionFactory(
        draft=True, template__station=draft.template.station, template__district=draft.template.district
    )
    assert send(client, other, "form_discard")["Location"] == reverse("sectorlog:form_list")
    assert not FormTemplate.objects.filter(pk=other.template.pk).exists()


def test_a_draft_that_was_changed_meanwhile_is_not_thrown_away(client, draft):
    opened = state_of(draft)
    send(client, draft, act="remove:card")
    assert client.post(at("form_discard", draft.template), {"state": opened}).status_code == 409
    assert FormVersion.objects.filter(pk=draft.pk).exists()


def test_whoever_heads_nothing_any_more_meets_no_forms(client, draft):
    ended = LeadershipFactory(station=draft.template.station, period=between(days=(-9, -2)))
    client.force_login(ended.user)
    for page in ("/log/forms/", "/log/forms/add/", at("form_draft", draft.template)):
        assert client.get(page).status_code == 404
