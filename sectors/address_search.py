"""Find addresses by what people type: suggestions while they type, matches when they are done."""

from sectors.address_resolve import AddressMatch, Resolution, resolve
from sectors.address_suggest import Suggestion, suggest

__all__ = ["AddressMatch", "Resolution", "Suggestion", "resolve", "suggest"]
