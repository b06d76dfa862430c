"""Every event that the site tells somebody about has its texts, and they are understood."""

import re
from pathlib import Path

from django.conf import settings
from django.template import Engine, TemplateDoesNotExist, TemplateSyntaxError

from notifications.text_messages import CODE_EVENT

APPS = ("audit", "sectors", "officers", "contacts", "sectorlog", "handbook", "overview")
CALL = re.compile(r'\bnotify\(\s*"([^"]+)"')


def told_in(source: str) -> set[str]:
    return set(CALL.findall(source))


def defects(event: str) -> list[str]:
    app, _, name = event.partition(".")
    found = []
    for text in (f"{app}/email/{name}_subject.txt", f"{app}/email/{name}_body.txt"):
        try:
            Engine.get_default().get_template(text)
        except (TemplateDoesNotExist, TemplateSyntaxError) as defect:
            found.append(f"{text}: {type(defect).__name__}")
    return found


def test_each_event_that_is_told_by_text_message_has_a_text():
    texts = [(*event.split("."),) for event in settings.TEXT_MESSAGE_EVENTS | {CODE_EVENT}]
    for app, name in texts:
        Engine.get_default().get_template(f"{app}/email/{name}_sms.txt")
    assert len(texts) > 1


def test_calls_are_recognised():
    source = 'notify("a.b", to_user=user)\nsending.notify(\n    "c.d",\n)\nrenotify("e.f")'
    assert told_in(source) == {"a.b", "c.d"}


def test_missing_and_broken_texts_are_found(texts):
    texts("{% nonsense %}", "text", event="trial.broken")
    assert defects("trial.broken") == ["trial/email/broken_subject.txt: TemplateSyntaxError"]
    assert len(defects("trial.unknown")) == 2


def test_each_event_of_the_site_has_a_subject_and_a_body():
    sources = (path for app in APPS for path in (Path(settings.BASE_DIR) / app).rglob("*.py"))
    events = {event for path in sources for event in told_in(path.read_text(encoding="utf-8"))}
    assert [defect for event in sorted(events) for defect in defects(event)] == []
