"""The admin's addresses, guessed by a station head while a second station is there: nothing of it is seen."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey
from django.urls import NoReverseMatch, reverse

from officers.models import Absence, Assignment, Cover, Liaison, Officer, Unit, User
from sectors.models import BoundaryRelease, District, ManningBasis, Sector, Station
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    CoverFactory,
    DistrictFactory,
    LiaisonFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
    head_of,
)

pytestmark = pytest.mark.django_db

# A word that everything of the other station carries, and nothing else in the world.
SECRET = "Zzyzx"


@pytest.fixture
def foreign():
    """A station with one of everything, each of which gives itself away."""
    station = StationFactory(
        name=f"{SECRET} Station", slug=f"{SECRET}-station", email=f"{SECRET}@police.example"
    )
    district = DistrictFactory(station=station, name=f"{SECRET} District")
    sector = SectorFactory(district=district, name=f"{SECRET} Sector", slug=f"{SECRET}-sector")
    account = UserFactory(email=f"{SECRET}-account@police.example", name=f"{SECRET} Account")
    officer = OfficerFactory(
        station=station, user=account, name=f"{SECRET} Officer", email=f"{SECRET}-officer@police.example"
    )
    assignment = AssignmentFactory(sector=sector, officer=officer)
    absence = AbsenceFactory(officer=officer)
    cover = CoverFactory(absence=absence, sector=sector, officer__name=f"{SECRET} Helper")
    liaison = LiaisonFactory(sector=sector, user__name=f"{SECRET} Liaison")
    release = BoundaryReleaseFactory(station=station, name=f"{SECRET} Release")
    basis = ManningBasis.objects.create(
        sector=sector, holds_from="2026-01-01", reason=f"{SECRET} reason", reported_crimes=1,
        exposed_residents=1, special_places=1, inhabitants=1,
    )  # fmt: skip
    rows = (station, district, sector, account, officer, assignment, absence, cover, liaison, release, basis)
    return {type(row): row for row in rows}


@pytest.fixture
def own(foreign):
    """The own station, made second: a number more or less is somebody else's."""
    return AssignmentFactory()


@pytest.fixture
def as_head(client, own):
    client.force_login(head_of(own.sector.station))
    return client


MODELS = [
    pytest.param(model, id=model._meta.label_lower)
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label)
]
# Of these the fixture `foreign` holds one each.
EXISTING = {
    Station,
    District,
    Sector,
    User,
    Officer,
    Assignment,
    Absence,
    Cover,
    Liaison,
    BoundaryRelease,
    ManningBasis,
}


def address(model, name: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def seen(client, path: str) -> str:
    """Return the page, following its own redirects; an address that is not there shows nothing."""
    answer = client.get(path, follow=True)
    assert answer.status_code in (200, 400, 404), path
    return "" if answer.status_code == 404 else answer.content.decode()


# Finds everything that carries the word, without repeating the word itself.
PART = SECRET[:3]
QUERIES = [
    {},
    {"q": PART},
    {"q": PART.lower(), "_popup": "1", "_to_field": "id"},
    {"all": ""},
    {"e": "1"},
    {"o": "1.2.3"},
    {"_to_field": "email"},
    {"_facets": "True"},
    {"p": "2"},
    {"station__name__startswith": PART},
    {"sector__name__startswith": PART},
    {"sector__station__email__startswith": PART},
    {"officer__user__password__startswith": "md5"},
    {"user__email__startswith": PART},
]


def test_the_stations_own_head_finds_all_of_it(client, foreign):
    """Else the tests below would look for what is nowhere."""
    client.force_login(head_of(foreign[Station]))
    for model in EXISTING:
        assert SECRET in seen(client, f"{address(model, 'changelist')}?q={PART}"), model


@pytest.mark.parametrize("model", MODELS)
def test_no_list_shows_anything_foreign_whatever_is_asked(as_head, foreign, model):
    keys = (
        [{name: str(foreign[model].pk)} for name in ("pk__in", "id__exact", "pk")] if model in foreign else []
    )
    for query in (*QUERIES, *keys):
        assert SECRET not in seen(as_head, f"{address(model, 'changelist')}?{urlencode(query)}"), query


@pytest.mark.parametrize("model", [model for model in MODELS if model.values[0] in EXISTING])
def test_no_page_of_a_foreign_object_is_there(as_head, foreign, model):
    key = foreign[model].pk
    for path in (address(model, name, key) for name in ("change", "history", "delete")):
        assert (as_head.get(path).status_code, as_head.post(path).status_code) == (404, 404)
    # Django leads the short address on to the page of the object, whoever may see it.
    assert as_head.get(f"{address(model, 'changelist')}{key}/", follow=True).status_code == 404


@pytest.mark.parametrize("model", MODELS)
def test_no_form_offers_anything_foreign(as_head, foreign, model):
    for query in ({}, {"_popup": "1"}, {"_to_field": "id"}, {"_changelist_filters": f"q={PART}"}):
        assert SECRET not in seen(as_head, f"{address(model, 'add')}?{urlencode(query)}"), query


@pytest.mark.parametrize("model", MODELS)
def test_a_link_that_fills_in_a_foreign_object_fills_in_nothing(as_head, foreign, model):
    query = {
        field.name: foreign[field.related_model].pk
        for field in model._meta.fields
        if isinstance(field, ForeignKey) and field.related_model in foreign
    }
    assert SECRET not in seen(as_head, f"{address(model, 'add')}?{urlencode(query)}")


@pytest.mark.parametrize("model", MODELS)
def test_no_autocomplete_shows_anything_foreign(as_head, foreign, model):
    fields = [
        field.name
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and not field.one_to_many
    ]
    for field in fields:
        query = {
            "term": PART,
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field,
        }
        answer = as_head.get(reverse("admin:autocomplete"), query)
        assert answer.status_code in (200, 404)
        assert SECRET not in answer.content.decode(), field


@pytest.mark.parametrize("who", ["own", "foreign"])
def test_no_address_leads_to_any_object_by_its_number(as_head, own, foreign, who):
    sector = own.sector if who == "own" else foreign[Sector]
    kind = ContentType.objects.get_for_model(Sector)
    assert as_head.get(f"/admin/r/{kind.pk}/{sector.pk}/").status_code == 404


def test_scripts_texts_hold_no_content(as_head, foreign):
    answer = as_head.get(reverse("admin:jsi18n"))
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("app", ["officers", "sectors", "notifications", "audit"])
def test_an_apps_own_page_shows_no_content(as_head, foreign, app):
    try:
        path = reverse("admin:app_list", args=[app])
    except NoReverseMatch:
        return
    assert SECRET not in seen(as_head, path)


def test_no_act_on_anything_foreign_is_there(as_head, foreign):
    acts = [(Sector, "replace"), (Absence, "until")]
    acts += [(model, act) for model in (Assignment, Absence, Cover, Liaison) for act in ("end", "withdraw")]
    for model, act in acts:
        path = address(model, act, foreign[model].pk)
        assert (as_head.get(path).status_code, as_head.post(path).status_code) == (404, 404), path


def test_recent_actions_are_ones_own(as_head, client, foreign, own):
    other = head_of(foreign[Sector].station)
    client.force_login(other)
    data = {"sector": foreign[Sector].pk, "officer": foreign[Officer].pk, "role": "attached"}
    client.post(address(Assignment, "add"), data)
    client.force_login(own.sector.station.leaderships.get().user)
    assert SECRET not in client.get(reverse("admin:index")).content.decode()


# --- Posted choices ----------------------------------------------------------------------------

POSTED = [
    (Assignment, {"role": "attached"}, ("sector", "officer")),
    (Liaison, {}, ("sector",)),
    (ManningBasis, {}, ("sector",)),
    (Sector, {"number": 77, "name": "X"}, ("district",)),
    (Officer, {"name": "X", "phone": "1", "email": "x@police.example"}, ("station",)),
]


@pytest.mark.parametrize(
    ("model", "data", "fields"), POSTED, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_posted_foreign_object_is_no_choice(as_head, foreign, model, data, fields):
    before = model.objects.count()
    keys = {name: foreign[model._meta.get_field(name).related_model].pk for name in fields}
    answer = as_head.post(address(model, "add"), {**data, **keys})
    errors = answer.context["adminform"].form.errors
    for name in fields:
        assert "Select a valid choice" in str(errors[name])
    assert model.objects.count() == before


def test_a_liaison_is_named_by_the_whole_address_of_the_account(as_head, own):
    unit = Unit.objects.create(name="Traffic Division")
    account = UserFactory(email="gang.division@police.example")
    data = {"sector": own.sector.pk, "unit": unit.pk}
    answer = as_head.post(address(Liaison, "add"), {**data, "email": "gang.division"})
    assert "email" in answer.context["adminform"].form.errors
    answer = as_head.post(address(Liaison, "add"), {**data, "email": "nobody@police.example"})
    assert "No account in use" in str(answer.context["adminform"].form.errors)
    assert (
        as_head.post(address(Liaison, "add"), {**data, "email": "Gang.Division@police.example"}).status_code
        == 302
    )
    assert Liaison.objects.get(user=account).sector == own.sector


def test_the_name_behind_a_typed_address_is_not_told(as_head, own):
    unit = Unit.objects.create(name="Traffic Division")
    UserFactory(email="jens@police.example", name=SECRET)
    data = {"sector": own.sector.pk, "unit": unit.pk, "email": "jens@police.example"}
    listed = as_head.post(address(Liaison, "add"), data, follow=True).content.decode()
    liaison = Liaison.objects.get(unit=unit)
    assert "jens@police.example" in listed
    assert SECRET not in listed
    for name in ("change", "history", "end"):
        assert SECRET not in seen(as_head, address(Liaison, name, liaison.pk)), name
    assert not as_head.get(f"{address(Liaison, 'changelist')}?q={PART}").context["cl"].result_count


def test_accounts_of_a_heads_own_officers_are_there_and_no_others(as_head, foreign, own):
    account = UserFactory()
    own.officer.user = account
    own.officer.save()
    rows = as_head.get(address(User, "changelist")).context["cl"].queryset
    assert account in rows
    assert foreign[User] not in rows
