"""Every admin address, asked for by every kind of account: foreign objects do not exist."""

import datetime

import pytest
from django.contrib import admin
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from officers.models import Assignment, Leadership, Officer, User
from sectors.models import District, Sector, Station
from tests.factories import (
    AssignmentFactory,
    LeadershipFactory,
    OfficerFactory,
    SectorFactory,
    UserFactory,
    administrator,
)

pytestmark = pytest.mark.django_db

SCOPED = (Station, District, Sector, Officer, Assignment)
ADMINISTRATORS_ONLY = (User, Leadership)


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
    sector = assignment.sector
    found = (sector.station, sector.district, sector, assignment.officer, assignment)
    return dict(zip(SCOPED, found, strict=True))


def page(model, name, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", SCOPED)
@pytest.mark.parametrize("name", ["change", "history", "delete"])
def test_foreign_object_does_not_exist(as_head, own, foreign, model, name):
    for method in (as_head.get, as_head.post):
        assert method(page(model, name, members(foreign)[model].pk)).status_code == 404


@pytest.mark.parametrize("model", SCOPED)
@pytest.mark.parametrize("name", ["change", "history"])
def test_own_object_is_there(as_head, own, model, name):
    assert as_head.get(page(model, name, members(own)[model].pk)).status_code == 200


@pytest.mark.parametrize("name", ["end", "withdraw"])
def test_foreign_appointment_can_be_neither_ended_nor_withdrawn(as_head, foreign, name):
    for method in (as_head.get, as_head.post):
        assert method(page(Assignment, name, foreign.pk)).status_code == 404
    foreign.refresh_from_db()
    assert (foreign.period.upper, foreign.withdrawn_at) == (None, None)


@pytest.mark.parametrize("model", SCOPED)
@pytest.mark.parametrize("query", ["", "?q=Officer", "?q=e", "?o=1"])
def test_lists_and_searches_show_nothing_foreign(as_head, own, foreign, model, query):
    content = as_head.get(page(model, "changelist") + query).content.decode()
    for name in (
        "Theirs",
        "Foreign Officer",
        foreign.sector.district.name + "<",
        foreign.sector.station.name,
    ):
        assert name not in content


@pytest.mark.parametrize("model", [District, Sector, Officer, Assignment])
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
def test_accounts_and_leadership_do_not_exist_for_a_head(as_head, head, model):
    row = head if model is User else head.leaderships.get()
    paths = [page(model, "changelist"), page(model, "add"), page(model, "change", row.pk)]
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


def test_an_administrator_sees_every_station(client, own, foreign):
    client.force_login(administrator())
    for model in SCOPED:
        assert client.get(page(model, "changelist")).status_code == 200
        assert client.get(page(model, "change", members(foreign)[model].pk)).status_code == 200
    for model in ADMINISTRATORS_ONLY:
        assert client.get(page(model, "add")).status_code == 200
    form = client.get(page(Assignment, "add")).content.decode()
    assert f"{own.sector} · {own.sector.station}" in form
    assert f"{foreign.sector} · {foreign.sector.station}" in form


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


def test_a_district_head_does_not_enter_the_admin(client, own):
    sector = own.sector
    user = LeadershipFactory(station=sector.station, district=sector.district).user
    client.force_login(user)
    assert client.get(reverse("admin:index")).status_code == 302


def test_nothing_in_the_admin_can_be_deleted_by_a_head(as_head, own):
    for model, found in members(own).items():
        assert as_head.get(page(model, "delete", found.pk)).status_code == 404
        assert "deletelink" not in as_head.get(page(model, "change", found.pk)).content.decode()


def test_every_model_in_the_admin_stands_in_one_of_these_lists():
    from sectors.models import BoundaryRelease

    known = {*SCOPED, *ADMINISTRATORS_ONLY, BoundaryRelease}
    assert set(admin.site._registry) == known


def test_login_by_email_in_any_case(client, head):
    head.set_password("correct horse battery")
    head.save()
    answer = client.post(
        reverse("admin:login"),
        {"username": head.email.upper(), "password": "correct horse battery", "next": "/admin/"},
    )
    assert (answer.status_code, answer.url) == (302, "/admin/")


def test_login_without_business_here_says_so(client, db):
    user = UserFactory()
    answer = client.post(
        reverse("admin:login"), {"username": user.email, "password": "correct horse battery"}
    )
    assert "heads no station at present" in answer.content.decode()


def test_login_with_a_wrong_password_says_what_to_check(client, head):
    answer = client.post(reverse("admin:login"), {"username": head.email, "password": "\x00 wrong"})
    assert answer.status_code == 200
    answer = client.post(reverse("admin:login"), {"username": head.email, "password": "wrong"})
    assert "do not belong together" in answer.content.decode()


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
