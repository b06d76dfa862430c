"""The admin of the geography: who is organised how, and the boundary releases."""

from sectors.admin import organisation, releases

__all__ = ["organisation", "releases"]
