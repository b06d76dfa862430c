"""Letters that shrink in steps, so that the longest name fits; never cut off, never too small to read."""


def step(text: str, *limits: int) -> int:
    """Return by how many steps the text is to be smaller: one for each number of characters that it exceeds."""
    return sum(len(text) > limit for limit in limits)


def longest_word(text: str) -> int:
    """Return the characters of the longest stretch that no line breaks within; hyphens let it break."""
    return max((len(word) for word in text.replace("-", "- ").split()), default=0)
