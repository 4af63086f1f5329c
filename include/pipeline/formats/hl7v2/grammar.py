"""Words of HL7 v2 that no hospital chooses: `grammar.yml`; and what is usual for each feed: `usual.yml`."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from include.pipeline.formats.words import read_words

FOLDER = Path(__file__).resolve().parent
OTHER_RANK = 2


@dataclass(frozen=True)
class Usual:
    """What is usual for a feed; `messages` are types (ORU) or types with event (ADT^A40), none = all of them."""

    each: str = ""
    messages: tuple[str, ...] = ()
    takes_preliminary: bool = False
    columns: dict[str, Any] = field(default_factory=dict)

    def takes(self, kind: str, event: str) -> bool:
        """Whether a message of this type and event may hold rows of the feed."""
        return not self.messages or kind in self.messages or f"{kind}^{event}" in self.messages


@cache
def words() -> dict[str, Any]:
    """The words of the grammar; raises RegistryError REG-401 when their file is wrong."""
    return read_words(FOLDER / "grammar.yml")


def usual(feed: str) -> Usual:
    """What is usual for a feed; nothing where HL7 v2 says nothing of it."""
    given = dict(_feeds().get(feed, {}))
    return Usual(**given | {"messages": tuple(given.get("messages", ()))})


def rank(segment: str) -> int:
    """How deep a segment stands in a message."""
    return int(words()["ranks"].get(segment, OTHER_RANK))


@cache
def _feeds() -> dict[str, Any]:
    return read_words(FOLDER / "usual.yml")
