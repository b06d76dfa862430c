"""A week of a sector officer with a telephone: the network comes and goes, sessions end, and nothing is lost.

What was written is looked for in the database: once, as it was typed.
"""

import base64
import datetime
import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from officers.models import Assignment
from sectorlog.models import LogEntry, Patrol
from tests.factories import (
    AssignmentFactory,
    FormTemplateFactory,
    FormVersionFactory,
    OfficerFactory,
    PartyFactory,
    TargetGroupFactory,
    UserFactory,
)

# The smallest picture.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_map")]

NEW = "/log/entries/new/"
PASSWORD = "correct horse battery"
KEPT = "Kept on this phone. It is sent when the network is back."
# What a browser complains of when there is no network, or no server.
NO_NETWORK = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_FAILED")


@pytest.fixture
def officer(site):
    """The officer of one sector with two forms, a party and a group."""
    officer = OfficerFactory(user=UserFactory(), name="Nanna Nielsen")
    assignment = AssignmentFactory(
        officer=officer, sector__district__station=officer.station, sector__name="Brønshøj"
    )
    form_in(officer.station, "visit", "Visit", position=1, fields=[question("topic", "What about")])
    form_in(officer.station, "observation", "Observation", position=2)
    PartyFactory(sector=assignment.sector, name="Bageriet")
    TargetGroupFactory(station=officer.station, name="Shopkeepers")
    return officer


def question(key: str, label: str) -> dict[str, object]:
    return {"key": key, "kind": "text", "label": {"en": label}, "help": {}, "required": False, "choices": []}


def form_in(station, slug: str, name: str, *, position: int, fields=()):
    template = FormTemplateFactory(station=station, slug=slug, position=position)
    return FormVersionFactory(template=template, name={"en": name}, fields=list(fields))


@pytest.fixture
def phone(phone_page, officer):
    """The officer's telephone: logged in, and the page of a new entry kept for when there is no network."""
    log_in(phone_page, officer.user)
    phone_page.goto(NEW)
    keep_page(phone_page)
    return phone_page


def log_in(page: Page, user, *, prefix: str = "") -> None:
    if "/account/login/" not in page.url:
        page.goto(f"{prefix}/account/login/?next={prefix}{NEW}")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").first.click()
    page.wait_for_url(lambda url: "/account/" not in url)


def keep_page(page: Page) -> None:
    """Wait until the service worker has kept the page of a new entry, with every file that it needs."""
    kept = """async () => {
        const pages = (await caches.keys()).filter((name) => name.startsWith("log-page-"));
        for (const cacheName of pages)
            if (await caches.match(location.pathname, {ignoreVary: true, cacheName})) return true;
        return false;
    }"""
    wait_until(lambda: page.evaluate(kept), page)


def wait_until(is_so: Callable[[], bool], page: Page, seconds: float = 10) -> None:
    """Wait for what only a promise can say; a page's own way of waiting takes a promise for a yes."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "this did not come"
        page.wait_for_timeout(50)


def write(page: Page, text: str, *, form: str = "Observation") -> None:
    page.locator(".chip", has_text=form).first.click()
    page.locator("[data-entry-text]").fill(text)


def save(page: Page) -> None:
    page.locator("[data-entry-save]").click()


def arrive(page: Page) -> None:
    """Wait for the page of the saved entry."""
    page.wait_for_url(re.compile(r"/log/entries/[0-9a-f-]{36}/"))


def wait_until_kept(page: Page, text: str) -> None:
    """Wait until the draft of the text lies in the browser's storage."""
    wait_until(lambda: text in kept_in(page, "drafts"), page)


def kept_in(page: Page, store: str) -> str:
    """Return everything that the browser keeps in the store, as one text."""
    return page.evaluate(
        """async (store) => {
            const opened = indexedDB.open("sector-log");
            const database = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
            const asked = database.transaction(store).objectStore(store).getAll();
            const rows = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
            database.close();
            return JSON.stringify(rows);
        }""",
        store,
    )


def texts() -> list[str]:
    return list(LogEntry.objects.order_by("happened_at", "pk").values_list("text", flat=True))


def waiting(page: Page):
    return page.locator("[data-waiting-box]")


@pytest.fixture
def no_network(complaints):
    """Take no offence at what the browser says of a missing network."""
    for sentence in NO_NETWORK:
        complaints.expect(sentence)


def test_monday_an_entry_is_written_in_the_street(phone, officer, check_axe):
    check_axe(phone)
    write(phone, "Talked with the baker.", form="Visit")
    phone.get_by_label("What about").fill("Noise at night")
    phone.locator(".chip", has_text="Bageriet").click()
    check_axe(phone)
    save(phone)
    arrive(phone)
    entry = LogEntry.objects.get()
    assert (entry.text, entry.author, entry.values) == (
        "Talked with the baker.",
        officer.user,
        {"topic": "Noise at night"},
    )
    assert [party.name for party in entry.parties.all()] == ["Bageriet"]


def test_tuesday_without_a_network(phone, no_network, check_axe):
    phone.context.set_offline(True)
    for text in ("First without a network.", "Second without a network."):
        phone.goto(NEW)
        write(phone, text)
        save(phone)
        expect(phone.get_by_text(KEPT)).to_be_visible()
        check_axe(phone)
    expect(waiting(phone)).to_contain_text("2 entries wait on this phone.")
    assert texts() == []
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("2 waiting entries were sent.")
    assert texts() == ["First without a network.", "Second without a network."]


def test_the_danish_page_is_kept_as_well(phone_page, officer, no_network):
    log_in(phone_page, officer.user, prefix="/da")
    phone_page.goto(f"/da{NEW}")
    keep_page(phone_page)
    phone_page.context.set_offline(True)
    phone_page.goto(f"/da{NEW}")
    write(phone_page, "Snakkede med bageren.")
    save(phone_page)
    expect(phone_page.locator("[data-kept-panel]")).to_be_visible()
    phone_page.context.set_offline(False)
    wait_until(lambda: texts() == ["Snakkede med bageren."], phone_page)


def test_a_dead_server_is_no_loss(phone, no_network, complaints):
    complaints.expect("503")
    for answer in (lambda route: route.abort("connectionrefused"), lambda route: route.fulfill(status=503)):
        phone.goto(NEW)
        phone.context.route("**/log/entries/**", answer)
        write(phone, f"Written to a dead server {LogEntry.objects.count()}.")
        save(phone)
        expect(phone.get_by_text(KEPT)).to_be_visible()
        phone.context.unroute("**/log/entries/**")
        phone.goto("/log/")
        expect(waiting(phone)).to_contain_text("1 waiting entry was sent.")
    assert texts() == ["Written to a dead server 0.", "Written to a dead server 1."]


def test_an_answer_that_is_lost_on_the_way_leaves_one_entry(phone, no_network):
    def lose_answer(route):
        route.fetch()
        route.abort("connectionreset")

    phone.context.route(f"**{NEW}", lose_answer)
    write(phone, "Arrived, but nobody said so.")
    save(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    assert texts() == ["Arrived, but nobody said so."]
    phone.context.unroute(f"**{NEW}")
    phone.goto("/log/")
    expect(waiting(phone)).to_contain_text("1 waiting entry was sent.")
    assert texts() == ["Arrived, but nobody said so."]
    assert kept_in(phone, "queue") == "[]"


def test_two_quick_taps_on_save_make_one_entry(phone):
    write(phone, "Tapped twice.")
    phone.locator("[data-entry-save]").dblclick()
    arrive(phone)
    assert texts() == ["Tapped twice."]


def test_a_reload_and_a_closed_tab_lose_nothing(phone, check_axe):
    write(phone, "Half a sentence", form="Visit")
    phone.get_by_label("What about").fill("Bicycles")
    phone.locator(".chip", has_text="Bageriet").click()
    wait_until_kept(phone, "Bicycles")
    phone.reload()
    expect(phone.locator("[data-entry-text]")).to_have_value("Half a sentence")
    expect(phone.get_by_text("Your unfinished entry is back.")).to_be_visible()
    expect(phone.get_by_label("What about")).to_have_value("Bicycles")
    context = phone.context
    phone.close()
    tab = context.new_page()
    tab.goto(NEW)
    expect(tab.get_by_text("You have an unfinished entry from")).to_be_visible()
    expect(tab.locator("[data-entry-text]")).to_have_value("")
    check_axe(tab)
    tab.get_by_role("button", name="Continue").click()
    expect(tab.locator("[data-entry-text]")).to_have_value("Half a sentence")
    save(tab)
    arrive(tab)
    entry = LogEntry.objects.get()
    assert (entry.text, entry.values) == ("Half a sentence", {"topic": "Bicycles"})
    assert [party.name for party in entry.parties.all()] == ["Bageriet"]
    tab.goto(NEW)
    expect(tab.locator("[data-unfinished]")).to_be_hidden()
    expect(tab.locator("[data-entry-text]")).to_have_value("")


def test_an_officer_of_two_sectors_writes_in_the_second_one_without_a_network(phone, officer, no_network):
    second = AssignmentFactory(
        officer=officer, sector__district__station=officer.station, sector__name="Husum", attached=True
    ).sector
    PartyFactory(sector=second, name="Boghandlen")
    phone.evaluate(
        "async (names) => { for (const name of names) await caches.delete(name); }", kept_pages(phone)
    )
    phone.goto("/log/")
    pages = """async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith("log-page-"));
        const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return kept.flat().map(({url}) => url);
    }"""
    wait_until(lambda: any(f"sector={second.slug}" in url for url in phone.evaluate(pages)), phone)
    phone.context.set_offline(True)
    phone.goto(NEW)
    phone.locator(".chip", has_text="Husum").click()
    phone.locator(".chip", has_text="Boghandlen").click()
    write(phone, "In the bookshop", form="Observation")
    wait_until_kept(phone, "In the bookshop")
    phone.reload()
    expect(phone.locator("[data-entry-text]")).to_have_value("In the bookshop")
    save(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("1 waiting entry was sent.")
    entry = LogEntry.objects.get()
    assert (entry.sector, [party.name for party in entry.parties.all()]) == (second, ["Boghandlen"])


def test_the_last_keystroke_before_a_reload_is_kept(phone):
    write(phone, "Typed and gone at once", form="Visit")
    # In one breath: nothing has had time to be kept.
    phone.evaluate(
        """() => {
            const text = document.querySelector("[data-entry-text]");
            text.value += " – with the last word";
            text.dispatchEvent(new Event("input", { bubbles: true }));
            location.reload();
        }"""
    )
    expect(phone.get_by_text("Your unfinished entry is back.")).to_be_visible()
    expect(phone.locator("[data-entry-text]")).to_have_value("Typed and gone at once – with the last word")


def test_two_tabs_write_two_entries(phone):
    other = phone.context.new_page()
    other.goto(NEW)
    write(phone, "In the first tab.")
    write(other, "In the second tab.")
    wait_until_kept(phone, "In the second tab.")
    for tab in (phone, other):
        tab.reload()
    expect(phone.locator("[data-entry-text]")).to_have_value("In the first tab.")
    expect(other.locator("[data-entry-text]")).to_have_value("In the second tab.")
    for tab in (other, phone):
        save(tab)
        arrive(tab)
    assert sorted(texts()) == ["In the first tab.", "In the second tab."]


def test_what_is_thrown_away_is_gone(phone):
    write(phone, "Never mind.")
    wait_until_kept(phone, "Never mind.")
    context = phone.context
    phone.close()
    tab = context.new_page()
    tab.goto(NEW)
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.get_by_role("button", name="Discard").click()
    expect(tab.locator("[data-unfinished]")).to_be_hidden()
    assert kept_in(tab, "drafts") == "[]"


def test_wednesday_the_session_ends_while_somebody_writes(phone, officer, check_axe):
    write(phone, "The session ended here.")
    Session.objects.all().delete()
    save(phone)
    expect(phone.get_by_text("You have been logged out: log in, and it is sent.")).to_be_visible()
    check_axe(phone)
    assert texts() == []
    phone.get_by_role("link", name="Log in to send 1 waiting entry").click()
    log_in(phone, officer.user)
    expect(waiting(phone)).to_contain_text("1 waiting entry was sent.")
    assert texts() == ["The session ended here."]


def test_a_reload_after_the_session_ended_brings_the_draft_back(phone, officer):
    write(phone, "Half written, then logged out.")
    wait_until_kept(phone, "Half written")
    Session.objects.all().delete()
    phone.reload()
    log_in(phone, officer.user)
    expect(phone.locator("[data-entry-text]")).to_have_value("Half written, then logged out.")
    save(phone)
    arrive(phone)
    assert texts() == ["Half written, then logged out."]


@pytest.mark.parametrize("days", [-1, 1])
def test_thursday_a_clock_that_is_wrong_by_a_day_does_not_move_the_entry(phone, no_network, days):
    phone.add_init_script(
        f"""const now = Date.now.bind(Date), Right = Date, off = {days} * 86_400_000;
        Date = class extends Right {{
            constructor(...given) {{ super(...(given.length ? given : [now() + off])); }}
            static now() {{ return now() + off; }}
        }};"""
    )
    phone.context.set_offline(True)
    phone.goto(NEW)
    write(phone, "By a wrong clock.")
    save(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    phone.wait_for_timeout(2_000)
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("1 waiting entry was sent.")
    entry = LogEntry.objects.get()
    late = entry.written_at - entry.happened_at
    assert datetime.timedelta(seconds=2) <= late < datetime.timedelta(seconds=30)


def end_rights() -> None:
    assignment = Assignment.objects.get()
    assignment.period = DateTimeTZRange(assignment.period.lower, timezone.now())
    assignment.save()


def test_friday_the_right_ends_while_an_entry_waits(phone, officer, no_network, complaints, check_axe):
    complaints.expect("422")
    phone.context.set_offline(True)
    phone.goto(NEW)
    write(phone, "Written on the last day.")
    save(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    end_rights()
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("You do not work in Brønshøj any more")
    check_axe(phone)
    assert texts() == []
    phone.goto("/log/")
    expect(waiting(phone)).to_contain_text("1 entry was not taken. It is kept on this phone:")
    phone.get_by_text("What you wrote").click()
    expect(waiting(phone)).to_contain_text("Written on the last day.")
    phone.get_by_role("button", name="Copy the text").click()
    expect(waiting(phone)).to_contain_text(re.compile("Copied|The text is marked"))
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.get_by_role("button", name="Delete").click()
    expect(waiting(phone)).not_to_contain_text("1 entry was not taken.")
    assert kept_in(phone, "queue") == "[]"


def test_a_refused_entry_is_opened_and_mended(phone, no_network, complaints):
    complaints.expect("422")
    phone.context.set_offline(True)
    phone.goto(NEW)
    write(phone, "é" * 20_001)
    save(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("20001 characters, and there is room for 20000")
    phone.get_by_role("button", name="Open and mend").click()
    expect(phone.get_by_text("Your unfinished entry is back.")).to_be_visible()
    expect(phone.locator("[data-entry-text]")).to_have_value("é" * 20_001)
    phone.locator("[data-entry-text]").fill("Shorter.")
    save(phone)
    arrive(phone)
    assert texts() == ["Shorter."]
    assert kept_in(phone, "queue") == kept_in(phone, "drafts") == "[]"


def test_what_is_refused_at_once_is_shown_beside_the_field_with_all_that_was_typed(phone, complaints):
    complaints.expect("422")
    write(phone, "🚲" * 20_001, form="Visit")
    phone.get_by_label("What about").fill("Still there")
    save(phone)
    expect(phone.locator("[data-form-errors]")).to_contain_text("there is room for 20000")
    expect(phone.get_by_label("What about")).to_have_value("Still there")
    phone.locator("[data-entry-text]").fill("Shorter.")
    save(phone)
    arrive(phone)
    assert LogEntry.objects.get().values == {"topic": "Still there"}


@pytest.mark.parametrize("is_reloaded", [False, True])
def test_a_form_that_is_withdrawn_while_somebody_writes_is_kept(phone, officer, is_reloaded):
    write(phone, "With the old form.", form="Visit")
    phone.get_by_label("What about").fill("Noise")
    wait_until_kept(phone, "Noise")
    officer.station.form_templates.filter(slug="visit").update(retired_at=timezone.now())
    if is_reloaded:
        phone.reload()
        expect(phone.locator("[data-left]")).to_contain_text("Noise")
    save(phone)
    arrive(phone)
    entry = LogEntry.objects.get()
    assert (entry.text, entry.form_version.template.slug) == ("With the old form.", "visit")
    assert entry.values == {"topic": "Noise"}


def test_the_entries_of_a_colleague_on_the_same_phone_are_neither_sent_nor_shown(phone, officer, no_network):
    colleague = OfficerFactory(station=officer.station, user=UserFactory(), name="Carl Colleague")
    AssignmentFactory(officer=colleague, sector=Assignment.objects.get().sector, attached=True)
    phone.context.set_offline(True)
    phone.goto(NEW)
    write(phone, "Nanna's own.")
    save(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    phone.context.set_offline(False)
    # Before it is sent the phone changes hands.
    Session.objects.all().delete()
    phone.context.clear_cookies()
    log_in(phone, colleague.user)
    phone.goto("/log/")
    phone.wait_for_timeout(500)
    expect(waiting(phone)).not_to_contain_text("wait")
    assert texts() == []
    phone.goto("/account/logout/")
    phone.locator("main form [type=submit]").click()
    phone.wait_for_url("**/account/login/")
    log_in(phone, officer.user)
    expect(waiting(phone)).to_contain_text("1 waiting entry was sent.")
    assert LogEntry.objects.get().author == officer.user


def test_the_logout_tells_of_what_has_not_been_sent_and_forgets_the_page(phone, no_network):
    phone.context.route(f"**{NEW}", lambda route: route.abort("connectionrefused"))
    write(phone, "Not sent yet.")
    save(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    phone.goto("/account/logout/")
    expect(phone.get_by_text("1 entry has not been sent.")).to_be_visible()
    wait_until(lambda: phone.evaluate("caches.keys()") == [], phone)


def kept_pages(page: Page) -> list[str]:
    return page.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('log-page')))")


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_whoever_logs_in_next_finds_no_page_of_the_one_before(phone, officer, prefix):
    (before,) = kept_pages(phone)
    colleague = OfficerFactory(station=officer.station, user=UserFactory(), name="Carl Colleague")
    AssignmentFactory(officer=colleague, sector=Assignment.objects.get().sector, attached=True)
    phone.context.clear_cookies()
    phone.goto(f"{prefix}/account/login/?next={prefix}/log/")
    wait_until(lambda: kept_pages(phone) == [], phone)
    log_in(phone, colleague.user, prefix=prefix)
    phone.goto(f"{prefix}{NEW}")
    keep_page(phone)
    (after,) = kept_pages(phone)
    assert before != after


def test_an_account_that_is_announced_clears_the_pages_of_the_one_before(phone, officer):
    colleague = OfficerFactory(station=officer.station, user=UserFactory(), name="Carl Colleague")
    AssignmentFactory(officer=colleague, sector=Assignment.objects.get().sector, attached=True)
    (before,) = kept_pages(phone)
    other = Client()
    other.force_login(colleague.user)
    value = other.cookies[settings.SESSION_COOKIE_NAME].value
    (cookie,) = (one for one in phone.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    phone.context.add_cookies([{**cookie, "value": value}])
    phone.goto("/da/log/")
    wait_until(lambda: before not in kept_pages(phone), phone)


def test_a_page_of_yesterday_is_not_served(phone, no_network):
    phone.evaluate(
        """async (path) => {
            const [name] = (await caches.keys()).filter((name) => name.startsWith("log-page-"));
            const shelf = await caches.open(name);
            const kept = await shelf.match(path, {ignoreVary: true});
            const headers = new Headers(kept.headers);
            headers.set("date", new Date(Date.now() - 13 * 3600 * 1000).toUTCString());
            await shelf.put(path, new Response(await kept.text(), {headers}));
        }""",
        NEW,
    )
    phone.context.set_offline(True)
    with pytest.raises(PlaywrightError):
        phone.goto(NEW)


def test_an_entry_that_cannot_be_sent_holds_up_none(phone, no_network, complaints):
    complaints.expect("503")
    phone.context.set_offline(True)
    for text in ("Fails again and again.", "Written after it."):
        phone.goto(NEW)
        write(phone, text)
        save(phone)
        expect(phone.get_by_text(KEPT)).to_be_visible()

    def fail_one(route):
        is_first = b"Fails again" in (route.request.post_data_buffer or b"")
        return route.fulfill(status=503) if is_first else route.fallback()

    phone.context.route(f"**{NEW}", fail_one)
    phone.context.set_offline(False)
    wait_until(lambda: texts() == ["Written after it."], phone)
    expect(waiting(phone)).to_contain_text("1 entry waits on this phone.")


def test_where_the_store_gives_out_half_way_the_form_works_and_says_so(phone_page, officer):
    phone_page.add_init_script(
        """const get = IDBObjectStore.prototype.get;
        sessionStorage["sector-log-draft"] = "2d4f4f9e-6a52-4b21-9be5-1d1a1c5b3f10";
        IDBObjectStore.prototype.get = function (key) { throw new DOMException("no", "UnknownError"); };"""
    )
    log_in(phone_page, officer.user)
    phone_page.goto(NEW)
    expect(phone_page.get_by_text("This browser keeps no drafts.")).to_be_visible()
    write(phone_page, "Written all the same.")
    save(phone_page)
    arrive(phone_page)
    assert texts() == ["Written all the same."]


def test_a_broken_last_moment_takes_no_draft_along(phone):
    phone.evaluate("localStorage.setItem('sector-log-last-broken', '{')")
    phone.reload()
    write(phone, "Kept beside a broken one.")
    wait_until_kept(phone, "Kept beside a broken one.")
    save(phone)
    arrive(phone)


def test_a_picture_taken_without_a_network_is_sent_with_its_entry(phone, no_network):
    phone.context.set_offline(True)
    phone.goto(NEW)
    write(phone, "With a picture.")
    phone.locator("[data-entry-more] > summary").click()
    picture = {"name": "door.png", "mimeType": "image/png", "buffer": PICTURE}
    phone.locator("[name=files]").set_input_files(picture)
    phone.wait_for_timeout(600)
    phone.reload()
    wait_until(lambda: phone.evaluate("document.querySelector('[name=files]').files.length") == 1, phone)
    save(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("1 waiting entry was sent.")
    (attachment,) = LogEntry.objects.get().attachments.all()
    assert attachment.filename.startswith("door.")


def test_where_nothing_can_be_kept_the_form_works_and_says_so(phone_page, officer):
    phone_page.add_init_script(
        "Object.defineProperty(window, 'indexedDB', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    log_in(phone_page, officer.user)
    phone_page.goto(NEW)
    expect(phone_page.get_by_text("This browser keeps no drafts.")).to_be_visible()
    write(phone_page, "Without a net below.")
    save(phone_page)
    arrive(phone_page)
    assert texts() == ["Without a net below."]


def test_what_belongs_to_source_handling_leaves_the_phone(phone):
    write(phone, "Canary 4711 told me.")
    wait_until_kept(phone, "Canary 4711")
    phone.locator("[data-source-referral]").first.click()
    phone.wait_for_url(lambda url: urlsplit(url).path != NEW)
    for store in ("drafts", "queue", "files"):
        assert kept_in(phone, store) == "[]"
    assert "Canary" not in phone.evaluate("JSON.stringify(sessionStorage)")


def test_a_patrol_begins_and_stops_with_one_tap_each(phone, check_axe, complaints):
    complaints.expect("409")
    phone.goto("/log/")
    phone.get_by_role("button", name="By bicycle").tap()
    expect(phone.get_by_role("heading", name="You are on patrol")).to_be_visible()
    check_axe(phone)
    phone.goto("/log/patrols/start/")
    phone.get_by_role("button", name="On foot").tap()
    expect(phone.get_by_role("heading", name="You are on patrol already")).to_be_visible()
    check_axe(phone)
    phone.get_by_role("button", name="Stop the patrol").tap()
    expect(phone.get_by_text("Your patrol has ended.")).to_be_visible()
    patrol = Patrol.objects.get()
    assert (patrol.form, patrol.period.upper is not None) == ("bicycle", True)
    phone.goto(f"/log/sectors/{patrol.sector.slug}/patrols/")
    phone.get_by_text("Each week", exact=True).click()
    check_axe(phone)
    phone.get_by_role("link", name="Change the end").click()
    check_axe(phone)


def test_the_quick_entry_takes_fewer_than_eight_taps_and_thirty_seconds(phone, officer):
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 55.7068, "longitude": 12.5, "accuracy": 12})
    phone.add_init_script(
        "addEventListener('pointerdown', () => localStorage.taps = Number(localStorage.taps ?? 0) + 1, true)"
    )
    phone.goto("/log/")
    began = time.monotonic()
    phone.locator(f'a[href^="{NEW}"]').first.tap()
    phone.locator(".chip", has_text="Visit").first.tap()
    phone.locator("[data-entry-text]").tap()
    phone.keyboard.type("Talked with the baker about the noise.", delay=60)
    phone.get_by_role("button", name="Use my position").tap()
    expect(phone.get_by_text("Position taken (± 12 m)")).to_be_visible()
    phone.locator(".chip", has_text="Bageriet").tap()
    phone.locator("[data-entry-save]").tap()
    arrive(phone)
    assert time.monotonic() - began < 30
    assert 0 < int(phone.evaluate("localStorage.taps")) < 8
    entry = LogEntry.objects.get()
    assert entry.place is not None
    assert entry.text == "Talked with the baker about the noise."
