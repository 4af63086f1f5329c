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


def retold(spoken: str, kept: str) -> str:
    """A reason that was kept in anybody's language, in another; words of a person's own are as they were."""
    for kind in _described().values():
        for said in kind.values():
            for text in said.values():
                if kept == text or kept.startswith(f"{text}: "):
                    return said[spoken] + kept.removeprefix(text)
    return kept


@cache
def _described() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    described: Mapping[str, Mapping[str, Mapping[str, str]]] = read_yaml(Path(__file__).with_name("reasons.yml"))
    return described
