"""Every admin address, asked for by every kind of account: foreign objects do not exist."""

import datetime

import pytest
from django.contrib import admin
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from officers.models import Absence, Assignment, Cover, Leadership, Liaison, Officer, StaffRole, Unit
from sectors.models import District, Sector, Station
from tests.factories import (
    AssignmentFactory,
    CoverFactory,
    LeadershipFactory,
    LiaisonFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    administrator,
    head_of_district,
)

pytestmark = pytest.mark.django_db

SCOPED = (Station, District, Sector, Officer, Assignment, Absence, Cover, Liaison)
ADMINISTRATORS_ONLY = (Leadership, StaffRole, Unit)
# What other files in tests/ walk through.
ELSEWHERE = {
    "sectors.boundaryrelease",
    "sectors.manningbasis",
    "sectors.manningnorm",
    "sectors.analysisdocument",
    "officers.user",
    "officers.invitation",
    "officers.profiledraft",
    "notifications.notification",
    "audit.readentry",
    "audit.changeentry",
}


@pytest.fixture
def own():
    return AssignmentFactory(sector__name="Ours", officer__name="Own Officer")


@pytest.fixture
def foreign():
    return AssignmentFactory(sector__name="Theirs", officer__name="Foreign Officer")


@pytest.fixture
def head(own):
    return LeadershipFactory(station=own.sector.station).user


@pytest.fixture
def as_head(client, head):
    client.force_login(head)
    return client


def members(assignment) -> dict:
    """Return one object of each kind that belongs to the appointment's station."""
    sector = assignment.sector
    cover = CoverFactory(
        absence__officer=assignment.officer, sector=sector, officer__name=f"Cover of {sector.name}"
    )
    liaison = LiaisonFactory(sector=sector, user__name=f"Liaison of {sector.name}")
    found = (
        sector.station, sector.district, sector, assignment.officer, assignment, cover.absence, cover, liaison
    )  # fmt: skip
    return dict(zip(SCOPED, found, strict=True))


def page(model, name, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", SCOPED)
@pytest.mark.parametrize("name", ["change", "history", "delete"])
def test_foreign_object_does_not_exist(as_head, own, foreign, model, name):
    found = members(foreign)[model]
    for method in (as_head.get, as_head.post):
        assert method(page(model, name, found.pk)).status_code == 404


@pytest.mark.parametrize("model", SCOPED)
@pytest.mark.parametrize("name", ["change", "history"])
def test_own_object_is_there(as_head, own, model, name):
    assert as_head.get(page(model, name, members(own)[model].pk)).status_code == 200


@pytest.mark.parametrize("model", [Assignment, Absence, Cover, Liaison])
@pytest.mark.parametrize("name", ["end", "withdraw"])
def test_what_is_dated_and_foreign_can_be_neither_ended_nor_withdrawn(as_head, foreign, model, name):
    found = members(foreign)[model]
    before = found.period
    for method in (as_head.get, as_head.post):
        assert method(page(model, name, found.pk)).status_code == 404
    found.refresh_from_db()
    assert (found.period, found.withdrawn_at) == (before, None)


@pytest.mark.parametrize("model", SCOPED)
@pytest.mark.parametrize("query", ["", "?q=Officer", "?q=e", "?o=1"])
def test_lists_and_searches_show_nothing_foreign(as_head, own, foreign, model, query):
    members(own), members(foreign)
    content = as_head.get(page(model, "changelist") + query).content.decode()
    for name in (
        "Theirs",
        "Foreign Officer",
        foreign.sector.district.name + "<",
        foreign.sector.station.name,
    ):
        assert name not in content


@pytest.mark.parametrize("model", [District, Sector, Officer, Assignment, Liaison])
def test_forms_offer_nothing_foreign(as_head, own, foreign, model):
    content = as_head.get(page(model, "add")).content.decode()
    for name in (
        "Theirs",
        "Foreign Officer",
        foreign.sector.district.name + "<",
        foreign.sector.station.name,
    ):
        assert name not in content


def test_index_names_what_a_head_may_do_and_nothing_else(as_head):
    content = as_head.get(reverse("admin:index")).content.decode()
    assert page(Assignment, "changelist") in content
    for model in ADMINISTRATORS_ONLY:
        assert page(model, "changelist") not in content


@pytest.mark.parametrize("model", ADMINISTRATORS_ONLY)
def test_leadership_roles_and_units_do_not_exist_for_a_head(as_head, head, model):
    rows = {
        Leadership: head.leaderships.get(),
        StaffRole: StaffRoleFactory(user=head, analyst=True),
        Unit: Unit.objects.create(name="Traffic Division"),
    }
    paths = [page(model, "changelist"), page(model, "add"), page(model, "change", rows[model].pk)]
    assert [as_head.get(path).status_code for path in paths] == [404, 404, 404]


def test_a_head_cannot_add_a_station(as_head):
    assert as_head.get(page(Station, "add")).status_code == 404


def test_a_posted_foreign_choice_is_refused(as_head, own, foreign):
    answer = as_head.post(
        page(Assignment, "add"),
        {"sector": foreign.sector.pk, "officer": foreign.officer.pk, "role": "attached"},
    )
    assert answer.status_code == 200
    assert set(answer.context["adminform"].form.errors) >= {"sector", "officer"}
    assert Assignment.objects.count() == 2


def test_autocomplete_and_popup_lookups_show_nothing_foreign(as_head, own, foreign):
    answer = as_head.get(
        reverse("admin:autocomplete"),
        {"term": "o", "app_label": "officers", "model_name": "assignment", "field_name": "officer"},
    )
    assert answer.status_code == 404 or "Foreign" not in answer.content.decode()
    popup = as_head.get(page(Officer, "changelist"), {"_popup": "1", "_to_field": "id"})
    assert "Foreign" not in popup.content.decode()


def test_an_administrator_sees_stations_and_districts_of_all_and_no_content(client, own, foreign):
    client.force_login(administrator())
    objects = members(foreign)
    for model in (Station, District):
        content = client.get(page(model, "changelist")).content.decode()
        assert str(objects[model]) in content
        assert client.get(page(model, "change", objects[model].pk)).status_code == 200
    for model in (Sector, Officer, Assignment, Absence, Cover, Liaison):
        paths = [page(model, "changelist"), page(model, "add"), page(model, "change", objects[model].pk)]
        assert [client.get(path).status_code for path in paths] == [404, 404, 404]


@pytest.mark.parametrize("model", ADMINISTRATORS_ONLY)
def test_an_administrator_keeps_leadership_roles_and_units(client, own, foreign, model):
    client.force_login(administrator())
    assert client.get(page(model, "changelist")).status_code == 200
    content = client.get(page(model, "add")).content.decode()
    if model is not Unit:
        assert own.sector.station.name in content
        assert foreign.sector.station.name in content


READ_BY_REVIEWER = (Station, District, Sector, Assignment, Absence, Cover, Liaison)


@pytest.mark.parametrize("model", READ_BY_REVIEWER)
def test_a_reviewer_reads_and_changes_nothing(client, foreign, model):
    client.force_login(StaffRoleFactory(reviewer=True).user)
    found = members(foreign)[model]
    assert client.get(page(model, "changelist")).status_code == 200
    content = client.get(page(model, "change", found.pk)).content.decode()
    assert 'name="_save"' not in content
    assert client.post(page(model, "change", found.pk), {}).status_code == 404
    assert client.get(page(model, "add")).status_code == 404
    if model in (Assignment, Absence, Cover, Liaison):
        for act in ("end", "withdraw"):
            assert act + "/" not in content
            assert client.post(page(model, act, found.pk)).status_code == 404


@pytest.fixture
def as_district_head(client, own):
    client.force_login(head_of_district(own.sector.district))
    return client


READ_BY_DISTRICT_HEAD = (District, Sector, Officer, Assignment, Absence, Cover, Liaison)


@pytest.mark.parametrize("model", READ_BY_DISTRICT_HEAD)
def test_a_district_head_reads_the_own_district_and_changes_nothing(as_district_head, own, model):
    beside = AssignmentFactory(sector__district__station=own.sector.station, officer__name="Beside")
    inside, outside = members(own)[model], members(beside)[model]
    rows = as_district_head.get(page(model, "changelist")).context["cl"].queryset
    assert inside in rows
    assert outside not in rows
    content = as_district_head.get(page(model, "change", inside.pk)).content.decode()
    assert 'name="_save"' not in content
    assert as_district_head.post(page(model, "change", inside.pk), {}).status_code == 404
    assert as_district_head.get(page(model, "change", outside.pk)).status_code == 404
    assert as_district_head.get(page(model, "add")).status_code == 404


def test_a_district_head_sees_no_station_page(as_district_head, own):
    assert as_district_head.get(page(Station, "change", own.sector.station.pk)).status_code == 404


def test_an_analyst_sees_sectors_and_not_who_is_appointed(client, own):
    client.force_login(StaffRoleFactory(analyst=True, station=own.sector.station).user)
    listing = client.get(page(Sector, "changelist")).content.decode()
    assert "Ours" in listing
    form = client.get(page(Sector, "change", own.sector.pk)).content.decode()
    for content in (listing, form):
        assert "Own Officer" not in content
        assert "Vacant" not in content
    assert client.get(page(Assignment, "changelist")).status_code == 404


def test_rights_end_with_the_term_at_the_next_request(as_head, head):
    assert as_head.get(reverse("admin:index")).status_code == 200
    term = head.leaderships.get()
    term.period = DateTimeTZRange(term.period.lower, timezone.now())
    term.save()
    answer = as_head.get(reverse("admin:index"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("admin:login"))


def test_rights_begin_with_the_term(client, own):
    begins = timezone.now() + datetime.timedelta(hours=1)
    user = LeadershipFactory(station=own.sector.station, period=DateTimeTZRange(begins, None)).user
    client.force_login(user)
    assert client.get(reverse("admin:index")).status_code == 302


def test_who_holds_no_role_does_not_enter(client, own):
    client.force_login(UserFactory())
    assert client.get(reverse("admin:index")).status_code == 302


def test_nothing_in_the_admin_can_be_deleted_by_a_head(as_head, own):
    for model, found in members(own).items():
        assert as_head.get(page(model, "delete", found.pk)).status_code == 404
        assert "deletelink" not in as_head.get(page(model, "change", found.pk)).content.decode()


def test_every_model_in_the_admin_stands_in_one_of_these_lists():
    known = {model._meta.label_lower for model in (*SCOPED, *ADMINISTRATORS_ONLY)} | ELSEWHERE
    assert {model._meta.label_lower for model in admin.site._registry} <= known


def test_the_page_leads_to_itself_in_the_other_language(as_head, own):
    path = page(Sector, "change", own.sector.pk)
    assert f'href="/da{path}" lang="da"' in " ".join(as_head.get(path).content.decode().split())
    assert f'href="{path}" lang="en"' in " ".join(as_head.get(f"/da{path}").content.decode().split())


def test_a_form_that_needs_one_station_has_it_chosen(as_head, own):
    form = as_head.get(page(Officer, "add")).context["adminform"].form
    assert form["station"].value() == own.sector.station.pk


def test_officer_of_a_foreign_station_is_not_made(as_head, foreign):
    answer = as_head.post(
        page(Officer, "add"),
        {"station": foreign.sector.station.pk, "name": "X", "phone": "1", "email": "x@police.example"},
    )
    assert "station" in answer.context["adminform"].form.errors
    assert not OfficerFactory._meta.model.objects.filter(name="X").exists()


@pytest.mark.parametrize(
    "path",
    [
        "officers/assignment/99999999999999999999/change/",
        "officers/assignment/99999999999999999999/end/",
        "officers/assignment/x/change/",
        "officers/assignment/-1/change/",
        "sectors/sector/1%00/change/",
    ],
)
def test_an_address_that_nobody_has_is_not_found(as_head, path):
    assert as_head.get(f"/admin/{path}").status_code == 404


@pytest.mark.parametrize(
    "query", ["?q=%00", "?p=99999999999", "?state=x", "?sector__id__exact=x", "?o=9.-9", "?q=" + "x " * 3000]
)
def test_a_list_takes_no_offence_at_nonsense(as_head, own, query):
    answer = as_head.get(page(Assignment, "changelist") + query, follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("query", ["?sector=x", "?sector=99999999999999999999", "?role=%00", "?begins=x"])
def test_a_link_with_nonsense_opens_the_form_all_the_same(as_head, query):
    assert as_head.get(page(Assignment, "add") + query).status_code == 200


def test_sector_of_a_foreign_district_is_not_made(as_head, foreign):
    answer = as_head.post(
        page(Sector, "add"), {"district": foreign.sector.district.pk, "number": 77, "name": "X"}
    )
    assert "district" in answer.context["adminform"].form.errors
    assert not SectorFactory._meta.model.objects.filter(number=77).exists()
