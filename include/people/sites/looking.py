"""What cells look like, and which row of a table holds its names: in doubt none, for a patient's row is no heading."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import median_high

from include.people.sites.naming import is_known, is_word

Row = Sequence[str]
DAY = re.compile(r"\s*[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}\b.*")
NUMBER = re.compile(r"[<>=≤≥ ]*[-+]?[0-9][0-9\s.,%]*")
LONG_NUMBER = re.compile(r".*[0-9]{4}.*")
LOINC = re.compile(r"[0-9]{1,5}-[0-9]")
NAME = re.compile(r"[^\W\d_]+(?:[ '’.,-]+[^\W\d_]+)*\.?")
SEARCHED, LONGEST, MANY, SURE = 20, 60, 6, 2
"""Rows in which the names are looked for; signs of a word; digits in a row that no word of a list has; how many known
names a second row of them has: a patient's has none."""


def header_place(rows: Sequence[Row]) -> int | None:
    """The place of the row of names among a table's first rows; None when none is certainly one."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    usual = median_high(filled or [0])
    place = next((place for place, count in enumerate(filled[:SEARCHED]) if count >= max(1, 0.6 * usual)), None)
    return place if place is not None and _is_header(rows[place], rows[place + 1 :]) else None


def header_places(rows: Sequence[Row]) -> list[int]:
    """The places of its rows of names: two where titles stand over several columns, and none where none is certain.

    A second row that names every column, and each by another name, is enough alone.
    """
    place = header_place(rows)
    if place is None or place + 1 == len(rows):
        return [] if place is None else [place]
    titles, names = rows[place], rows[place + 1]
    has_gap = any(name.strip() and not title.strip() for title, name in zip(titles, names, strict=False))
    if not has_gap or sum(map(is_known, filter(None, names))) < SURE or not _is_header(names, rows[place + 2 :]):
        return [place]
    named = [name.strip() for name in names if name.strip()]
    is_whole = len({*named}) == len(named) and all(name.strip() for title, name in _pairs(titles, names) if title)
    return [place + 1] if is_whole else [place, place + 1]


def _pairs(titles: Row, names: Row) -> Iterator[tuple[str, str]]:
    return zip_longest((title.strip() for title in titles), names, fillvalue="")


def _is_header(names: Row, rows: Sequence[Row]) -> bool:
    """Nothing in it looks like a cell, and a name is known or a column below is of other things than words."""
    below = [row for row in rows if list(row) != list(names)]
    columns = [[row[place].strip() for row in below if place < len(row)] for place in range(len(names))]
    named = [(name.strip(), [*filter(None, cells)]) for name, cells in zip(names, columns, strict=True) if name.strip()]
    if any(_is_cell(name, cells) for name, cells in named) or _is_turned(columns[0]):
        return False
    return any(is_known(name) or (cells and all(map(is_typed, cells))) for name, cells in named)


def _is_turned(first: Sequence[str]) -> bool:
    """Whether names stand one below the other, and persons may stand beside each other."""
    return sum(map(is_known, filter(None, first))) > 1


def _is_cell(text: str, below: Sequence[str]) -> bool:
    """Whether what may be a name looks like a value, or like the texts of its column."""
    if text in below or is_typed(text) or (LONG_NUMBER.fullmatch(text) and not LOINC.fullmatch(text)):
        return True
    alike = sum(_shape(cell) == _shape(text) for cell in below)
    return any(sign.isdigit() for sign in text) and alike * 2 > len(below)


def is_typed(text: str) -> bool:
    """Whether a text is a number or a day."""
    return bool(DAY.fullmatch(text) or NUMBER.fullmatch(text))


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"[0-9]", "9", text))


def may_name_persons(cells: Sequence[str]) -> bool:
    """Whether a column holds texts of letters alone that seldom come twice, as names do."""
    if any(len(cell) > LONGEST or not NAME.fullmatch(cell) for cell in cells) or all(map(is_word, cells)):
        return False
    return len(cells) > 1 and len(set(cells)) * 2 > len(cells) and max(map(len, cells)) > 2


def described(cells: Sequence[str]) -> str:
    """What a column holds, in words that quote nothing."""
    if not cells:
        return "nothing"
    kinds = {
        "days": sum(bool(DAY.fullmatch(cell)) for cell in cells),
        "numbers": sum(bool(NUMBER.fullmatch(cell)) for cell in cells),
    }
    kind = next((kind for kind, count in kinds.items() if count * 10 >= len(cells) * 9), "texts")
    return f"{len(cells)} {kind}, {len(set(cells))} different"


@dataclass(frozen=True)
class Words:
    """The words of a column that a draft may quote; `others` counts those that it may not."""

    quoted: Counter[str]
    others: int = 0


def words_of(cells: Sequence[str], secret: set[str], most: int) -> Words:
    """The words of a column: no day, no long number that is there only once or twice, nothing that names a patient."""
    counted = Counter(cells)
    quoted = Counter({cell: count for cell, count in counted.items() if cell not in secret and _is_word(cell, count)})
    if len(quoted) > most and len(quoted) * 2 > len(cells):
        quoted = Counter()
    return Words(Counter(dict(quoted.most_common(most))), len(counted) - min(len(quoted), most))


def _is_word(cell: str, count: int) -> bool:
    has_many = re.search(rf"[0-9]{{{MANY}}}", cell)
    return len(cell) <= LONGEST and not DAY.fullmatch(cell) and not (has_many and count <= 2)
