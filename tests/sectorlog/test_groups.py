import pytest
from django.utils import timezone

from sectorlog.models import GroupInSector, GroupStatus, TargetGroup
from tests.factories import (
    AssignmentFactory,
    GroupInSectorFactory,
    LogEntryFactory,
    SectorFactory,
    UserFactory,
    days_ago,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

FIELDS = {"description": "Meet at the kiosk.", "need": 3, "interval_days": 14}


@pytest.fixture
def sector():
    return SectorFactory(name="Tingbjerg", slug="tingbjerg")


@pytest.fixture
def responsible(sector):
    return AssignmentFactory(sector=sector, officer__user=UserFactory(name="Rita")).officer.user


@pytest.fixture
def attached(sector):
    return AssignmentFactory(attached=True, sector=sector, officer__user=UserFactory(name="Ole")).officer.user


@pytest.fixture
def young():
    return TargetGroup.objects.get(slug="young")


@pytest.fixture
def agreed(sector, young):
    return GroupInSectorFactory(sector=sector, group=young, interval_days=30, description="At the club.")


def address(act: str = "") -> str:
    return f"/log/sectors/tingbjerg/groups/young/{act}"


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_list_says_how_each_group_stands_the_most_neglected_first(client, sector, responsible, agreed, young):
    entry = LogEntryFactory(sector=sector, groups=[young], happened_at=days_ago(31))
    GroupStatus.objects.create(in_sector=agreed, note="Quiet since spring.", author=responsible)
    client.force_login(responsible)
    page = words(client.get("/log/sectors/tingbjerg/groups/"))
    assert page.index("Children and young adults") < page.index("Tradespeople")
    assert "1 day overdue" in page
    assert "Agreed: every 30 days. Need: medium." in page
    assert "Quiet since spring." in page
    day = timezone.localtime(entry.happened_at)
    assert f"Last contact {day.day} {day:%B %Y}" in page


def test_list_needs_the_same_queries_for_many_statuses(
    client, sector, responsible, agreed, django_assert_max_num_queries
):
    for number in range(20):
        GroupStatus.objects.create(in_sector=agreed, note=f"Status {number}", author=responsible)
    client.force_login(responsible)
    with django_assert_max_num_queries(16):
        page = words(client.get("/log/sectors/tingbjerg/groups/"))
    assert "Status 19" in page
    assert "Status 18" not in page


def test_attached_officer_adds_a_status(client, attached, agreed):
    client.force_login(attached)
    response = client.post(address("status/"), {"note": "Two new faces."}, follow=True)
    assert "Two new faces." in words(response)
    assert GroupStatus.objects.get().author == attached


def test_the_same_status_sent_twice_is_one(client, attached, agreed):
    client.force_login(attached)
    for _time in range(2):
        assert client.post(address("status/"), {"note": "Two new faces."}).status_code == 302
    assert GroupStatus.objects.count() == 1


@pytest.mark.parametrize("note", ["", "   ", "x" * 4001])
def test_status_without_words_or_far_too_long_is_refused_with_what_was_typed(client, attached, agreed, note):
    client.force_login(attached)
    response = client.post(address("status/"), {"note": note})
    assert response.status_code == 422
    assert note.strip() in response.content.decode()
    assert not GroupStatus.objects.exists()


def test_status_that_looks_like_source_handling_asks_first(client, attached, agreed):
    client.force_login(attached)
    text = {"note": "Told by 010190-1239 himself."}
    response = client.post(address("status/"), text)
    assert response.status_code == 422
    assert not GroupStatus.objects.exists()
    assert client.post(address("status/"), {**text, "source_answer": "keep"}).status_code == 302
    assert GroupStatus.objects.get().note == text["note"]


def test_heads_read_and_add_no_status(client, sector, agreed):
    client.force_login(head_of(sector.station))
    assert client.get(address()).status_code == 200
    assert client.post(address("status/"), {"note": "From the desk."}).status_code == 404
    assert not GroupStatus.objects.exists()


def test_status_of_a_group_without_agreement_leads_back(client, attached, sector):
    client.force_login(attached)
    assert client.post(address("status/"), {"note": "Too early."}).status_code == 302
    assert not GroupStatus.objects.exists()
    assert "responsible officer agrees on need and interval first" in words(client.get(address()))


def seen_by(client) -> str:
    return client.get(address("agree/")).context["form"]["seen"].value()


@pytest.mark.parametrize("who", ["responsible", "station", "district"])
def test_responsible_officer_and_heads_agree(client, sector, responsible, who):
    people = {
        "responsible": responsible,
        "station": head_of(sector.station),
        "district": head_of_district(sector.district),
    }
    client.force_login(people[who])
    assert client.post(address("agree/"), {**FIELDS, "seen": seen_by(client)}).status_code == 302
    agreed = GroupInSector.objects.get(sector=sector)
    assert (agreed.description, agreed.need, agreed.interval_days) == ("Meet at the kiosk.", 3, 14)


def test_attached_officer_does_not_agree(client, attached, agreed):
    client.force_login(attached)
    assert client.get(address("agree/")).status_code == 404
    assert client.post(address("agree/"), FIELDS).status_code == 404


@pytest.mark.parametrize("days", ["0", "366", "often", ""])
def test_interval_outside_a_year_is_refused(client, responsible, agreed, days):
    client.force_login(responsible)
    response = client.post(address("agree/"), {**FIELDS, "interval_days": days, "seen": seen_by(client)})
    assert response.status_code == 422
    assert "Meet at the kiosk." in words(response)
    agreed.refresh_from_db()
    assert agreed.interval_days == 30


def test_change_meanwhile_is_told_and_what_was_typed_kept(client, responsible, agreed, sector):
    client.force_login(responsible)
    seen = seen_by(client)
    GroupInSector.objects.filter(pk=agreed.pk).update(description="Now at the library.")
    response = client.post(address("agree/"), {**FIELDS, "seen": seen})
    page = words(response)
    assert response.status_code == 409
    assert "Now at the library." in page
    assert "Meet at the kiosk." in page
    agreed.refresh_from_db()
    assert agreed.description == "Now at the library."
    again = response.context["form"]["seen"].value()
    assert client.post(address("agree/"), {**FIELDS, "seen": again}).status_code == 302
    agreed.refresh_from_db()
    assert agreed.description == "Meet at the kiosk."


def test_first_agreement_of_two_at_once_is_told_as_well(client, responsible, sector, young):
    client.force_login(responsible)
    seen = seen_by(client)
    GroupInSectorFactory(sector=sector, group=young, description="Written first.")
    response = client.post(address("agree/"), {**FIELDS, "seen": seen})
    assert response.status_code == 409
    assert "Written first." in words(response)


def test_the_same_agreement_sent_twice_is_no_conflict(client, responsible, sector):
    client.force_login(responsible)
    seen = seen_by(client)
    for _time in range(2):
        assert client.post(address("agree/"), {**FIELDS, "seen": seen}).status_code == 302
    assert GroupInSector.objects.get().interval_days == 14


def test_hostile_words_are_shown_as_words(client, responsible, agreed):
    client.force_login(responsible)
    client.post(address("status/"), {"note": "<script>alert(1)</script> 🙂 שלום"})
    page = client.get(address()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🙂 שלום" in page


def test_a_character_that_no_text_has_is_refused(client, responsible, agreed):
    client.force_login(responsible)
    assert client.post(address("status/"), {"note": "nul \x00 here"}).status_code == 422


# The catalogue


@pytest.fixture
def head(sector):
    return head_of(sector.station)


def test_heads_add_a_group_for_their_station(client, sector, head):
    client.force_login(head)
    page = words(client.post("/log/groups/", {"name": "Night-time visitors"}, follow=True))
    assert "Night-time visitors" in page
    group = TargetGroup.objects.get(name="Night-time visitors")
    assert (group.station, group.slug) == (sector.station, "night-time-visitors")
    assert "Night-time visitors" in words(client.get("/log/sectors/tingbjerg/groups/"))


def test_head_of_a_district_adds_one_as_well(client, sector):
    client.force_login(head_of_district(sector.district))
    assert client.post("/log/groups/", {"name": "Visitors"}).status_code == 302
    assert TargetGroup.objects.get(name="Visitors").station == sector.station


@pytest.mark.parametrize("name", ["", "tradespeople", "x" * 101])
def test_names_that_are_known_or_none_are_refused(client, head, name):
    client.force_login(head)
    assert client.post("/log/groups/", {"name": name}).status_code == 422
    assert not TargetGroup.objects.exclude(station=None).exists()


def test_a_name_without_letters_gets_an_address(client, head):
    client.force_login(head)
    for name in ("🙂", "🙃"):
        client.post("/log/groups/", {"name": name})
    assert set(TargetGroup.objects.exclude(station=None).values_list("slug", flat=True)) == {
        "group",
        "group-2",
    }


def test_own_group_is_renamed_and_the_handbooks_stay(client, head, sector):
    group = TargetGroup.objects.create(station=sector.station, name="Visitors", slug="visitors")
    client.force_login(head)
    seen = client.get("/log/groups/visitors/").context["form"]["seen"].value()
    assert client.post("/log/groups/visitors/", {"name": "Guests", "seen": seen}).status_code == 302
    group.refresh_from_db()
    assert group.name == "Guests"
    assert client.post("/log/groups/visitors/", {"name": "Tourists", "seen": seen}).status_code == 409
    for act in ("", "retire/"):
        assert client.post(f"/log/groups/young/{act}", {"name": "Youth"}).status_code == 404


def test_retired_group_is_offered_no_more_until_it_is_brought_back(client, head, sector):
    group = TargetGroup.objects.create(station=sector.station, name="Visitors", slug="visitors")
    GroupInSectorFactory(sector=sector, group=group)
    client.force_login(head)
    assert "since" in words(client.post("/log/groups/visitors/retire/", follow=True))
    assert "Visitors" not in words(client.get("/log/sectors/tingbjerg/groups/"))
    assert "This group is retired." in words(client.get("/log/sectors/tingbjerg/groups/visitors/"))
    assert client.post("/log/groups/", {"name": "visitors"}).status_code == 422
    client.post("/log/groups/visitors/retire/", {"back": "1"})
    assert "Visitors" in words(client.get("/log/sectors/tingbjerg/groups/"))
