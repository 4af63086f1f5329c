"""Paths into a resource: the plain part of FHIRPath (`subject.reference`), with choices in brackets.

`code.coding[system=http://loinc.org].code` chooses by what stands in an element, never by its place. A path takes the
first simple value that it leads to. It may end in a name of `ENDINGS`, which is worked out of the element before it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from include.basics.errors import RegistryError
from include.pipeline.formats.fhir import measures, references
from include.pipeline.formats.fhir.codes import coded, says
from include.pipeline.formats.fhir.decoding import part, text_of
from include.pipeline.formats.quantities import NUMBER, UNITS

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CHOICE = re.compile(r"\[([A-Za-z_][A-Za-z0-9_.]*)=([^\]]*)\]")
QUOTED = re.compile(r"(['\"])(.*)\1")
ENDINGS: dict[str, Callable[[Any], str | None]] = {
    "value": measures.value,
    NUMBER: measures.number,
    "unit": measures.unit,
    "low": lambda node: measures.normal(node)[0],
    "high": lambda node: measures.normal(node)[1],
    **{unit: partial(measures.in_unit, wanted=unit) for unit in UNITS},
    "target": references.target,
    "kind": references.kind,
    "code": lambda node: coded(node).code,
    "loinc": lambda node: coded(node).loinc,
    "local_code": lambda node: coded(node).local,
}


@dataclass(frozen=True)
class Choice:
    """That an element must say something: `[system=http://loinc.org]`."""

    steps: tuple["Step", ...]
    wanted: str

    def takes(self, node: Any) -> bool:
        """Whether the element says it."""
        return any(says(found, self.wanted) for found in nodes(node, self.steps))


@dataclass(frozen=True)
class Step:
    """The way from an element to those below it; without a name it stays."""

    name: str
    choices: tuple[Choice, ...] = ()


def parse(path: str) -> tuple[Step, ...]:
    """The steps of a path; raises RegistryError REG-401 when it is none."""
    steps: list[Step] = []
    place = 0
    while True:
        name = NAME.match(path, place)
        place = name.end() if name else place
        choices = []
        while choice := CHOICE.match(path, place):
            choices.append(Choice(parse(choice[1]), QUOTED.sub(r"\2", choice[2])))
            place = choice.end()
        if not name and (steps or not choices):
            raise RegistryError("REG-401", f"{path} is no path into a FHIR resource.")
        steps.append(Step(name[0] if name else "", tuple(choices)))
        if place == len(path):
            return tuple(steps)
        if path[place] != ".":
            raise RegistryError("REG-401", f"{path} is no path into a FHIR resource.")
        place += 1


def nodes(node: Any, steps: tuple[Step, ...]) -> Iterator[Any]:
    """What steps lead to, in the order of the resource."""
    if not steps:
        yield node
        return
    step, rest = steps[0], steps[1:]
    for found in _below(node, step, is_last=not rest):
        if all(choice.takes(found) for choice in step.choices):
            yield from nodes(found, rest)


def _below(node: Any, step: Step, *, is_last: bool) -> list[Any]:
    if not step.name:
        return [node]
    found = part(node, step.name)
    if found is None and is_last and step.name in ENDINGS:
        found = ENDINGS[step.name](node)
    if found is None:
        return []
    return found if type(found) is list else [found]


def getter(steps: tuple[Step, ...]) -> Callable[[Any], str | None]:
    """A function that takes the first simple value that steps lead to."""
    if len(steps) == 1 and steps[0].name and not steps[0].choices and steps[0].name not in ENDINGS:
        name = steps[0].name
        return lambda node: _plain(node, name, steps)
    return lambda node: _first(node, steps)


def _plain(node: Any, name: str, steps: tuple[Step, ...]) -> str | None:
    found = part(node, name)
    return _first(node, steps) if type(found) is list else text_of(found)


def _first(node: Any, steps: tuple[Step, ...]) -> str | None:
    return next((text for found in nodes(node, steps) if (text := text_of(found)) is not None), None)
