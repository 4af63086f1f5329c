"""What can raise an alarm: the causes of `causes.yml`, each with a SELECT in include/sql/alarms."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.definitions.described import read_yaml

FILE = Path(__file__).with_name("causes.yml")


@dataclass(frozen=True)
class Cause:
    """A kind of alarm with the words in which it is told; causes.yml says what each means."""

    name: str
    title: str
    severity: str
    over: bool
    line: str
    todo: str
    page: str = ""


@cache
def causes() -> dict[str, Cause]:
    """Every cause by its name, in the order in which they are told."""
    return {name: Cause(name, **described) for name, described in read_yaml(FILE)["causes"].items()}
