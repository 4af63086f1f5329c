"""The reasons that a person can choose from; reasons.yml has them in every language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from include.definitions.described import read_yaml

OTHER = "other"


def reasons(spoken: str) -> dict[str, str]:
    """Each reason in a language."""
    return {name: said[spoken] for name, said in _described().items()}


def worded(spoken: str, chosen: str, more: str) -> str:
    """What is kept as the reason; empty when nothing is said, or no reason of the list was chosen."""
    more = more.strip()
    if chosen == OTHER:
        return more
    return ": ".join(filter(None, (reasons(spoken).get(chosen), more)))


@cache
def _described() -> Mapping[str, Mapping[str, str]]:
    described: Mapping[str, Mapping[str, str]] = read_yaml(Path(__file__).with_name("reasons.yml"))
    return described
