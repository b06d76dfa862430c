"""What the demonstration's sectors have lasting: parties of interest, challenges, promises. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """A party to be known in every sector; `{sector}` and `{street}` are filled in."""

    kind: str
    name: str
    group: str
    interval: int | None
    contact: tuple[str, str]
    note: str = ""


PARTIES: tuple[Known, ...] = (
    Known(
        "trade",
        "Kiosken i {street}",
        "trade",
        30,
        ("Bodil Bogstav", "Owner"),
        "Open until 23. Sees who comes and goes in the evening.",
    ),
    Known(
        "housing",
        "Andelsboligforeningen {street}",
        "housing-associations",
        60,
        ("Kaj Komma", "Chair of the board"),
        "Board meets on the first Tuesday of the month.",
    ),
    Known("school", "{sector} Skole", "young", 45, ("Lene Linje", "Head of the school")),
    Known(
        "club",
        "{sector} Boldklub",
        "clubs",
        90,
        ("Mogens Metafor", "Chair"),
        "Training Tuesdays and Thursdays from 17.",
    ),
    Known("owners", "Grundejerforeningen {street}", "house-owners", 120, ("Rita Rim", "Chair")),
)
MORE_PARTIES: tuple[Known, ...] = (
    Known(
        "trade",
        "Grønthandleren {street}",
        "trade",
        30,
        ("Sami Sætning", "Owner"),
        "Knows the families in the courtyard; introduce yourself early.",
    ),
    Known(
        "institution",
        "Natcaféen",
        "homeless",
        30,
        ("Vita Vokal", "On duty in the evenings"),
        "Opens at 20. Ring the bell at the side door.",
    ),
    Known("network", "Mødregruppen i {sector}", "exposed-housing", 30, ("Hanne Halvrim", "Social worker")),
    Known(
        "club",
        "Ungdomsklubben {sector}",
        "young",
        21,
        ("Tom Tankestreg", "Head of the club"),
        "Thursdays are best.",
    ),
    Known("trade", "Cykelsmeden i {street}", "trade", None, ("Uffe Udråb", "Owner")),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A challenge: title, description, severity, groups, notes by days before today, and the result if it is over."""

    title: str
    description: str
    severity: int
    groups: tuple[str, ...]
    opened: int
    notes: tuple[tuple[int, str], ...]
    result: str = ""


TROUBLES: tuple[Trouble, ...] = (
    Trouble(
        "Fast driving past the school",
        "Cars use {street} as a short cut in the morning.",
        2,
        ("road-users", "young"),
        120,
        (
            (90, "Measured with the Traffic Division: every third car above 50 km/h."),
            (41, "The municipality has the request for bumps."),
        ),
    ),
    Trouble(
        "Cellar burglaries",
        "Locks broken in five stairwells at {street} within a month.",
        2,
        ("housing-associations",),
        150,
        ((110, "Walk through the cellars with the board."), (70, "New locks.")),
        "None since the new locks. The board calls if anything happens.",
    ),
)
SUCCESSION_TROUBLES: tuple[Trouble, ...] = (
    Trouble(
        "The courtyard in the evening",
        "Ten to fifteen young people gather in the courtyard at {street}; residents dare not pass. A few older ones come from elsewhere.",
        3,
        ("young", "exposed-housing"),
        100,
        (
            (80, "Talked with the parents of six of them."),
            (52, "Two of the older ones stay away since the club opens on Thursdays."),
            (12, "Lamps are promised for week 50. Calm when we pass by at 21."),
        ),
    ),
    Trouble(
        "Sleeping in the bicycle sheds",
        "Two to four people sleep in the sheds behind {street}.",
        1,
        ("homeless",),
        75,
        ((48, "The street team comes on Tuesdays."),),
    ),
)
# What, to whom, by when (in days from today), for each sector with a log to read in.
PROMISES: dict[int, tuple[tuple[str, str, int], ...]] = {
    1: (
        ("Call back about the lamp outside the shop", "Bodil Bogstav", 3),
        ("Tell the board what the measurement of speed showed", "Kaj Komma", -4),
        ("Come along to the parents' evening", "Lene Linje", 9),
    ),
    5: (
        ("Sit down with the boys and the shopkeeper", "Sami Sætning", -1),
        ("Say when the lamps in the courtyard come", "Kaj Komma", 12),
        ("Walk along on the first Friday of the month", "Hanne Halvrim", 8),
    ),
    10: (
        ("Find out where the stolen bicycles were found", "Mogens Metafor", 2),
        ("Send the chair the advice on garden doors", "Rita Rim", -6),
        ("Look in on the club's opening night", "Tom Tankestreg", 15),
    ),
}
