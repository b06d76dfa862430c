"""The admin of the geography: who is organised how, and the boundary releases."""

from sectors.admin import organisation

__all__ = ["organisation"]
