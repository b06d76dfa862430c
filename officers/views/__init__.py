"""The pages of staff: a sector's dossier, its documents, an officer's own profile."""
