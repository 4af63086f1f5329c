"""Numbers of a table in the unit of their column, whatever unit they are written in: DuckDB expressions.

The unit behind a number goes before the one that the profile names. What cannot be converted keeps its unit behind it,
as numbers of messages do: it is unreadable then, and told.
"""

from include.basics.quoting import literal
from include.pipeline.formats.quantities import factors

AMOUNT = r"^([<>=≤≥ ]*[-+]?[0-9][0-9.,'’ \x{a0}\x{202f}]*(?:[eE][-+]?[0-9]+)?)[ \x{a0}\x{202f}]*([^\s0-9.,+\-][^\s]*)$"
"""A number with a unit behind it."""
COMPARATOR = r"^([<>=≤≥ ]*)([^_]*)$"
"""What stands before a number, and the number: DuckDB would read `1_5`, too."""
NUMBER, FACTOR = "DECIMAL(23, 12)", "DECIMAL(15, 9)"
"""Their product holds every digit of both."""


def number_of(text: str) -> str:
    """A number without the unit that stands behind it."""
    number = f"trim(regexp_extract({text}, {literal(AMOUNT)}, 1), ' \u00a0\u202f')"
    return f"CASE WHEN {_has_letters(text)} AND regexp_matches({text}, {literal(AMOUNT)}) THEN {number} ELSE {text} END"


def written_unit(text: str, given: str) -> str:
    """The unit that stands behind a number, else the one that is given."""
    written = f"NULLIF(regexp_extract({text}, {literal(AMOUNT)}, 2), '')"
    return f"CASE WHEN {_has_letters(text)} THEN COALESCE({written}, {given}) ELSE {given} END"


def _has_letters(text: str) -> str:
    """That a text is more than the number that most are: spares the search for a unit."""
    return f"TRY_CAST({text} AS DOUBLE) IS NULL"


def in_unit(number: str, unit: str, wanted: str) -> str:
    """A number in the unit that is wanted."""
    known = factors(wanted)
    same = ", ".join(literal(name) for name, factor in known.items() if factor == 1)
    others = [(name, factor) for name, factor in known.items() if factor != 1]
    factor = " ".join(f"WHEN {literal(name)} THEN CAST({factor:f} AS {FACTOR})" for name, factor in others)
    before, amount = (f"regexp_extract({number}, {literal(COMPARATOR)}, {place})" for place in (1, 2))
    product = f"{before} || CAST(TRY_CAST({amount} AS {NUMBER}) * CASE {unit} {factor} END AS VARCHAR)"
    return (
        f"CASE WHEN {unit} IS NULL OR {unit} IN ({same}) THEN {number} "
        f"WHEN {unit} IN ({', '.join(literal(name) for name, _ in others)}) "
        f"THEN COALESCE(RTRIM(RTRIM({product}, '0'), '.'), {number}) ELSE {number} || ' ' || {unit} END"
    )
