"""The admin of the geography: who is organised how, the boundary releases, manning and analysis documents."""

from sectors.admin import documents, manning, organisation, releases

__all__ = ["documents", "manning", "organisation", "releases"]
