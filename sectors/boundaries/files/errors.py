"""Why a boundary file cannot be taken."""


class BoundaryFileError(ValueError):
    """A boundary file cannot be read. Its text is a sentence that says what to do about it.

    `option` is how the command line says the same ("--crs EPSG:25832"); a form has a field for it.
    """

    def __init__(self, sentence: str, *, option: str = "") -> None:
        super().__init__(sentence)
        self.option = option
