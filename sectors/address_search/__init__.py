"""Find addresses by what people type: suggestions while they type, matches when they are done."""

from sectors.address_search.matching import AddressMatch, Resolution, resolve
from sectors.address_search.suggesting import Suggestion, suggest

__all__ = ["AddressMatch", "Resolution", "Suggestion", "resolve", "suggest"]
