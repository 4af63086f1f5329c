"""Masks in the texts of a message what its own fields of persons say: names, numbers, addresses.

`told` of grammar.yml has the fields, and how many components of each. A word of a name counts from four letters on.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from include.pipeline.formats.hl7v2.grammar import words
from include.pipeline.formats.hl7v2.marks import Marks

MASK = "***"
SHORTEST, SHORTEST_WORD = 3, 4
LETTERS = re.compile(r"[^\W\d_]+")


class Told:
    """What a message has told of persons so far."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    def learn(self, name: str, fields: Sequence[str], marks: Marks) -> None:
        """Take note of what the fields of a segment say."""
        for place, components in words()["personal"]["told"][name].items():
            for repetition in fields[place].split(marks.repetition) if place < len(fields) else ():
                for component in repetition.split(marks.component)[:components]:
                    self._add(component, marks)

    def _add(self, component: str, marks: Marks) -> None:
        for text in component.split(marks.part):
            whole = _folded(marks.text(text))
            self.texts |= {whole} if len(whole) >= SHORTEST else set()
            self.texts |= {word for word in LETTERS.findall(whole) if len(word) >= SHORTEST_WORD}

    def masked(self, text: str) -> str:
        """A text in which none of them stands as words of their own."""
        folded = _folded(text)
        if found := [told for told in self.texts if told in folded]:
            either = "|".join(map(re.escape, sorted(found, key=len, reverse=True)))
            for match in reversed([*re.finditer(rf"(?<!\w)(?:{either})(?!\w)", folded)]):
                text = text[: match.start()] + MASK + text[match.end() :]
        return text


def _folded(text: str) -> str:
    """A text without capitals and accents, as long as before."""
    return text.lower() if text.isascii() else "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter)[0].lower()[0]
