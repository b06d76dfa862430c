"""The geography of a station: its districts and sectors, their boundaries, and the address register."""

from sectors.models.addresses import Address, AddressImport, Street
from sectors.models.boundaries import Boundary, BoundaryRelease, Neighbour
from sectors.models.organisation import District, Sector, Station
from sectors.models.register import RegisterVersion

__all__ = [
    "Address",
    "AddressImport",
    "Boundary",
    "BoundaryRelease",
    "District",
    "Neighbour",
    "RegisterVersion",
    "Sector",
    "Station",
    "Street",
]
