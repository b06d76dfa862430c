"""What the demonstration tells and is told. Places, partners and citizens are invented; `{sector}` is filled in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from contacts.models import ContactHours, Exchange, Message, Notice, PartnerContact

Week, AnswerBy, Result = ContactHours.Week, Message.AnswerBy, Message.Result
Kind = PartnerContact.Kind


@dataclass(frozen=True, slots=True)
class Hours:
    weekday: int
    begins: int
    ends: int
    place: str
    week: ContactHours.Week | None = None
    note: tuple[str, str] = ("", "")


# Each sector has one of these, by its number; those with a long log have two.
HOURS = (
    Hours(
        2,
        16,
        18,
        "{sector} Bibliotek",
        note=("At the table by the entrance.", "Ved bordet lige inden for døren."),
    ),
    Hours(4, 9, 11, "Cafeen på {sector} Torv"),
    Hours(
        3,
        15,
        17,
        "Beboerhuset i {sector}",
        note=("Ring the bell at the side door.", "Ring på ved sidedøren."),
    ),
    Hours(1, 14, 16, "{sector} Skole", week=Week.FIRST),
    Hours(5, 10, 12, "Kirkens café i {sector}"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice; English and Danish. Shown since so many days ago, for so many days."""

    title: tuple[str, str]
    text: tuple[str, str]
    said: tuple[str, str] = ("", "")
    since: int = 3
    lasts: int = 40

    @property
    def kind(self) -> Notice.Kind:
        return Notice.Kind.YOU_SAID if self.said[0] else Notice.Kind.NOTICE


NOTICES = (
    Told(
        ("Bicycles: have yours marked", "Cykler: få din mærket"),
        (
            "On Saturday from 11 to 14 I mark bicycles on the square. Bring the bicycle and something that shows who you are. It is free and takes five minutes.",
            "Lørdag fra 11 til 14 mærker jeg cykler på torvet. Tag cyklen og legitimation med. Det er gratis og tager fem minutter.",
        ),
    ),
    Told(
        ("Lights in the passage", "Lys i passagen"),
        (
            "We walked through with the housing association. Four lamps have been changed, and the hedge is cut so that the path can be seen from the street. I look in on Thursday evenings.",
            "Vi gik turen sammen med boligforeningen. Fire lamper er skiftet, og hækken er klippet, så stien kan ses fra gaden. Jeg kigger forbi torsdag aften.",
        ),
        said=(
            "It is dark between the blocks, and we take the long way round.",
            "Der er mørkt mellem blokkene, og vi går en omvej.",
        ),
        since=12,
    ),
)
STATION_NOTICE = Told(
    ("False police officers on the telephone", "Falske betjente i telefonen"),
    (
        "Nobody from the police asks for your card, your code or your valuables. Hang up, and call 114. If somebody is at your door now, call 112.",
        "Politiet beder aldrig om dit kort, din kode eller dine værdier. Læg på, og ring 114. Står der nogen ved din dør nu, så ring 112.",
    ),
    since=20,
    lasts=90,
)
WAITING_NOTICE = Told(
    ("Quiet after ten in the courtyards", "Ro efter klokken ti i gårdene"),
    (
        "The boards have agreed on the same rules for all courtyards. They hang in every stairwell.",
        "Bestyrelserne er blevet enige om samme regler for alle gårde. De hænger i hver opgang.",
    ),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """An event so many days from today; officers required where it is a major one."""

    title: tuple[str, str]
    text: tuple[str, str]
    days: int
    begins: int
    ends: int
    place: str
    required: int = 0
    is_internal: bool = False
    is_cancelled: bool = False


EVENTS = (
    Planned(
        ("Open meeting: a safe winter", "Åbent møde: en tryg vinter"),
        (
            "What worries you when it gets dark early? I bring coffee, you bring the questions.",
            "Hvad bekymrer dig, når det bliver tidligt mørkt? Jeg har kaffe med, du har spørgsmålene.",
        ),
        days=9,
        begins=19,
        ends=21,
        place="Beboerhuset i {sector}",
    ),
    Planned(
        ("Walk through {sector} together", "Gåtur gennem {sector}"),
        (
            "Show me where you do not like to walk. We meet in front of the library.",
            "Vis mig, hvor du ikke bryder dig om at gå. Vi mødes foran biblioteket.",
        ),
        days=16,
        begins=17,
        ends=18,
        place="{sector} Bibliotek",
        is_cancelled=True,
    ),
)
STATION_EVENT = Planned(
    ("Christmas market on the square", "Julemarked på torvet"),
    (
        "Your police officers have a stall: come and say hello.",
        "Jeres betjente har en bod: kom og sig hej.",
    ),
    days=20,
    begins=11,
    ends=17,
    place="Bellahøj Torv",
    required=4,
)
INTERNAL_EVENT = Planned(
    ("Home match with risk", "Hjemmekamp med risiko"),
    ("Supporters on foot from the station from 15.", "Tilskuere til fods fra stationen fra kl. 15."),
    days=6,
    begins=15,
    ends=20,
    place="Stadion",
    required=6,
    is_internal=True,
)


@dataclass(frozen=True, slots=True)
class Partner:
    kind: PartnerContact.Kind
    organisation: str
    name: str
    role: str
    phone: str
    note: str = ""
    is_of_district: bool = True
    confirmed: int = 60


PARTNERS = (
    Partner(
        Kind.SSP,
        "Kommunens SSP-sekretariat",
        "Bo Bindestreg",
        "SSP co-ordinator",
        "00 00 41 01",
        "Weekdays 8–15.",
    ),
    Partner(Kind.SCHOOL, "Ungdomsskolen", "Sally Semikolon", "Head", "00 00 41 02"),
    Partner(
        Kind.HOUSING, "Boligselskabet Bogstaven", "Povl Punktum", "Operations", "00 00 41 03", confirmed=420
    ),
    Partner(
        Kind.PRESS,
        "Bydelsavisen",
        "Nynne Notits",
        "Editor",
        "00 00 41 04",
        "Goes to press on Mondays at 12.",
        is_of_district=False,
    ),
    Partner(
        Kind.SOCIAL,
        "Døgnkontakten",
        "",
        "",
        "00 00 41 05",
        "On duty day and night.",
        is_of_district=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A message so many days ago, at an hour; what was said since, and the result if it is closed.

    Each word since: its kind, after how many hours, the text.
    """

    text: str
    days: int
    hour: int
    place: str = ""
    name: str = ""
    answer_by: Message.AnswerBy = AnswerBy.EMAIL
    language: str = "da"
    since: tuple[tuple[Exchange.Kind, int, str], ...] = ()
    result: Message.Result | None = None
    is_read: bool = True
    seemed_urgent: bool = False


REPLY, CALL, NOTE, ADDED = Exchange.Kind.REPLY, Exchange.Kind.CALL, Exchange.Kind.NOTE, Exchange.Kind.ADDED
MESSAGES = (
    Written(
        "Der holder en varevogn uden plader i gården igen. Den har stået der i tre uger.",
        days=0,
        hour=8,
        place="Gården bag nummer 14",
        name="Lone Linjeskift",
        is_read=False,
    ),
    Written(
        "Could you come to our residents' meeting? People here would like to know your face.",
        days=1,
        hour=16,
        name="Adam Anførsel",
        answer_by=AnswerBy.PHONE,
        language="en",
        since=((NOTE, 3, "Called at 19, no answer. Try before noon."),),
    ),
    Written(
        "De unge sætter sig i opgangen om aftenen, og jeg tør ikke sige noget til dem.",
        days=6,
        hour=13,
        place="Opgang 5",
    ),
    Written(
        "Min cykel er fundet igen, tak for hjælpen!",
        days=8,
        hour=11,
        name="Ib Indryk",
        answer_by=AnswerBy.NONE,
        result=Result.SETTLED,
    ),
    Written(
        "Bilerne kører alt for stærkt forbi skolen om morgenen.",
        days=15,
        hour=9,
        place="Foran skolen",
        name="Karen Kolon",
        since=(
            (
                REPLY,
                20,
                "Tak, fordi du skriver. Jeg står der onsdag og torsdag morgen og taler med skolen om bommen.",
            ),
            (ADDED, 70, "Det hjalp i dag. Tak!"),
        ),
        result=Result.SETTLED,
    ),
    Written(
        "Somebody tried our cellar doors last night. Nothing is missing.",
        days=24,
        hour=7,
        name="Ea Ellipse",
        language="en",
        since=((CALL, 5, "Spoke for ten minutes. The association changes the locks; I look in this week."),),
        result=Result.SETTLED,
        seemed_urgent=True,
    ),
)
# Answered messages of the last months, so that answer times can be published: hours until the answer.
ANSWERED_AFTER = (2, 4, 5, 9, 20, 26, 30, 47)
DAY = datetime.timedelta(days=1)
