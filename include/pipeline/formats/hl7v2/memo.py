"""What functions of texts have said: the same codes, units and times come again and again."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Found = TypeVar("Found")
Text = TypeVar("Text", bound=Sequence[str])


class Memo(dict[Text, Found], Generic[Text, Found]):
    """What a function says of each text, or of several together."""

    LONGEST = 200

    def __init__(self, function: Callable[[Text], Found], most: int = 20_000) -> None:
        super().__init__()
        self.function = function
        self.most = most

    def __missing__(self, text: Text) -> Found:
        found = self.function(text)
        if sum(map(len, text)) <= self.LONGEST:
            if len(self) >= self.most:
                self.clear()
            self[text] = found
        return found
