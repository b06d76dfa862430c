"""An entry and what it names: parties and challenges that are read with it, and stand in the read log as well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Model

from sectorlog.models import FormVersion, LogEntry, Party

# Where an entry names something that is a record of its own.
EVERYWHERE = ("parties", "challenges", "answers")


def with_named(entries: Iterable[LogEntry], *, where: Collection[str] = EVERYWHERE) -> list[Model]:
    """Return the entries, and each party and challenge that they name once, for `audit.reads.shown`.

    `where` is what the page shows of an entry; its parties and challenges are prefetched. One query more at most,
    for parties in answers: these hold what does not change, the UUID.
    """
    found = list(entries)
    named: dict[Model, None] = {}
    for name in ("parties", "challenges"):
        if name in where:
            named.update((one, None) for entry in found for one in getattr(entry, name).all())
    if "answers" in where:
        answered = {uuid for entry in found for uuid in parties_in_answers(entry).values()}
        # Who was looked for and not met is named beside the answers.
        answered |= {entry.values["nobody_met"] for entry in found if entry.values.get("nobody_met")}
        known = {str(one.uuid) for one in named if isinstance(one, Party)}
        if missing := answered - known:
            named.update((one, None) for one in Party.objects.filter(uuid__in=missing))
    return [*found, *named]


def parties_in_answers(entry: LogEntry) -> dict[str, str]:
    """Return the UUIDs of the parties that were chosen in the form's fields, by the field's key."""
    return dict(_chosen(entry))


def _chosen(entry: LogEntry) -> Iterator[tuple[str, str]]:
    for one in entry.form_version.fields:
        value = entry.values.get(one["key"])
        if one["kind"] == FormVersion.Kind.PARTY and isinstance(value, dict) and "uuid" in value:
            yield one["key"], str(value["uuid"])
