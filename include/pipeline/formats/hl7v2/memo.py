"""What functions of texts have said: the same codes, units and times come again and again."""

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Memo(dict[str, Found], Generic[Found]):
    """What a function says of each text."""

    LONGEST = 200

    def __init__(self, function: Callable[[str], Found], most: int = 20_000) -> None:
        super().__init__()
        self.function = function
        self.most = most

    def __missing__(self, text: str) -> Found:
        found = self.function(text)
        if len(text) <= self.LONGEST:
            if len(self) >= self.most:
                self.clear()
            self[text] = found
        return found


def by_kind(function: Callable[[str, str], str]) -> Memo[Memo[str]]:
    """What a function says of a type of values and a text, as `[kind][text]`."""
    return Memo(lambda kind: Memo(partial(function, kind)), most=100)
