"""People who leave a message: they open the form, press the button, and press it again until they are answered.

Most have a browser that does the form's work; some have no script, and look at their message once more.
"""

import hashlib
import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

# For how long a browser waits for an answer, in seconds.
PATIENCE = 30.0
# How often somebody presses before they give up; each waits a little longer than the time before.
PRESSES = 200
LONGEST_PAUSE = 3.0
# One in so many presses twice though the first was answered, looks at the receipt's page, has no script.
PRESSES_TWICE, LOOKS, WITHOUT_SCRIPT = 10, 10, 10
# Nobody writes faster, says the form; in seconds.
WRITING = 3.2


class NoAnswer(Exception):
    """The connection was refused, broke or took too long: nobody knows what became of the request."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    page: str


@dataclass
class Outcome:
    """What one citizen saw. `receipt` is the token of the status page they were led to, "" for none."""

    number: int
    text: str
    email: str
    receipt: str = ""
    presses: int = 0
    complaint: str = ""


@dataclass
class Tally:
    """What all of them saw."""

    outcomes: list[Outcome] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        with self.lock:
            self.answers[what] += 1


class FormParser(HTMLParser):
    """Reads the form that has the field `text`: its fields as a browser would send them back untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._here: dict[str, str] | None = None
        self._written_in: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name"), given.get("type")
        if tag == "form":
            self._here = {}
        if self._here is None or not name or kind in ("submit", "button") or "disabled" in given:
            return
        if tag == "textarea":
            self._here[name], self._written_in = "", name
        if tag == "input" and (kind not in ("radio", "checkbox") or "checked" in given):
            self._here[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._here is not None and self._written_in:
            self._here[self._written_in] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._written_in = None
        if tag == "form":
            if self._here and "text" in self._here:
                self.fields = self._here
            self._here = None


def form_in(page: str) -> dict[str, str]:
    parser = FormParser()
    parser.feed(page)
    return parser.fields


class Citizen:
    """One person with one message, from an address of their own."""

    def __init__(self, number: int, seed: int, port: int, paths: list[str], tally: Tally) -> None:
        self._rng = random.Random(f"{seed}-{number}")
        self._port, self._tally = port, tally
        self._path = self._rng.choice(paths)
        # What a proxy in front of the site would say: the limits are counted by it.
        self._address = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
        self.outcome = Outcome(number, f"Message number {number} of run {seed}.", f"c{number}@example.org")

    def leave_message(self) -> None:
        page = self._until_answered(lambda: self._request("GET", self._path), (200,), "form")
        if page is None:
            return
        opened = time.monotonic()
        form = self._filled_in(page.page)
        time.sleep(max(0.0, opened + WRITING - time.monotonic()))
        answer = self._send(form)
        if answer is None:
            return
        self.outcome.receipt = receipt_in(answer.location)
        if self._rng.randrange(PRESSES_TWICE) == 0:
            self._press_again(form)
        if self._rng.randrange(LOOKS) == 0:
            self._until_answered(lambda: self._request("GET", answer.location), (200,), "receipt")

    def _filled_in(self, page: str) -> dict[str, str]:
        form = form_in(page) | {"text": self.outcome.text, "answer_by": "email", "email": self.outcome.email}
        if self._rng.randrange(WITHOUT_SCRIPT):
            form["work"] = work_for(form["form_token"])
        return form

    def _send(self, form: dict[str, str]) -> Answer | None:
        """Press until the receipt comes; where the message is shown once more, press there."""
        answer = self._until_answered(lambda: self._press(form), (303, 200), "message")
        if answer is not None and answer.status == 200:
            form |= form_in(answer.page)
            if "seal" not in form:
                self._complain("message: shown again without a seal")
                return None
            answer = self._until_answered(lambda: self._press(form), (303,), "message")
        return answer

    def _press(self, form: dict[str, str]) -> Answer:
        self.outcome.presses += 1
        return self._request("POST", self._path, urlencode(form))

    def _press_again(self, form: dict[str, str]) -> None:
        again = self._until_answered(lambda: self._press(form), (303,), "message, pressed twice")
        if again is not None and receipt_in(again.location) != self.outcome.receipt:
            self._complain("pressed twice, got two receipts")

    def _until_answered(self, ask: Callable[[], Answer], wanted: Collection[int], what: str) -> Answer | None:
        """Ask until the answer comes; with growing pauses. An answer that no fault excuses is a complaint."""
        for turn in range(PRESSES):
            try:
                answer = ask()
            except NoAnswer:
                self._tally.count(f"{what}: no answer")
            else:
                self._tally.count(f"{what}: {answer.status}")
                if answer.status in wanted:
                    return answer
                if answer.status < 500:
                    self._complain(f"{what}: {answer.status}")
                    return None
            time.sleep(self._rng.random() * min(0.2 * (turn + 1), LONGEST_PAUSE))
        self._complain(f"{what}: gave up")
        return None

    def _complain(self, complaint: str) -> None:
        self.outcome.complaint = complaint
        self._tally.count(f"complaint: {complaint}")

    def _request(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"X-Forwarded-For": self._address, "Accept-Language": "en"}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self._port}",
            }
        try:
            with closing(HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)) as connection:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return Answer(answer.status, answer.getheader("Location") or "", answer.read().decode())
        except (OSError, HTTPException) as failure:
            raise NoAnswer from failure


def receipt_in(location: str) -> str:
    """Return the token of a status page's address: its only part of 52 characters."""
    found = re.search(r"/([a-z2-7]{52})(/|$)", urlsplit(location).path)
    return found[1] if found else ""


def work_for(form_token: str) -> str:
    """Do what the browser does while somebody writes: find the number that solves the form's puzzle."""
    key, bits, _signed = form_token.split(".", 2)
    return next(
        str(number)
        for number in itertools.count()
        if int.from_bytes(hashlib.sha256(f"{key}:{number}".encode()).digest()) >> (256 - int(bits)) == 0
    )


def let_them_come(
    citizens: list[Citizen], tally: Tally, *, at_once: int, per_second: float, minutes: float
) -> threading.Event:
    """Let so many at once leave their messages, no more than so many a second; return what is set at the end.

    Who has not come when the minutes are over stays at home.
    """
    over, waiting, begun = threading.Event(), iter(enumerate(citizens)), time.monotonic()

    def come() -> None:
        while True:
            with tally.lock:
                turn, citizen = next(waiting, (0, None))
            if citizen is None or time.monotonic() > begun + 60 * minutes:
                return
            time.sleep(max(0.0, begun + turn / per_second - time.monotonic()))
            citizen.leave_message()
            with tally.lock:
                tally.outcomes.append(citizen.outcome)

    def all_come() -> None:
        threads = [threading.Thread(target=come, daemon=True) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        over.set()

    threading.Thread(target=all_come, daemon=True).start()
    return over
