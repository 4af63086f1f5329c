"""What a column of the contract is made of: its text, other texts that it may have, its unit, its comparator."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from include.basics.quoting import name
from include.definitions.contracts import Field
from include.definitions.sites import Column, Origin
from include.pipeline.formats.quantities import unit_of
from include.pipeline.mapping.plan import Plan
from include.pipeline.mapping.units import in_unit, number_of, written_unit
from include.pipeline.staging.reading import is_readable

COMPARATORS = "('<', '>', '=', '≤', '≥')"


@dataclass(frozen=True)
class Part:
    """A text on its way: `name` is its column meanwhile, `field` says how it is read.

    Of the role `text` a column has one, or one for each that is tried, with its unit. `origin` is where it comes from.
    """

    name: str
    field: Field
    origin: Origin | None
    role: Literal["text", "unit", "comparator"] = "text"


def parts_of(field: Field, column: Column | None) -> Iterator[Part]:
    """The parts of a column; the first has its name."""
    for text, origin in _tried(field, column):
        yield Part(text, field, origin)
        if column and unit_of(field.name):
            yield Part(_unit(text), replace(field, type="text"), column.unit, "unit")
    if column and column.comparator:
        yield Part(_comparator(field), replace(field, type="text"), column.comparator, "comparator")


def _tried(field: Field, column: Column | None) -> Iterator[tuple[str, Origin | None]]:
    """The name of each text that a column may have, and where it comes from."""
    if column is None or not column.first_readable:
        yield field.name, column
        return
    for place, source in enumerate(column.first_readable):
        only = column.model_copy(update={"first_readable": [], "from_": [source]})
        yield f"{field.name} {place}" if place else field.name, only


def _unit(text: str) -> str:
    return f"{text} unit"


def _comparator(field: Field) -> str:
    return f"{field.name} comparator"


def split_unit(plan: Plan, part: Part) -> str:
    """A number without the unit behind it, and that unit: a DuckDB expression of each text."""
    text = name(part.name)
    if unit_of(part.field.name) is None:
        return text
    return number_of(text) if part.role == "text" else written_unit(name(part.name.removesuffix(" unit")), text)


def made_of(field: Field, column: Column | None) -> str:
    """A column of the contract from its parts, which are read."""
    if column is None:
        return name(field.name)
    wanted = unit_of(field.name)
    tried = [
        in_unit(name(text), name(_unit(text)), wanted) if wanted else name(text) for text, _ in _tried(field, column)
    ]
    readable = [f"CASE WHEN {is_readable(field, text)} THEN {text} END" for text in tried]
    text = f"COALESCE({', '.join([*readable, *tried])})" if len(tried) > 1 else tried[0]
    return _compared(text, name(_comparator(field))) if column.comparator else text


def _compared(text: str, said: str) -> str:
    """A number with a comparator before it, if it has none; with a word that is none it is no number."""
    return (
        f"CASE WHEN {said} IS NULL OR {said} = '=' OR LEFT({text}, 1) IN {COMPARATORS} THEN {text} "
        f"WHEN LEFT({said}, 1) IN {COMPARATORS} THEN {said} || {text} ELSE {said} || ' ' || {text} END"
    )
