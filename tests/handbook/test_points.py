"""Links from the log's pages to the points of the handbook."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from handbook import beginning
from handbook.chapters.publishing import publish
from handbook.templatetags.handbook import POINTS
from officers.models import User
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    LeadershipFactory,
    OfficerFactory,
    RevisionFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def officer(sector):
    """Return the account of an officer of the sector, whose station's handbook has begun."""
    beginning.begin(sector.station, by=UserFactory())
    officer = OfficerFactory(station=sector.station, user=UserFactory())
    AssignmentFactory(officer=officer, sector=sector)
    return officer.user


def drawn(user, *anchors):
    """Return what the tag puts into a page with these links."""
    request = RequestFactory().get("/log/")
    request.user = user
    links = "".join(f'{{% handbook_point "{anchor}" %}}' for anchor in anchors)
    html = Template("{% load handbook %}" + links).render(Context({"request": request}))
    return " ".join(re.sub(r"<[^>]+>", "", html).split()), html


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_point_is_named_by_chapter_and_number_and_led_to(officer):
    words, html = drawn(officer, "sector-log")
    assert words == "Handbook: How to perform the task, 10"
    assert f'href="{reverse("handbook:passage_at", args=["sector-log"])}"' in html


def test_a_heading_is_named_by_its_words(officer):
    words, _html = drawn(officer, "pragmatic-and-offensive")
    assert words == "Handbook: The method, Pragmatic and offensive means"


def test_the_number_is_that_of_the_text_in_force(officer, sector):
    chapter = sector.station.chapters.get(slug="how-to-perform-the-task")
    text = "1. New first. {#new-first}\n2. And this. {#new-second}\n3. The log. {#sector-log}"
    publish(RevisionFactory(chapter=chapter, title_en="Doing it", body_en=text))
    assert drawn(fresh(officer), "sector-log")[0] == "Handbook: Doing it, 3"


def test_nothing_stands_where_the_handbook_has_no_such_point(officer, sector):
    chapter = sector.station.chapters.get(slug="how-to-perform-the-task")
    publish(RevisionFactory(chapter=chapter, title_en="Doing it", body_en="Nothing."))
    assert drawn(fresh(officer), "sector-log")[0] == ""


def test_nothing_stands_for_chapters_that_were_left_out(officer, sector):
    sector.station.chapters.filter(slug="the-task").update(left_out_at=timezone.now())
    assert drawn(officer, "targeted-efforts")[0] == ""


def test_who_reads_no_handbook_gets_no_link(officer):
    administrator = StaffRoleFactory(role="administrator", station=None).user
    stranger = UserFactory()
    other = LeadershipFactory(station=SectorFactory().station).user
    for user in (administrator, stranger, other, AnonymousUser()):
        words, html = drawn(user, "sector-log")
        assert words == ""
        assert "<a" not in html


def test_paper_and_mails_have_no_link():
    assert Template('{% load handbook %}{% handbook_point "sector-log" %}').render(Context({})).strip() == ""


def test_of_several_handbooks_it_is_that_of_one_s_own_sectors(officer, sector):
    """As the address leads: that of the sectors first, whatever the stations are called."""
    elsewhere = SectorFactory(station__name="AAA station").station
    StaffRoleFactory(user=officer, role="analyst", station=elsewhere)
    ChapterFactory(
        station=elsewhere, slug="abroad", body="7. Abroad. {#sector-log}\n8. Only here. {#analysis}"
    )
    assert drawn(fresh(officer), "sector-log")[0] == "Handbook: How to perform the task, 10"


def test_danish_pages_name_it_in_danish(officer):
    with override("da"):
        words, html = drawn(officer, "sector-log")
    assert words.endswith(": Sådan løses opgaven, 10")
    assert 'href="/da/handbook/at/sector-log/"' in html


def test_a_chapter_in_one_language_says_so_to_who_listens(officer, sector):
    chapter = sector.station.chapters.get(slug="how-to-perform-the-task")
    publish(
        RevisionFactory(
            chapter=chapter, title_en="Doing it", body_en="1. Log. {#sector-log}", title_da="", body_da=""
        )
    )
    with override("da"):
        _words, html = drawn(fresh(officer), "sector-log")
    assert 'lang="en">Doing it' in html


def test_a_title_cannot_bring_html(officer, sector):
    chapter = sector.station.chapters.get(slug="how-to-perform-the-task")
    publish(RevisionFactory(chapter=chapter, title_en="<script>x</script>", body_en="1. Log. {#sector-log}"))
    assert "<script>" not in drawn(fresh(officer), "sector-log")[1]


@pytest.mark.parametrize("anchors", [("sector-log",), POINTS])
def test_a_page_asks_once_however_many_links_it_has(officer, anchors):
    user = fresh(officer)
    assert user.standing  # every page of the log has asked for it
    with CaptureQueriesContext(connection) as asked:
        drawn(user, *anchors)
    assert len(asked) == 1


def test_an_anchor_that_no_page_is_known_to_have_is_an_error(officer):
    with pytest.raises(ValueError, match="elsewhere"):
        drawn(officer, "elsewhere")


def _linked():
    """Return the anchors that the site's templates link to."""
    templates = Path(settings.BASE_DIR) / "templates"
    found = (
        re.findall(r'{% handbook_point "([a-z-]+)" %}', path.read_text())
        for path in templates.rglob("*.html")
    )
    return {anchor for anchors in found for anchor in anchors}


def test_every_link_of_the_site_leads_somewhere_in_the_first_handbook(officer, sector):
    linked = _linked()
    assert len(linked) >= 9
    assert linked <= set(POINTS)
    for anchor in POINTS:
        assert drawn(officer, anchor)[0].startswith("Handbook: "), anchor


@pytest.mark.parametrize(
    ("form", "anchor"),
    [
        ("visit", "visits"),
        ("meeting", "networks"),
        ("street-dialogue", "dialogue"),
        ("joint-effort", "targeted-efforts"),
        ("major-event", "major-events"),
    ],
)
def test_each_form_of_an_entry_leads_to_its_own_point(client, officer, sector, form, anchor):
    client.force_login(officer)
    page = client.get(reverse("sectorlog:entry_create"), {"sector": sector.slug, "form": form})
    html = page.content.decode()
    _before, *questions = html.split('class="entry-own"')
    chosen = [part for part in questions if "hidden" not in part.split(">", 1)[0]]
    assert len(chosen) == 1
    assert f"/handbook/at/{anchor}/" in chosen[0]
    # After the button, so that it stands in nobody's way.
    assert html.index("/handbook/at/sector-log/") > html.index("data-entry-save")


PAGES = [
    ("matrix", [], "target-groups"),
    ("group_list", ["sector"], "target-groups"),
    ("visit_rounds", [], "visits"),
    ("visit_round", ["sector"], "visits"),
    ("patrol_share", ["sector"], "patrol-form"),
    ("mirror", ["sector"], "pragmatic-and-offensive"),
    ("source_referral", [], "source-handling"),
    ("effort_list", [], "targeted-efforts"),
    ("handover_list", ["sector"], "sector-log"),
    ("briefing_list", [], "joint-work"),
    ("challenge_list", ["sector"], "proactive-efforts"),
    ("challenge_create", ["sector"], "proactive-efforts"),
]


@pytest.mark.parametrize(("name", "named", "anchor"), PAGES, ids=[page[0] for page in PAGES])
def test_pages_of_the_log_lead_to_their_point_after_their_own_acts(
    client, officer, sector, name, named, anchor
):
    client.force_login(officer)
    values = SimpleNamespace(sector=sector.slug)
    html = client.get(
        reverse(f"sectorlog:{name}", args=[getattr(values, one) for one in named])
    ).content.decode()
    where = html.index(f"/handbook/at/{anchor}/")
    assert html.count(f"/handbook/at/{anchor}/") == 1
    main = html.find("button-main", html.index("<h1"))
    assert main < where


def test_the_log_s_forms_lead_to_what_the_handbook_says_of_the_log(client, officer, sector):
    head = LeadershipFactory(station=sector.station, district=sector.district).user
    client.force_login(head)
    assert "/handbook/at/sector-log/" in client.get(reverse("sectorlog:form_list")).content.decode()
