"""What the demonstration's officers wrote: invented, in English and now and then in Danish, as they would."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sectorlog.models import Outcome


@dataclass(frozen=True, slots=True)
class Story:
    """An entry to be written: `{street}` and `{party}` in the text are filled in; `party` is a kind of party."""

    form: str
    groups: tuple[str, ...]
    outcome: str
    text: str
    party: str = ""
    values: dict[str, Any] = field(default_factory=dict)


D, A, C, R = Outcome.DIALOGUE, Outcome.ADVICE, Outcome.CONFLICT_SOLVED, Outcome.REFERRED
W, F, P, X = Outcome.WARNING, Outcome.FINE, Outcome.CHARGE, Outcome.ARREST

# Told in turn in every sector; the order mixes forms, groups and outcomes.
EVERYWHERE: tuple[Story, ...] = (
    Story(
        "visit",
        ("trade",),
        D,
        "Looked in at {party}. Quiet weeks, no shoplifting since the lamp outside works again.",
        "trade",
        {"met": "The owner", "card": "yes"},
    ),
    Story(
        "street-dialogue",
        ("young",),
        D,
        "Eight youngsters with a loudspeaker behind the shops. Turned it down when asked, told us about the tournament on Saturday.",
        "",
        {"number": 8, "mood": "calm"},
    ),
    Story(
        "observation",
        ("road-users",),
        "",
        "Cars take the bend at {street} too fast between 07:30 and 08:00, when children walk to school.",
        "",
        {"what": ["traffic"], "told": "Traffic Division"},
    ),
    Story(
        "meeting",
        ("housing-associations", "exposed-housing"),
        A,
        "Board meeting of {party}. Cellar burglaries: agreed on new locks and a walk through the cellars together.",
        "housing",
        {
            "subject": "Cellar burglaries",
            "attending": 11,
            "agreed": "New locks before the holidays; a walk through the cellars together.",
        },
    ),
    Story(
        "street-dialogue",
        ("homeless",),
        R,
        "Talked with two men who sleep in the bicycle shed at {street}. Showed them the way to the night café; the street team looks in tomorrow.",
        "institution",
        {"number": 2, "mood": "calm"},
    ),
    Story(
        "intervention",
        ("young",),
        C,
        "Quarrel about a moped at {street}. Both families came down; settled without a report.",
        "",
        {"cause": "Neighbours called", "effect": "They greet us by name now."},
    ),
    Story(
        "visit",
        ("clubs",),
        D,
        "Training at {party}. Introduced to the new chair, who wants us at the summer feast.",
        "club",
        {"met": "The chair", "card": "yes", "wishes": "An officer at the summer feast."},
    ),
    Story(
        "intervention",
        ("road-users",),
        F,
        "Cyclists without lights on {street}: nine fines and twenty talks.",
        "",
        {"cause": "Planned control", "case": "0000-70000-00001-26"},
    ),
    Story(
        "network",
        ("young", "exposed-housing"),
        D,
        "Network meeting: school, youth club, housing association and us. The evenings are staffed until Christmas.",
        "network",
        {
            "who": "School, youth club, housing association, police",
            "aim": "Grown-ups outdoors on Fridays",
            "part": "We walk along every other Friday.",
        },
    ),
    Story(
        "visit",
        ("young",),
        A,
        "In year 8 at {party}: knives, the age of criminal responsibility, and what a charge means later.",
        "school",
        {"met": "Year 8 and two teachers", "card": "yes"},
    ),
    Story(
        "observation",
        ("exposed-housing",),
        "",
        "Lights out in stairwells 3 to 7 at {street}. Told the caretaker.",
        "",
        {"what": ["lights"], "told": "The caretaker"},
    ),
    Story(
        "street-dialogue",
        ("gangs",),
        W,
        "Four known young men at {street}. Told them plainly what happens if the residents have to complain again.",
        "",
        {"number": 4, "mood": "uneasy"},
    ),
    Story(
        "intervention",
        ("gangs",),
        P,
        "Knife found on one of them during a stop at {street}. Charged.",
        "",
        {
            "cause": "Stop and search",
            "case": "0000-70000-00002-26",
            "effect": "The others noticed; expect a cooler tone for a while.",
        },
    ),
    Story(
        "visit",
        ("house-owners",),
        A,
        "{party}: three attempts at burglary through garden doors. Advice on locks, neighbourhood watch signs ordered.",
        "owners",
        {"met": "The chair", "card": "yes", "wishes": "More walks through the gardens at dusk."},
    ),
    Story(
        "meeting",
        ("clubs", "young"),
        D,
        "Møde med foreningerne om fastelavn: vi cykler foran optoget igen i år.",
        "",
        {"subject": "Fastelavn", "attending": 7},
    ),
    Story(
        "street-dialogue",
        ("road-users",),
        A,
        "Snak med forældre ved skolen om at sætte bilerne i {street} og gå det sidste stykke.",
        "",
        {"number": 15, "mood": "calm"},
    ),
    Story(
        "intervention",
        ("young",),
        X,
        "Arrested one after a robbery at the bus stop; the other was known and came in with his father next day.",
        "",
        {"cause": "Call to 112", "case": "0000-70000-00003-26"},
    ),
    Story(
        "visit",
        ("housing-associations",),
        D,
        "Kaffe hos {party}. Ro i opgangene siden viceværten begyndte at låse kælderen.",
        "housing",
        {"met": "Formanden", "card": "no"},
    ),
    Story(
        "major-event",
        ("clubs", "road-users"),
        D,
        "Street party on {street}. About four hundred people, nothing but good mood and one lost child, found.",
        "",
        {"event": "Street party", "visitors": 400, "known": "yes"},
    ),
    Story(
        "joint-effort",
        ("road-users",),
        F,
        "Speed control with the Traffic Division at {street}, two hours.",
        "",
        {
            "part": "Chose the place, talked with those who were stopped",
            "officers": 3,
            "result": "14 fines, average speed down by 6 km/h the week after.",
        },
    ),
)

# Told besides in the sector whose responsible officer leaves soon: there is something to hand over.
OF_SUCCESSION: tuple[Story, ...] = (
    Story(
        "meeting",
        ("exposed-housing", "young"),
        R,
        "Third meeting about the courtyard at {street}. The municipality puts up lamps in week 50; until then we pass by at 21.",
        "housing",
        {
            "subject": "The courtyard",
            "attending": 9,
            "agreed": "Lamps in week 50. We pass by at 21 until then.",
        },
    ),
    Story(
        "visit",
        ("trade",),
        D,
        "{party} has had three broken windows. Believes it to be the same boys; wants to talk with them, not to report them.",
        "trade",
        {
            "met": "The owner and his daughter",
            "card": "yes",
            "wishes": "That we sit down with him and the boys.",
        },
    ),
    Story(
        "street-dialogue",
        ("young",),
        C,
        "The boys from the courtyard came along to the shop. It took an hour, they pay for the last window.",
        "",
        {"number": 3, "mood": "uneasy"},
    ),
    Story(
        "observation",
        ("homeless",),
        "",
        "The shed behind {street} is empty again; blankets and a rucksack taken to the night café.",
        "institution",
        {"what": ["other"], "told": "The street team"},
    ),
    Story(
        "network",
        ("exposed-housing",),
        D,
        "Mothers' group has its own room now. Two of them want to walk with us on Fridays.",
        "network",
        {
            "who": "Nine mothers, the social worker",
            "aim": "Known faces outdoors in the evening",
            "part": "First Friday of the month",
        },
    ),
)
