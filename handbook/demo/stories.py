"""What the demonstration's officers contribute, and what becomes of it: invented, in English and in Danish."""

from __future__ import annotations

from dataclasses import dataclass

from handbook.models import ContributionStep

Kind = ContributionStep.Kind

# Days ago.
BEGUN, AGREED, REVISED, PROPOSED, ASKED, READ = 150, 148, 16, 2, 12, 20


@dataclass(frozen=True, slots=True)
class Change:
    """The next text of a chapter: what is said instead of what, by language."""

    chapter: str
    reason: str
    en: tuple[str, str]
    da: tuple[str, str]


REVISION = Change(
    "how-to-perform-the-task",
    "On foot or by bicycle is the rule by now in every district, and officers say what they gain by it.",
    en=(
        "Walk or cycle whenever you can. Nobody stops a car for a chat.",
        "Walk or cycle on every tour that allows it. Nobody stops a car for a chat, and from a bicycle you also hear what goes on.",
    ),
    da=(
        "Gå eller cykl, når du kan. Ingen standser en bil for at få en snak.",
        "Gå eller cykl på hver tur, hvor det kan lade sig gøre. Ingen standser en bil for at få en snak, og fra en cykel hører du også, hvad der foregår.",
    ),
)
# Waits for the station head: a fixed chapter is changed by both together.
PROPOSAL = Change(
    "strategy",
    "New colleagues read “offensive” as “hard”. One more sentence says what is meant.",
    en=(
        "it goes out to meet what comes instead of waiting for it.",
        "it goes out to meet what comes instead of waiting for it. This is what we call offensive: early, not hard.",
    ),
    da=(
        "den går tingene i møde i stedet for at vente på dem.",
        "den går tingene i møde i stedet for at vente på dem. Det er det, vi kalder offensivt: tidligt, ikke hårdt.",
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a contribution so many days ago; the words that then stood in the handbook, English, Danish."""

    kind: Kind
    days: int
    text: str = ""
    wording: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Contributed:
    """A contribution of an officer to a passage, handed in so many days ago; how many colleagues do the same."""

    anchor: str
    author: str
    sector: int | None
    language: str
    days: int
    text: str
    steps: tuple[Step, ...] = ()
    agreed: int = 0


ALMA = "Alma Eksempel"  # the officer who logs in
CONTRIBUTIONS = (
    Contributed(
        "visits",
        "Bjarke Opdigt",
        2,
        "da",
        128,
        "Jeg tager to butikker på hver tur i stedet for en hel gade på én dag. Så når jeg rundt på en måned, og de ser mig hver uge.",
        steps=(
            Step(Kind.TAKEN_UP, 127),
            Step(
                Kind.INSERTED,
                126,
                wording=(
                    "Take two shops on every tour instead of a whole street in one day. You are round within a month, and they see you every week.",
                    "Tag to butikker på hver tur i stedet for en hel gade på én dag. Så når du rundt på en måned, og de ser dig hver uge.",
                ),
            ),
        ),
        agreed=7,
    ),
    Contributed(
        "patrol-form",
        ALMA,
        1,
        "en",
        112,
        "I lock my bicycle at the kiosk and walk the last three hundred metres. People talk to me who would not wave at a bicycle.",
        steps=(
            Step(Kind.TAKEN_UP, 110),
            Step(
                Kind.INSERTED,
                110,
                wording=(
                    "Lock the bicycle a little way off and walk the last three hundred metres. Those talk to you who would not stop a bicycle.",
                    "Lås cyklen et stykke derfra, og gå de sidste tre hundrede meter. Så taler de med dig, som ikke ville standse en cykel.",
                ),
            ),
        ),
        agreed=5,
    ),
    Contributed(
        "children-and-young-adults",
        "Cecilie Påfund",
        3,
        "da",
        95,
        "Morgenmad på skolen hver anden onsdag. Jeg smører boller, og de fortæller.",
        steps=(
            Step(Kind.TAKEN_UP, 93),
            Step(Kind.ASKED, 93, "Hvem inviterer, dig eller skolen? Og hvilke klasser?"),
            Step(Kind.ANSWERED, 91, "Skolen. Det er 7. og 8. klasse, og klasselæreren er med."),
            Step(
                Kind.INSERTED,
                90,
                wording=(
                    "Breakfast at the school every other Wednesday, with the seventh and eighth forms and their teacher. The school invites. You butter the rolls, they do the talking.",
                    "Morgenmad på skolen hver anden onsdag med 7. og 8. klasse og deres lærer. Skolen inviterer. Du smører boller, de fortæller.",
                ),
            ),
        ),
        agreed=9,
    ),
    Contributed(
        "log-while-standing",
        "Hjalmar Fiktiv",
        8,
        "da",
        71,
        "Jeg dikterer notatet, mens jeg går hen til cyklen. Det tager tyve sekunder, og jeg retter bagefter.",
        steps=(
            Step(Kind.TAKEN_UP, 70),
            Step(
                Kind.INSERTED,
                69,
                wording=(
                    "",
                    "Diktér notatet til telefonen på vej hen til cyklen, når ingen kan høre det. Læs det igennem, før du gemmer.",
                ),
            ),
        ),
        agreed=3,
    ),
    Contributed(
        "homeless-people",
        "Ellen Tænkt",
        5,
        "en",
        64,
        "Carry a pair of dry socks in winter. I have never had a conversation begin better.",
        steps=(
            Step(Kind.TAKEN_UP, 62),
            Step(Kind.MOVED, 62, "Clothes and bicycle → 9. Homeless people"),
            Step(
                Kind.INSERTED,
                62,
                wording=("Carry dry socks in winter.", "Hav tørre strømper med om vinteren."),
            ),
            Step(
                Kind.REWORDED,
                11,
                wording=(
                    "Carry a pair of dry socks in winter, to give away. No conversation begins better.",
                    "Hav et par tørre strømper med om vinteren til at give væk. Ingen samtale begynder bedre.",
                ),
            ),
        ),
        agreed=6,
    ),
    Contributed(
        "clothes-and-bicycle",
        "Palle Parabel",
        16,
        "da",
        58,
        "Cykelhandleren på hjørnet giver betjente tyve procent. Sig, at I kommer fra mig.",
        steps=(
            Step(
                Kind.INSERTED,
                57,
                wording=(
                    "",
                    "Cykelhandleren i din sektor kan ofte lave en lygte med det samme. Spørg dér først.",
                ),
            ),
            Step(
                Kind.TAKEN_OUT,
                40,
                "Det kan læses, som om vi sender betjente til én bestemt forretning. Det skal håndbogen ikke. Tak for tanken.",
            ),
        ),
    ),
    Contributed(
        "external-parties",
        "Laurits Sagn",
        13,
        "da",
        50,
        "Hver sektor burde have sin egen side på de sociale medier, som betjenten selv skriver på.",
        steps=(
            Step(Kind.TAKEN_UP, 48),
            Step(
                Kind.DECLINED,
                46,
                "Sådan nogle sider hører under pressepolitikken, og den bestemmer vi ikke her. Jeg har sendt forslaget videre til stationslederen med dit navn.",
            ),
        ),
    ),
    Contributed(
        "analysis",
        "Frode Eventyr",
        6,
        "en",
        37,
        "Ask for the figures by stairwell, not by street.",
        steps=(Step(Kind.WITHDRAWN, 36),),
    ),
    Contributed(
        "neighbours",
        "Nikolaj Novelle",
        15,
        "en",
        33,
        "On the first Monday of the month I drink coffee with the three officers around me, at a bench where our sectors meet. Half an hour. What we know then fits on one page.",
        steps=(
            Step(Kind.TAKEN_UP, 31),
            Step(
                Kind.INSERTED,
                30,
                wording=(
                    "Coffee once a month with the officers around you, on a bench where your sectors meet. Half an hour is enough.",
                    "Kaffe en gang om måneden med betjentene omkring dig på en bænk, hvor jeres sektorer mødes. En halv time er nok.",
                ),
            ),
        ),
        agreed=4,
    ),
    Contributed(
        "long-period",
        "Karla Skrøne",
        11,
        "da",
        13,
        "Da jeg overtog sektoren, gik min forgænger med mig rundt i to uger og sagde: »Det er hende, I skal ringe til nu.« Det sparede mig et halvt år.",
        steps=(
            Step(Kind.TAKEN_UP, 8),
            Step(
                Kind.INSERTED,
                6,
                wording=(
                    "Walk round together for two weeks before you leave, and say at each door: “From now on this is whom you call.” It saves your successor half a year.",
                    "Gå rundt sammen i to uger, før du rejser, og sig ved hver dør: »Det er hende, I skal ringe til nu.« Det sparer din efterfølger for et halvt år.",
                ),
            ),
        ),
        agreed=5,
    ),
    Contributed(
        "telephone-and-messages",
        "Dines Prøvesen",
        4,
        "da",
        9,
        "Jeg ringer tilbage mellem kl. 16 og 17. Der er folk hjemme, og de har ikke sat sig til bords.",
        steps=(
            Step(Kind.TAKEN_UP, 5),
            Step(
                Kind.INSERTED,
                3,
                wording=(
                    "Call back between four and five in the afternoon: people are home, and not yet at table.",
                    "Ring tilbage mellem kl. 16 og 17: Folk er hjemme og har ikke sat sig til bords.",
                ),
            ),
        ),
        agreed=2,
    ),
    Contributed(
        "housing-associations",
        "Gerda Fabel",
        7,
        "da",
        9,
        "Gå kælderrunden sammen med viceværten og ikke med formanden. Han har nøglerne.",
        steps=(
            Step(Kind.TAKEN_UP, 7),
            Step(Kind.ASKED, 7, "Hvor tit går I den, og skriver I noget op undervejs?"),
            Step(
                Kind.ANSWERED,
                5,
                "Forår og efterår. Vi skriver de låse op, der ikke virker, og jeg spørger til dem ugen efter.",
            ),
        ),
    ),
    Contributed(
        "major-events",
        ALMA,
        1,
        "en",
        5,
        "At the street party we put a table with coffee next to the first-aid tent. I spoke with more people there than in the whole of May.",
        steps=(
            Step(Kind.TAKEN_UP, 3),
            Step(Kind.ASKED, 3, "Lovely. Who paid for the coffee, and did you stand there in uniform?"),
        ),
    ),
    Contributed(
        "neighbours",
        "Jens Opspind",
        10,
        "da",
        4,
        "Skriv nabobetjentens nummer bag på dit eget visitkort, hvis du tit er ved grænsen.",
    ),
    Contributed(
        "holidays-and-cover",
        "Thyra Tænkeboks",
        5,
        "en",
        1,
        "Before I cover for somebody I walk one evening with them. Then I know the faces when they call.",
    ),
)

# What the station's officers are asked to confirm, and how many have.
CONFIRMED, CONFIRMED_BY = "source-handling", 14
