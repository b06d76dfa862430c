"""The demonstration's station, districts, sectors and people.

The organisation is the handbook's (How to perform the task, 1): three local police districts of 9, 5 and 5
sectors. The people are invented, their surnames say so. No Danish telephone number begins with 0, and nobody
can own a domain that ends in .example.
"""

from __future__ import annotations

from dataclasses import dataclass

from officers.models import StaffRole

Role = StaffRole.Role

STATION_SLUG = "bellahoej"
STATION_NAME = "Bellahøj Station"
DOMAIN = "police.example"
RELEASE_NAME = "Demonstration"
RELEASE_SOURCE = "a sketch for the demonstration: approximate, not the police's real division"
# The division before it, in force since so many days ago, and a draft that nobody has published.
FORMER_RELEASE_NAME, FORMER_RELEASE_BEGAN = "Demonstration, before", -900
DRAFT_NAME = "Demonstration, a draft"

# District: name, and its sectors by number.
DISTRICTS: dict[str, dict[int, str]] = {
    "North East": {
        1: "Emdrup",
        2: "Ryparken",
        3: "Bispebjerg",
        4: "Utterslev",
        5: "Nordvest",
        6: "Haraldsgade",
        7: "Nørrebroparken",
        8: "Guldberg",
        9: "Blågård",
    },
    "North West": {10: "Brønshøj", 11: "Husum", 12: "Tingbjerg", 13: "Vanløse", 14: "Grøndal"},
    "Frederiksberg": {
        15: "Lindevang",
        16: "Godthåb",
        17: "Mariendal",
        18: "Søndermarken",
        19: "Gammel Kongevej",
    },
}
VACANT_SECTOR = 12

# One for each sector but the vacant one, in the order of the sectors' numbers.
RESPONSIBLE = (
    "Alma Eksempel",
    "Bjarke Opdigt",
    "Cecilie Påfund",
    "Dines Prøvesen",
    "Ellen Tænkt",
    "Frode Eventyr",
    "Gerda Fabel",
    "Hjalmar Fiktiv",
    "Inge Digt",
    "Jens Opspind",
    "Karla Skrøne",
    "Laurits Sagn",
    "Merete Myte",
    "Nikolaj Novelle",
    "Oda Ordspil",
    "Palle Parabel",
    "Ragna Roman",
    "Svend Skuespil",
)
SUCCESSOR = "Thyra Tænkeboks"
# Officers who are attached to sectors (handbook, The sectors: at least two persons for each).
ATTACHED: dict[str, tuple[int, ...]] = {
    "Ulrik Udkast": (1, 2, 3, 4),
    "Vibeke Vers": (6, 7, 8, 9),
    "William Vise": (10, 11, 12),
    "Yrsa Ytring": (12, 13, 14),
    "Zenia Zigzag": (15, 16, 17, 18, 19),
}
# Sector 5: the responsible officer leaves, and the one who is attached until then takes over.
SUCCESSION_SECTOR = 5
# Days from today on which the one leaves, after introducing the other.
LEAVES, HANDS_OVER = 30, 28
# Sector 18: the responsible officer leaves, and nobody is named yet.
DEPARTURE_SECTOR, DEPARTS = 18, 45
# Sector 16 had another responsible officer before.
FORMER_SECTOR, FORMER = 16, "Zenia Zigzag"
# Attached officers who answer where nobody else does, by sector.
STAND_INS: dict[int, str] = {2: "Ulrik Udkast", 7: "Vibeke Vers", 13: "Yrsa Ytring"}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A responsible officer is away, from and until so many days from today; `cover` answers for the sector."""

    sector: int
    begins: int
    ends: int
    cover: str | None = None


HOLIDAYS = (
    Holiday(10, -3, 11, cover="Alma Eksempel"),  # a neighbour's officer, from another district
    Holiday(7, 14, 28, cover="Hjalmar Fiktiv"),
    Holiday(13, -2, 5),  # the stand-in answers
    Holiday(19, -1, 6),  # nobody answers: the district does
    Holiday(13, 6, 20, cover="Merete Myte"),
    Holiday(17, 10, 24, cover="Oda Ordspil"),
    Holiday(16, 15, 19, cover="Ragna Roman"),  # meanwhile nobody covers sector 17
)
# Sectors with special gang activity have a contact person (handbook, How to perform the task, 12).
GANG_DIVISION, GANG_SECTORS = "Gang Division", (6, 9)
UNITS = (GANG_DIVISION, "Burglary Group", "Traffic Division", "Crime Prevention Division (DKA)")


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demonstration, with the password that everybody may know."""

    who: str
    email: str
    name: str
    password: str
    role: StaffRole.Role | None = None


STATION_HEAD = Login("Station head", f"station.head@{DOMAIN}", "Åse Ålegaard-Opdigt", "demo-station-head")
DISTRICT_HEAD = Login("District head", f"district.head@{DOMAIN}", "Ægir Forestilling", "demo-district-head")
OFFICER = Login("Officer", f"officer@{DOMAIN}", "Alma Eksempel", "demo-officer")
SUCCESSOR_LOGIN = Login("Successor", f"successor@{DOMAIN}", SUCCESSOR, "demo-successor")
LIAISON = Login("Gang Division", f"gang.division@{DOMAIN}", "Gorm Gåde", "demo-gang-division")
EDITOR = Login(
    "Handbook editor", f"handbook.editor@{DOMAIN}", "Signe Sætning", "demo-handbook-editor", Role.EDITOR
)
ANALYST = Login("Analyst", f"analyst@{DOMAIN}", "Tage Tabel", "demo-analyst", Role.ANALYST)
REVIEWER = Login(
    "Data-protection reviewer", f"reviewer@{DOMAIN}", "Rigmor Rettesnor", "demo-reviewer", Role.REVIEWER
)
ADMINISTRATOR = Login(
    "Administrator", f"administrator@{DOMAIN}", "Øjvind Legende", "demo-administrator", Role.ADMINISTRATOR
)
LOGINS = (
    STATION_HEAD,
    DISTRICT_HEAD,
    OFFICER,
    SUCCESSOR_LOGIN,
    LIAISON,
    EDITOR,
    ANALYST,
    REVIEWER,
    ADMINISTRATOR,
)


def people() -> tuple[str, ...]:
    """Return the names of all officers; an officer's place in it makes the telephone number."""
    return (*RESPONSIBLE, SUCCESSOR, *ATTACHED)


def responsible_for(number: int) -> str | None:
    """Return who is responsible for the sector with this number today, None for the vacant one."""
    numbers = [n for sectors in DISTRICTS.values() for n in sectors if n != VACANT_SECTOR]
    return RESPONSIBLE[numbers.index(number)] if number in numbers else None
