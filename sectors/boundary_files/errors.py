"""Why a boundary file cannot be taken."""


class BoundaryFileError(ValueError):
    """A boundary file cannot be read. Its text is a sentence that says what to do about it."""
