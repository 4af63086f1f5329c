"""Mutations of the header and of whole columns."""

from dataclasses import replace
from random import Random

from tests.mutations.cells import with_cell
from tests.mutations.good import SENTINEL, Extract, Mutant, Mutation, written

HEADERS = (
    "",
    " ",
    '"',
    "a\nb",
    "\t",
    "'",
    "row_number",
    "column 1",
    "é",
    "\ufeff",
    "x" * 5000,
    f"{SENTINEL}",
    "; DROP TABLE ops.load",
)


def column_lost(random: Random, extract: Extract) -> Mutant:
    gone = random.randrange(len(extract.header))
    return written("a column lost", _chosen(extract, [p for p in _places(extract) if p != gone]), len(extract.rows))


def columns_in_any_order(random: Random, extract: Extract) -> Mutant:
    places = _places(extract)
    random.shuffle(places)
    return written("columns in another order", _chosen(extract, places), len(extract.rows))


def column_twice(random: Random, extract: Extract) -> Mutant:
    places = _places(extract)
    places.insert(random.randrange(len(places)), random.choice(places))
    return written("a column twice", _chosen(extract, places), len(extract.rows))


def headers_swapped(random: Random, extract: Extract) -> Mutant:
    """Two names change places and the cells below them do not."""
    one, other = random.sample(_places(extract), 2)
    header = with_cell(with_cell(extract.header, one, extract.header[other]), other, extract.header[one])
    return written("two names swapped", replace(extract, header=header).text(), len(extract.rows))


def name_changed(random: Random, extract: Extract) -> Mutant:
    place = random.randrange(len(extract.header))
    header = with_cell(extract.header, place, random.choice(HEADERS))
    return written("a name changed", replace(extract, header=header).text())


def names_in_capitals(_: Random, extract: Extract) -> Mutant:
    header = tuple(name.upper() for name in extract.header)
    return written("names in capitals", replace(extract, header=header).text(), len(extract.rows))


def names_with_spaces(_: Random, extract: Extract) -> Mutant:
    header = tuple(f" {name} " for name in extract.header)
    return written("names with spaces", replace(extract, header=header).text(), len(extract.rows))


def column_beside_its_capitals(random: Random, extract: Extract) -> Mutant:
    place = random.randrange(len(extract.header))
    more = replace(
        extract,
        header=(extract.header[place].upper(), *extract.header),
        rows=tuple((SENTINEL, *row) for row in extract.rows),
    )
    return written("a name beside its capitals", more.text(), len(extract.rows))


def columns_added(random: Random, extract: Extract) -> Mutant:
    count = random.choice((1, 2, 300))
    header = (*extract.header, *(f"more_{number}" for number in range(count)))
    rows = tuple((*row, *([SENTINEL] * count)) for row in extract.rows)
    return written("columns added", replace(extract, header=header, rows=rows).text(), len(extract.rows))


def no_header(_: Random, extract: Extract) -> Mutant:
    return written("no header", extract.text().split("\n", 1)[1])


def header_alone(_: Random, extract: Extract) -> Mutant:
    return written("the header alone", extract.with_rows([]).text(), 0)


def _places(extract: Extract) -> list[int]:
    return list(range(len(extract.header)))


def _chosen(extract: Extract, places: list[int]) -> str:
    header = tuple(extract.header[place] for place in places)
    rows = tuple(tuple(row[place] for place in places) for row in extract.rows)
    return replace(extract, header=header, rows=rows).text()


MUTATIONS: tuple[Mutation, ...] = (
    column_lost,
    columns_in_any_order,
    column_twice,
    headers_swapped,
    name_changed,
    names_in_capitals,
    names_with_spaces,
    column_beside_its_capitals,
    columns_added,
    no_header,
    header_alone,
)
