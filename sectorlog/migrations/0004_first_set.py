"""The handbook's nine target groups and the first set of forms: there for every station from the beginning."""

import datetime

from django.db import migrations

GROUPS = {
    "young": "Children and young adults",
    "exposed-housing": "Residents of particularly exposed housing areas",
    "gangs": "Gang-related individuals",
    "trade": "Tradespeople",
    "clubs": "Clubs and associations",
    "road-users": "Road-users",
    "housing-associations": "Housing associations and co-operative housing societies",
    "house-owners": "House owners' associations",
    "homeless": "Homeless people",
}


def both(en, da):
    return {"en": en, "da": da}


def field(key, kind, en, da, *, help="", help_da="", required=False, choices=()):
    return {
        "key": key,
        "kind": kind,
        "label": both(en, da),
        "help": both(help, help_da) if help else {},
        "required": required,
        "choices": [{"value": value, "label": both(*label)} for value, label in choices],
    }


# Slug: name, what it is for, fields. The text, who, where, when and the outcome belong to every entry already.
FORMS = {
    "visit": (
        both("Visit", "Besøg"),
        both(
            "You called on somebody whom you know or want to know.",
            "Du har besøgt nogen, du kender eller vil kende.",
        ),
        [
            field("met", "text", "Whom you met", "Hvem du mødte"),
            field("card", "yes_no", "Business card left", "Visitkort afleveret"),
            field("wishes", "long_text", "What they wish of the police", "Hvad de ønsker af politiet"),
        ],
    ),
    "meeting": (
        both("Meeting", "Møde"),
        both(
            "A meeting that was arranged: a board, an association, partners.",
            "Et aftalt møde: en bestyrelse, en forening, samarbejdspartnere.",
        ),
        [
            field("subject", "text", "What it was about", "Hvad det handlede om"),
            field("attending", "number", "How many took part", "Hvor mange deltog"),
            field("agreed", "long_text", "What was agreed", "Hvad der blev aftalt"),
            field("next", "date", "Next meeting", "Næste møde"),
        ],
    ),
    "street-dialogue": (
        both("Dialogue in the street", "Dialog på gaden"),
        both("You talked with people where they are.", "Du har talt med folk der, hvor de er."),
        [
            field("number", "number", "How many people", "Hvor mange personer"),
            field(
                "mood",
                "choice",
                "How the mood was",
                "Hvordan stemningen var",
                choices=(
                    ("calm", ("calm", "rolig")),
                    ("uneasy", ("uneasy", "urolig")),
                    ("hostile", ("hostile", "fjendtlig")),
                ),
            ),
        ],
    ),
    "observation": (
        both("Observation", "Iagttagelse"),
        both("You saw something that others should know of.", "Du har set noget, som andre bør vide."),
        [
            field(
                "what",
                "choices",
                "What it concerns",
                "Hvad det drejer sig om",
                choices=(
                    ("lights", ("lighting, paths, buildings", "belysning, stier, bygninger")),
                    ("traffic", ("traffic", "trafik")),
                    ("gathering", ("people gathering", "folk der samles")),
                    ("noise", ("noise or disorder", "støj eller uro")),
                    ("other", ("something else", "noget andet")),
                ),
            ),
            field("told", "text", "Who should hear of it", "Hvem der bør høre om det"),
        ],
    ),
    "intervention": (
        both("Intervention", "Indgriben"),
        both("You stepped in.", "Du har grebet ind."),
        [
            field("cause", "text", "What made you step in", "Hvad der fik dig til at gribe ind"),
            field("case", "text", "Case number, if there is one", "Sagsnummer, hvis der er et"),
            field(
                "effect",
                "long_text",
                "What it will mean in the long run",
                "Hvad det vil betyde på længere sigt",
            ),
        ],
    ),
    "network": (
        both("Network", "Netværk"),
        both(
            "You met, joined or built a network of the sector.",
            "Du har mødt, er gået ind i eller har opbygget et netværk i sektoren.",
        ),
        [
            field("who", "long_text", "Who belongs to it", "Hvem der er med"),
            field("aim", "text", "What it wants", "Hvad det vil"),
            field("part", "text", "The part of the police in it", "Politiets del i det"),
        ],
    ),
    "joint-effort": (
        both("Joint effort", "Fælles indsats"),
        both(
            "You took part in an effort with other sectors or units.",
            "Du har deltaget i en indsats med andre sektorer eller enheder.",
        ),
        [
            field("part", "long_text", "What your part was", "Hvad din del var"),
            field("officers", "number", "How many officers", "Hvor mange betjente"),
            field("result", "long_text", "What came of it", "Hvad der kom ud af det"),
        ],
    ),
    "major-event": (
        both("Major event", "Større begivenhed"),
        both(
            "You were present where many people came together.",
            "Du var til stede, hvor mange mennesker samledes.",
        ),
        [
            field("event", "text", "Which event", "Hvilken begivenhed"),
            field("visitors", "number", "How many people, about", "Hvor mange mennesker, cirka"),
            field("known", "yes_no", "Did people know who you are?", "Vidste folk, hvem du er?"),
            field("again", "date", "When it takes place again", "Hvornår den finder sted igen"),
        ],
    ),
}
PUBLISHED = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def fill(apps, schema_editor):
    group, template = apps.get_model("sectorlog", "TargetGroup"), apps.get_model("sectorlog", "FormTemplate")
    version = apps.get_model("sectorlog", "FormVersion")
    for position, (slug, name) in enumerate(GROUPS.items(), start=1):
        group.objects.create(slug=slug, name=name, position=position)
    for position, (slug, (name, purpose, fields)) in enumerate(FORMS.items(), start=1):
        version.objects.create(
            template=template.objects.create(slug=slug, position=position),
            number=1,
            name=name,
            purpose=purpose,
            fields=fields,
            published_at=PUBLISHED,
        )


def empty(apps, schema_editor):
    # Where entries were written with them, the database refuses: there is no way back to before the log.
    schema_editor.execute("ALTER TABLE sectorlog_formversion DISABLE TRIGGER USER")
    apps.get_model("sectorlog", "FormVersion").objects.filter(template__station=None).delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("ALTER TABLE sectorlog_formversion ENABLE TRIGGER USER")
    apps.get_model("sectorlog", "FormTemplate").objects.filter(station=None).delete()
    apps.get_model("sectorlog", "TargetGroup").objects.filter(station=None).delete()


class Migration(migrations.Migration):
    dependencies = [("sectorlog", "0003_record_changes")]

    operations = [migrations.RunPython(fill, empty)]
