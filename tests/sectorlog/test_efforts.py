import datetime
import uuid

import pytest
from django.utils import timezone

from notifications.models import Notification
from officers.models import Unit
from sectorlog.effort_planning import people_for, sectors_named
from sectorlog.models import Effort, EffortTask
from tests.factories import (
    AssignmentFactory,
    CoverFactory,
    DistrictFactory,
    EffortFactory,
    LiaisonFactory,
    LogEntryFactory,
    SectorFactory,
    UserFactory,
    between,
    division_of,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    found = SectorFactory(name="Tingbjerg", slug="tingbjerg", number=12)
    neighbour = SectorFactory(
        name="Husum",
        slug="husum",
        number=11,
        station=found.station,
        district=DistrictFactory(station=found.station, name="North"),
    )
    division_of(found, neighbour)
    return found


@pytest.fixture
def husum(sector):
    return sector.station.sectors.get(slug="husum")


def officer_of(sector, *, attached: bool = False, **fields):
    user = UserFactory(**fields)
    return AssignmentFactory(
        sector=sector, attached=attached, officer__user=user, officer__station=sector.station
    ).officer.user


@pytest.fixture
def responsible(sector):
    return officer_of(sector, name="Rita Responsible")


@pytest.fixture
def attached(sector):
    return officer_of(sector, attached=True, name="Ole Attached")


@pytest.fixture
def effort(sector):
    return EffortFactory(title="Dark months", goal="Fewer burglaries.", sectors=[sector])


def ended():
    return between(days=(-30, -1))


def words(response) -> str:
    return " ".join(response.content.decode().split())


def plan(taking_part, **fields):
    today = timezone.localdate()
    ends = today + datetime.timedelta(days=30)
    pks = [sector.pk for sector in taking_part]
    return {
        "title": "Dark months",
        "goal": "Fewer burglaries.",
        "sectors": pks,
        "begins_on": today,
        "ends_on": ends,
    } | fields


def seen_of(client, address: str) -> str:
    return client.get(address).context["form"]["seen"].value()


# Planning


def test_responsible_officer_plans_an_effort_across_districts_with_a_unit(client, sector, husum, responsible):
    unit = Unit.objects.create(name="Burglary Group")
    client.force_login(responsible)
    page = words(client.post("/log/efforts/add/", plan([sector, husum], units=[unit.pk]), follow=True))
    effort = Effort.objects.get()
    assert set(effort.sectors.all()) == {sector, husum}
    assert effort.created_by == responsible
    for word in ("Dark months", "Fewer burglaries.", "11 Husum", "Burglary Group"):
        assert word in page


def test_the_same_plan_sent_twice_is_one(client, sector, responsible):
    client.force_login(responsible)
    for _time in range(2):
        assert client.post("/log/efforts/add/", plan([sector])).status_code == 302
    assert Effort.objects.count() == 1


def test_sector_of_another_station_is_named(client, sector, responsible):
    other = SectorFactory(name="Nørrebro", number=3)
    division_of(other)
    client.force_login(responsible)
    assert client.post("/log/efforts/add/", plan([sector], others="norrebro")).status_code == 302
    assert set(Effort.objects.get().sectors.all()) == {sector, other}


@pytest.mark.parametrize("others", ["Atlantis", "tingbjerg, Atlantis", "," * 900 + "x", "Tingbjerg," * 30])
def test_names_of_no_sector_are_refused_and_kept(client, sector, responsible, others):
    client.force_login(responsible)
    response = client.post("/log/efforts/add/", plan([sector], others=others))
    assert response.status_code == 422 or others.startswith("Tingbjerg")
    assert others.strip() in words(response) or response.status_code == 302


def test_an_effort_without_a_sector_of_ones_own_is_refused(client, husum, responsible):
    client.force_login(responsible)
    response = client.post("/log/efforts/add/", plan([husum]))
    assert response.status_code == 422
    assert "Choose at least one sector that you are responsible for or head." in words(response)
    assert not Effort.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"goal": "x" * 4001},
        {"sectors": []},
        {"sectors": ["none"]},
        {"begins_on": "soon"},
        {"ends_on": "2001-01-01"},
        {"title": "nul \x00"},
    ],
)
def test_plans_that_cannot_be_are_refused_with_what_was_typed(client, sector, responsible, fields):
    client.force_login(responsible)
    response = client.post("/log/efforts/add/", plan([sector], **fields))
    assert response.status_code == 422
    assert "Not saved yet. Please look at what is marked." in words(response)
    assert not Effort.objects.exists()


def test_heads_plan_and_attached_officers_do_not(client, sector, attached):
    client.force_login(attached)
    assert client.get("/log/efforts/add/").status_code == 404
    assert client.post("/log/efforts/add/", plan([sector])).status_code == 404
    client.force_login(head_of_district(sector.district))
    assert client.post("/log/efforts/add/", plan([sector])).status_code == 302


def test_goal_that_looks_like_source_handling_asks_first(client, sector, responsible):
    client.force_login(responsible)
    fields = plan([sector], goal="Told by 010190-1239.")
    assert client.post("/log/efforts/add/", fields).status_code == 422
    assert client.post("/log/efforts/add/", {**fields, "source_answer": "keep"}).status_code == 302


def test_change_meanwhile_is_told_and_what_was_typed_kept(client, sector, responsible, effort):
    client.force_login(responsible)
    address = f"/log/efforts/{effort.uuid}/change/"
    seen = seen_of(client, address)
    Effort.objects.filter(pk=effort.pk).update(goal="Changed by the head.")
    response = client.post(address, plan([sector], goal="Typed by me.", seen=seen))
    assert response.status_code == 409
    assert "Changed by the head." in words(response)
    assert "Typed by me." in words(response)
    again = response.context["form"]["seen"].value()
    assert client.post(address, plan([sector], goal="Typed by me.", seen=again)).status_code == 302
    effort.refresh_from_db()
    assert effort.goal == "Typed by me."


@pytest.fixture
def far():
    """A sector of another station."""
    found = SectorFactory(name="Nørrebro", number=3)
    division_of(found)
    return found


def test_one_who_takes_part_neither_takes_others_out_nor_brings_them_in(client, sector, husum, far, effort):
    effort.sectors.add(far)
    client.force_login(officer_of(far))
    address = f"/log/efforts/{effort.uuid}/change/"
    fields = plan([far], title="Taken", seen=seen_of(client, address))
    assert client.post(address, fields).status_code == 302
    effort.refresh_from_db()
    assert effort.title == "Taken"
    assert set(effort.sectors.all()) == {sector, far}
    fields = plan([far], others="11 Husum", seen=seen_of(client, address))
    response = client.post(address, fields)
    assert response.status_code == 422
    assert "Leave out: 11 Husum." in words(response)
    assert set(effort.sectors.all()) == {sector, far}


def test_who_takes_part_takes_the_own_sector_out_and_is_led_to_the_list(client, sector, far, effort):
    effort.sectors.add(far)
    client.force_login(officer_of(far))
    address = f"/log/efforts/{effort.uuid}/change/"
    response = client.post(address, plan([sector], seen=seen_of(client, address)), follow=True)
    assert response.status_code == 200
    assert set(effort.sectors.all()) == {sector}


def test_heads_of_sectors_brought_in_by_others_are_told_without_content(
    client, sector, husum, far, responsible
):
    heads = {head_of_district(far.district), head_of(far.station)}
    head_of_district(DistrictFactory(station=far.station))
    client.force_login(responsible)
    assert client.post("/log/efforts/add/", plan([sector], others="norrebro")).status_code == 302
    effort = Effort.objects.get()
    told = Notification.objects.filter(event="sectorlog.effort_joined")
    assert {one.recipient for one in told} == heads
    assert {str(one.context) for one in told} == {str({"path": f"/log/efforts/{effort.uuid}/"})}
    # Who planned it brings in others later too; who was told is not told again.
    husum_head = head_of_district(husum.district)
    address = f"/log/efforts/{effort.uuid}/change/"
    assert client.post(address, plan([sector, far, husum], seen=seen_of(client, address))).status_code == 302
    assert {one.recipient for one in told.all()} == {*heads, husum_head}
    assert told.all().count() == 3


def test_many_names_of_sectors_are_looked_up_at_once(far, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = sectors_named(["norrebro", "3 Nørrebro", "Atlantis", ""])
    assert found == {"norrebro": far, "3 Nørrebro": far, "Atlantis": None, "": None}


# Reading


def test_list_tells_running_from_over(client, sector, attached, effort, django_assert_max_num_queries):
    for number in range(12):
        EffortFactory(title=f"Effort {number}", sectors=[sector]).tasks.create(what="x")
    EffortFactory(title="Long over", sectors=[sector], evaluation="Good.", closed_at=timezone.now())
    EffortFactory(title="Elsewhere", sectors=[SectorFactory()])
    client.force_login(attached)
    with django_assert_max_num_queries(16):
        page = words(client.get("/log/efforts/"))
    assert page.index("Running and planned") < page.index("Dark months") < page.index("Long over")
    assert "0 of 1 task done" in page
    assert "Elsewhere" not in page


def test_readers_of_one_sector_read_the_effort_and_the_entries_of_their_logs(client, sector, husum, attached):
    effort = EffortFactory(sectors=[sector, husum])
    LogEntryFactory(sector=sector, effort=effort, text="Seen from here.")
    LogEntryFactory(sector=husum, effort=effort, text="Written next door.")
    client.force_login(attached)
    page = words(client.get(f"/log/efforts/{effort.uuid}/"))
    assert "Seen from here." in page
    assert "Written next door." not in page
    client.force_login(head_of(sector.station))
    assert "Written next door." in words(client.get(f"/log/efforts/{effort.uuid}/"))


@pytest.fixture
def contact(sector, effort):
    """The account of the contact in the sector of a unit that takes part."""
    effort.units.add(Unit.objects.create(name="Burglary Group"))
    return LiaisonFactory(sector=sector, unit=effort.units.get()).user


def test_contact_who_has_a_task_reads_the_effort_and_none_of_its_entries(client, sector, effort, contact):
    user = contact
    LogEntryFactory(sector=sector, effort=effort, text="Seen from here.")
    client.force_login(user)
    assert client.get(f"/log/efforts/{effort.uuid}/").status_code == 404
    effort.tasks.create(what="Bring the trailer", who=user)
    page = words(client.get(f"/log/efforts/{effort.uuid}/"))
    assert "Bring the trailer" in page
    assert "Seen from here." not in page


def test_a_task_opens_nothing_once_the_rights_have_ended(client, sector, effort):
    appointed = AssignmentFactory(
        sector=sector, officer__user=UserFactory(), officer__station=sector.station, period=ended()
    )
    task = effort.tasks.create(what="Bring the trailer", who=appointed.officer.user)
    client.force_login(task.who)
    assert client.get(f"/log/efforts/{effort.uuid}/").status_code == 404
    assert client.post(f"/log/efforts/tasks/{task.uuid}/done/").status_code == 404
    assert "Bring the trailer" not in words(client.get("/log/"))
    assert not Effort.objects.visible_to(task.who).exists()
    task.refresh_from_db()
    assert task.done_at is None


@pytest.mark.parametrize("end", ["contact", "unit", "sector", "task", "effort"])
def test_a_task_opens_nothing_to_a_contact_once_one_of_its_grounds_has_ended(
    client, sector, husum, effort, contact, end
):
    task = effort.tasks.create(what="Bring the trailer", who=contact)
    assert Effort.objects.visible_to(contact).exists()
    if end == "contact":
        before = LiaisonFactory(sector=sector, unit=effort.units.get(), period=ended())
        EffortTask.objects.update(who=(contact := before.user))
    elif end == "unit":
        effort.units.clear()
    elif end == "sector":
        effort.sectors.set([husum])
    elif end == "task":
        EffortTask.objects.update(done_at=timezone.now(), done_by=contact)
    else:
        Effort.objects.update(closed_at=timezone.now(), evaluation="Good.")
    client.force_login(contact)
    assert client.get(f"/log/efforts/{effort.uuid}/").status_code == 404
    assert client.post(f"/log/efforts/tasks/{task.uuid}/done/", {"reopen": "1"}).status_code == 404


def test_contact_who_has_done_the_task_is_led_to_a_page_that_is_there(client, effort, contact):
    task = effort.tasks.create(what="Bring the trailer", who=contact)
    client.force_login(contact)
    response = client.post(f"/log/efforts/tasks/{task.uuid}/done/", follow=True)
    assert response.status_code == 200
    assert "Done. Thank you." in words(response)
    task.refresh_from_db()
    assert task.done_by == contact


# Tasks


def test_task_given_is_told_by_a_mail_with_a_link_and_no_content(client, responsible, attached, effort):
    client.force_login(responsible)
    fields = {"what": "Ask at the kiosk", "who": attached.pk, "due_on": timezone.localdate()}
    page = words(client.post(f"/log/efforts/{effort.uuid}/tasks/", fields, follow=True))
    assert "Ask at the kiosk" in page
    (told,) = Notification.objects.filter(event="sectorlog.task_given")
    assert told.recipient == attached
    assert told.context["path"] == f"/log/efforts/{effort.uuid}/"
    assert "kiosk" not in str(told.context)
    client.post(f"/log/efforts/{effort.uuid}/tasks/", fields)
    assert effort.tasks.count() == 1
    assert Notification.objects.filter(event="sectorlog.task_given").count() == 1


def test_who_takes_a_task_over_is_told_and_who_keeps_it_is_not(client, responsible, attached, effort):
    task = effort.tasks.create(what="Ask", who=attached)
    client.force_login(responsible)
    address = f"/log/efforts/tasks/{task.uuid}/"
    client.post(address, {"what": "Ask twice", "who": attached.pk, "seen": seen_of(client, address)})
    assert not Notification.objects.exists()
    head = head_of(effort.sectors.get().station)
    client.post(address, {"what": "Ask twice", "who": head.pk, "seen": seen_of(client, address)})
    assert Notification.objects.get().recipient == head
    task.refresh_from_db()
    assert (task.what, task.who) == ("Ask twice", head)


def test_tasks_go_to_people_of_the_sectors_their_heads_and_contacts_of_the_units(sector, husum, effort):
    there, elsewhere = officer_of(sector), officer_of(husum)
    head, other_head = head_of_district(sector.district), head_of_district(husum.district)
    unit = Unit.objects.create(name="Burglary Group")
    contact = LiaisonFactory(sector=sector, unit=unit).user
    cover = CoverFactory(sector=sector, absence__officer=there.officer, officer__user=UserFactory())
    assert set(people_for(effort)) == {there, head, cover.officer.user}
    effort.units.add(unit)
    assert contact in people_for(effort)
    assert not {elsewhere, other_head} & set(people_for(effort))


@pytest.mark.parametrize(
    "fields", [{}, {"what": "Ask"}, {"what": "x" * 201}, {"what": "Ask", "who": "999999"}]
)
def test_tasks_that_say_not_what_or_who_are_refused(client, responsible, effort, fields):
    client.force_login(responsible)
    response = client.post(f"/log/efforts/{effort.uuid}/tasks/", fields)
    assert response.status_code == 422
    assert "field-error" in words(response)
    assert not effort.tasks.exists()


def test_task_is_done_in_one_tap_and_opened_again(client, attached, effort):
    task = effort.tasks.create(what="Ask at the kiosk", who=attached)
    client.force_login(attached)
    assert "Ask at the kiosk" in words(client.get("/log/"))
    response = client.post(f"/log/efforts/tasks/{task.uuid}/done/", {"back": "start"}, follow=True)
    assert "Ask at the kiosk" not in words(response)
    task.refresh_from_db()
    assert task.done_by == attached
    client.post(f"/log/efforts/tasks/{task.uuid}/done/", {"reopen": "1"})
    task.refresh_from_db()
    assert task.done_at is None


def test_tasks_of_others_are_not_done_for_them(client, sector, attached, effort):
    task = effort.tasks.create(what="Ask", who=officer_of(sector, attached=True))
    client.force_login(attached)
    assert client.post(f"/log/efforts/tasks/{task.uuid}/done/").status_code == 404
    assert client.post(f"/log/efforts/tasks/{uuid.uuid4()}/done/").status_code == 404


def test_task_changed_meanwhile_is_told(client, responsible, attached, effort):
    task = effort.tasks.create(what="Ask", who=attached)
    client.force_login(responsible)
    address = f"/log/efforts/tasks/{task.uuid}/"
    seen = seen_of(client, address)
    EffortTask.objects.filter(pk=task.pk).update(what="Ask at the school")
    response = client.post(address, {"what": "Ask at home", "who": attached.pk, "seen": seen})
    assert response.status_code == 409
    assert "Ask at the school" in words(response)
    assert "Ask at home" in words(response)


def test_task_is_taken_out_of_the_plan(client, responsible, effort):
    task = effort.tasks.create(what="Ask")
    client.force_login(responsible)
    assert client.post(f"/log/efforts/tasks/{task.uuid}/", {"remove": "1"}).status_code == 302
    assert not effort.tasks.exists()


# The end


def test_effort_is_closed_with_an_evaluation_alone(client, responsible, effort):
    client.force_login(responsible)
    address = f"/log/efforts/{effort.uuid}/close/"
    assert client.post(address, {"evaluation": " "}).status_code == 422
    page = words(client.post(address, {"evaluation": "A third fewer."}, follow=True))
    assert "A third fewer." in page
    assert "Written by Rita Responsible." in page
    effort.refresh_from_db()
    assert effort.closed_by == responsible


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("close/", {"evaluation": "My words."}),
        ("change/", {"title": "My words."}),
        ("tasks/", {"what": "My words."}),
    ],
)
def test_what_comes_after_the_end_is_told_so_and_kept(client, responsible, effort, act, fields):
    Effort.objects.filter(pk=effort.pk).update(closed_at=timezone.now(), evaluation="Good.")
    client.force_login(responsible)
    response = client.post(f"/log/efforts/{effort.uuid}/{act}", fields)
    assert response.status_code == 409
    assert "Somebody else closed this effort meanwhile." in words(response)
    assert "My words." in words(response)
    effort.refresh_from_db()
    assert effort.evaluation == "Good."


def test_task_of_a_closed_effort_stays_as_it_is(client, attached, effort):
    task = effort.tasks.create(what="Ask", who=attached)
    Effort.objects.filter(pk=effort.pk).update(closed_at=timezone.now(), evaluation="Good.")
    client.force_login(attached)
    page = words(client.post(f"/log/efforts/tasks/{task.uuid}/done/", follow=True))
    assert "its plan stays as it is" in page
    task.refresh_from_db()
    assert task.done_at is None


def test_start_page_asks_for_the_evaluation_of_what_is_over(client, responsible, attached, effort):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Effort.objects.filter(pk=effort.pk).update(ends_on=yesterday)
    client.force_login(responsible)
    assert "Dark months is over. Write what came of it." in words(client.get("/log/"))
    client.force_login(attached)
    assert "Dark months is over." not in words(client.get("/log/"))


def test_task_elsewhere_stands_on_the_start_page_of_who_has_no_sector(client, effort, contact):
    effort.tasks.create(what="Bring the trailer", who=contact)
    client.force_login(contact)
    assert "Bring the trailer" in words(client.get("/log/"))
