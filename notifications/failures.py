"""What can become of an attempt to send, whatever the channel. The text is the kind of failure, never its content."""


class Refused(Exception):
    """It will never be taken for this recipient; `is_address`: nor will anything else that goes to this address."""

    def __init__(self, error: str, *, is_address: bool = False) -> None:
        super().__init__(error)
        self.is_address = is_address


class TryLater(Exception):
    """It was not taken now. Where the channel is away altogether, the next one would fail in the same way."""

    def __init__(self, error: str, *, is_away: bool) -> None:
        super().__init__(error)
        self.is_away = is_away
