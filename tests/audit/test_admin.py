"""Every page of the admin that shows an object says so, whoever wrote its ModelAdmin."""

import pytest
from django.contrib import admin
from django.urls import reverse

from audit.admin import ReadLoggedAdmin, ReadLoggedSite
from audit.models import ReadEntry
from audit.recording import of
from officers.models import Assignment, Officer
from sectors.models import BoundaryRelease, Sector
from tests.factories import (
    BoundaryReleaseFactory,
    DistrictFactory,
    OfficerFactory,
    SectorFactory,
    head_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(client):
    """Of a station whose head is logged in."""
    made = DistrictFactory()
    client.force_login(head_of(made.station))
    return made


def logged():
    return [
        (entry.verb, entry.subject, entry.keys, entry.sectors) for entry in ReadEntry.objects.order_by("id")
    ]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("page", ["change", "history"])
def test_page_of_an_object_is_logged_with_its_sector(client, district, page):
    sector = SectorFactory(district=district)
    assert client.get(address(Sector, page, sector.pk)).status_code == 200
    assert ("shown", "sectors.sector", [f"sectors.sector:{sector.pk}"], [sector.pk]) in logged()


def test_question_before_deleting_is_logged(client, district):
    draft = BoundaryReleaseFactory(station=district.station)
    assert client.get(address(BoundaryRelease, "delete", draft.pk)).status_code == 200
    assert logged() == [("shown", "sectors.boundaryrelease", [f"sectors.boundaryrelease:{draft.pk}"], [])]


def test_rows_of_other_models_in_the_same_form_are_logged(client, district):
    officer = OfficerFactory(station=district.station)
    hours = officer.duty_hours.create(weekday=1, begins="07:00", ends="15:00")
    assert client.get(address(Officer, "change", officer.pk)).status_code == 200
    assert ("shown", "officers.dutyhours", [f"officers.dutyhours:{hours.pk}"], []) in logged()


def test_list_is_logged_with_the_rows_of_its_page_alone(client, district):
    mine = [SectorFactory(district=district) for _number in range(3)]
    SectorFactory()
    assert client.get(address(Sector, "changelist"), {"q": mine[0].name}).status_code == 200
    assert logged() == [("listed", "sectors.sector", [f"sectors.sector:{mine[0].pk}"], [mine[0].pk])]


def test_list_costs_one_statement_more(client, district, django_assert_max_num_queries):
    SectorFactory(district=district)
    with django_assert_max_num_queries(30) as queries:
        client.get(address(Sector, "changelist"))
    assert len([one for one in queries if "audit_readentry" in one["sql"]]) == 1
    own = [one["sql"] for one in queries if one["sql"].startswith("SELECT") and "LIMIT 50" in one["sql"]]
    assert len(own) <= 1, "the rows were fetched twice"


def test_foreign_object_is_neither_shown_nor_logged_as_shown(client, district):
    foreign = SectorFactory()
    assert client.get(address(Sector, "change", foreign.pk)).status_code == 404
    assert logged() == []


def test_autocomplete_is_logged_with_what_it_found(rf):
    class Found(admin.ModelAdmin):
        search_fields = ("name",)

        def has_view_permission(self, request, obj=None):
            return True

    site = ReadLoggedSite()
    site.register(Officer, Found)
    site.register(Assignment)
    found, _other = OfficerFactory(name="Ida Find"), OfficerFactory(name="Bo Else")
    question = {"app_label": "officers", "model_name": "assignment", "field_name": "officer", "term": "Ida"}
    request = rf.get("/", question)
    assert b"Ida Find" in site.autocomplete_view(request).content
    (read,) = of(request).reads
    assert (read.verb, read.keys) == ("searched", (f"officers.officer:{found.pk}",))


@pytest.mark.parametrize("page", ["admin:index", "admin:sectors_sector_add", "admin:jsi18n"])
def test_page_without_an_object_is_not_logged(client, district, page):
    assert client.get(reverse(page)).status_code == 200
    assert logged() == []


def test_form_that_comes_back_with_errors_is_logged_as_shown(client, district):
    sector = SectorFactory(district=district)
    answer = client.post(address(Sector, "change", sector.pk), {"name": ""})
    assert answer.status_code == 200
    assert [(verb, subject) for verb, subject, _keys, _sectors in logged()] == [("shown", "sectors.sector")]


def test_no_model_admin_is_without_the_log():
    assert all(isinstance(one, ReadLoggedAdmin) for one in admin.site._registry.values())
