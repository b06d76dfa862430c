"""The table of rights (design, section 6) in Django's permissions, and over which objects they hold.

Each column is a letter of `Standing.letters`. A permission holds over an object when one of the account's letters
grants it and the object lies within that letter's reach. The admin asks here, by way of `User.has_perm`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from officers.models import Absence, Assignment, Cover, Liaison, Officer, StaffRole, User
from sectors.models import (
    AnalysisDocument,
    BoundaryRelease,
    District,
    ManningBasis,
    ManningNorm,
    Sector,
    Station,
)

if TYPE_CHECKING:
    from officers.standing import Standing


def _permissions(app: str, **models: str) -> Iterator[str]:
    """Yield "app.verb_model" for each model and the verbs written for it: "view add change"."""
    for model, verbs in models.items():
        yield from (f"{app}.{verb}_{model}" for verb in verbs.split())


TABLE: dict[str, frozenset[str]] = {
    "S": frozenset(
        [
            *_permissions(
                "sectors",
                station="view change",
                district="view add change",
                sector="view add change",
                boundaryrelease="view add change delete publish",
                manningbasis="view add change",
                manningnorm="view add change",
                analysisdocument="view add change",
            ),
            *_permissions(
                "officers",
                officer="view add change",
                portrait="view add change delete",
                profiledraft="view change delete",
                dutyhours="view add change delete",
                assignment="view add change",
                absence="view add change",
                cover="view add change",
                liaison="view add change",
                user="view add change",
                invitation="view add change",
            ),
        ]
    ),
    "D": frozenset(
        [
            *_permissions(
                "sectors",
                district="view",
                sector="view",
                boundaryrelease="view",
                manningbasis="view",
                analysisdocument="view add change",
            ),
            *_permissions(
                "officers",
                officer="view",
                portrait="view",
                dutyhours="view",
                assignment="view",
                absence="view",
                cover="view",
                liaison="view",
            ),
        ]
    ),
    "P": frozenset(_permissions("sectors", analysisdocument="view add change", sector="view")),
    "X": frozenset(
        [
            *_permissions("sectors", station="view add change", district="view"),
            *_permissions(
                "officers",
                user="view add change",
                invitation="view add change",
                leadership="view add change",
                staffrole="view add change",
                unit="view add change",
            ),
            *_permissions("notifications", notification="view change"),
        ]
    ),
    "V": frozenset(
        [
            *_permissions("sectors", station="view", district="view", sector="view", boundaryrelease="view"),
            *_permissions(
                "officers",
                assignment="view",
                absence="view",
                cover="view",
                liaison="view",
                user="view",
                leadership="view",
                staffrole="view",
                unit="view",
            ),
        ]
    ),
}


def grants(standing: Standing, permission: str, obj: Model | None = None) -> bool:
    """Tell whether the standing has the permission over `obj`; without an object, over any at all."""
    return any(
        permission in TABLE.get(letter, ()) and (obj is None or reaches(standing, letter, obj))
        for letter in standing.letters
    )


def grants_in_app(standing: Standing, app_label: str) -> bool:
    """Tell whether the standing has any permission within the app."""
    prefix = f"{app_label}."
    return any(
        permission.startswith(prefix) for letter in standing.letters for permission in TABLE.get(letter, ())
    )


def reaches(standing: Standing, letter: str, obj: Any) -> bool:
    """Tell whether the object lies within what the letter is about: a station, a district, a role's station."""
    match letter:
        case "S":
            return bool(standing.stations & _stations(obj))
        case "D":
            return bool(standing.districts & _districts(obj))
        case "P":
            return bool(standing.stations_as(StaffRole.Role.ANALYST) & _stations(obj))
    return True


def _stations(obj: Any) -> set[int | None]:
    """Return the stations that an object belongs to."""
    match obj:
        case Station():
            return {obj.pk}
        case User():
            return set(Officer.objects.filter(user=obj).values_list("station", flat=True))
        case Officer() | District() | Sector() | BoundaryRelease() | AnalysisDocument() | ManningNorm():
            return {obj.station_id}
        case Absence():
            return {obj.officer.station_id}
        case Assignment() | Cover() | Liaison() | ManningBasis():
            return {obj.sector.station_id}
    return {getattr(obj.officer, "station_id", None)} if hasattr(obj, "officer") else set()


def _districts(obj: Any) -> set[int | None]:
    """Return the districts that an object belongs to; an officer's are those of the sectors they are appointed to."""
    match obj:
        case District():
            return {obj.pk}
        case Sector():
            return {obj.district_id}
        case BoundaryRelease():
            return set(obj.station.districts.values_list("pk", flat=True))
        case AnalysisDocument():
            return set(obj.sectors.values_list("district", flat=True))
        case Officer():
            return set(obj.assignments.valid().values_list("sector__district", flat=True))
        case Assignment() | Cover() | Liaison() | ManningBasis():
            return {obj.sector.district_id}
    return _districts(obj.officer) if hasattr(obj, "officer") else set()
