"""The reasons that a person can choose from; reasons.yml has them in every language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from include.definitions.described import read_yaml

OTHER = "other"


def reasons(spoken: str, *about: str) -> dict[str, str]:
    """Each reason for a decision about `rows` or `files` in a language; about neither, those for any decision."""
    return {name: said[spoken] for kind in (*about, "any") for name, said in _described()[kind].items()}


def worded(spoken: str, chosen: str, more: str) -> str:
    """What is kept as the reason; empty when nothing is said, or no reason of the list was chosen."""
    more = more.strip()
    if chosen == OTHER:
        return more
    return ": ".join(filter(None, (reasons(spoken, "rows", "files").get(chosen), more)))


@cache
def _described() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    described: Mapping[str, Mapping[str, Mapping[str, str]]] = read_yaml(Path(__file__).with_name("reasons.yml"))
    return described
