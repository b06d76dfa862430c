"""The geography of a station: its districts and sectors, their boundaries, and the address register."""

from sectors.models.addresses import Address, AddressImport, Street
from sectors.models.boundaries import Boundary, BoundaryRelease, Neighbour
from sectors.models.documents import AnalysisDocument
from sectors.models.manning import ManningBasis, ManningNorm
from sectors.models.organisation import District, Sector, Station
from sectors.models.register import RegisterVersion

__all__ = [
    "Address",
    "AddressImport",
    "AnalysisDocument",
    "Boundary",
    "BoundaryRelease",
    "District",
    "ManningBasis",
    "ManningNorm",
    "Neighbour",
    "RegisterVersion",
    "Sector",
    "Station",
    "Street",
]
