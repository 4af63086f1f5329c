"""How a table's text may be written: encoding, delimiter, formats of days and times, decimal sign. Guesses."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain, islice
from typing import Any

from include.people.sites.naming import WORDS, plain
from include.pipeline.mapping.dates import ENGLISH, months

UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
DATES = (
    *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d"),
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%m/%Y", "%m.%Y"),
)
NAMED = ("%d %b %Y", "%d. %b %Y", "%d-%b-%Y", "%d/%b/%Y", "%d.%b.%Y", "%b %d, %Y", "%d%b%Y", "%d-%b-%y", "%b %Y")
"""Formats with a month's name, long or short."""
MONTH = re.compile(r"[^\W\d_]+\.?")
TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S", " %I:%M %p")
FITS = 0.9
"""Share of a column's texts that a format has to read: some cells say why there is no day."""
LOOKED_AT = 2000
COMMA = re.compile(r"[<>=≤≥ ]*[-+]?[0-9]{1,3}([.\s\u00a0\u202f'’]?[0-9]{3})*,[0-9]+")
POINT = re.compile(r"[<>=≤≥ ]*[-+]?[0-9]{1,3}([,\s]?[0-9]{3})*\.[0-9]+")
WHOLE = re.compile(r"[<>=≤≥ ]*[-+]?[0-9]{1,3}([.\s\u00a0\u202f'’][0-9]{3})+(,[0-9]+)?")
THOUSANDS = re.compile(r"[<>=≤≥ ]*[-+]?[1-9][0-9]{0,2},[0-9]{3}")
EIGHT_DIGITS = re.compile(r"[0-9]{8}(?![0-9])")
CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: *(?:Uhr|h|[ap]m))?", re.IGNORECASE)
WITH_CLOCK = re.compile(r"[0-9][T ]+[0-9]{1,2}:[0-9]{2}")
BLANKS = " \u00a0\u202f"

OLDER = ("cp1252", "mac_roman", "cp850")
"""Encodings of Windows, the Macintosh and DOS; of two that are as likely the first."""
LETTERS = "áàâäãåæçéèêëíìîïñóòôöõøßúùûü°µ"
"""What words of western Europe have beyond ASCII: with another encoding most of them are capitals and signs."""


def decoded(raw: bytes) -> tuple[str, str | None, bool]:
    """A text, the encoding that a profile has to name (None = UTF-8 or a mark says it), and whether it is a guess."""
    for mark, encoding in UTF_16.items():
        if raw.startswith(mark):
            return raw[: len(raw) // 2 * 2].decode(encoding, "replace").removeprefix("\ufeff"), "utf-16", False
    if b"\0" in raw[:1000]:
        encoding = "utf-16-le" if raw[1:1000:2].count(0) > raw[:1000:2].count(0) else "utf-16-be"
        return raw[: len(raw) // 2 * 2].decode(encoding, "replace"), encoding, False
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(raw), None, False
    except UnicodeDecodeError:
        texts = {encoding: raw.decode(encoding, "replace") for encoding in OLDER}
        likely = max(OLDER, key=lambda encoding: sum(texts[encoding].count(letter) for letter in LETTERS))
        return texts[likely], likely, True


def delimiter_of(text: str) -> str:
    """The delimiter by which most of the first lines have the same number of cells, and of such the most cells."""
    return max(",;\t|", key=lambda one: _agreeing(text, one))


def _agreeing(text: str, delimiter: str) -> tuple[int, int]:
    widths = Counter(len(row) for row in csv.reader(text.splitlines()[:20], delimiter=delimiter))
    return max(((lines, width) for width, lines in widths.items() if width > 1), default=(0, 0))


def language_of(columns: Mapping[str, Sequence[str]]) -> str:
    """The language of the columns' names and of the names of months in their cells: fr, de, else en."""
    names = {word for column in columns for word in plain(column).split()}
    dated = {cell for cells in columns.values() for cell in cells[:LOOKED_AT] if any(map(str.isdigit, cell))}
    said = {word for cell in dated for word in plain(cell).split()}
    known = {language: set(chain(*twelve)) for language, twelve in months().items()}

    def count(language: str) -> int:
        others = {word for one, words in known.items() if one != language for word in words}
        return len(names & {*WORDS["languages"].get(language, ())}) + 2 * len(said & known[language] - others)

    best = max(known, key=count)
    return best if count(best) > 1 else "en"


def dates_of(columns: Mapping[str, Sequence[str]], language: str) -> tuple[dict[str, list[str]], list[str]]:
    """Formats that read the columns which look like days or times, and the columns that two of them read."""
    found: dict[str, list[str]] = {"date": [], "timestamp": []}
    doubted = []
    for column, texts in columns.items():
        cells = [_in_english(cell, language) for cell in texts[:LOOKED_AT]]
        fitting = [one for one in _formats() if cells and reads(one, cells)]
        if not fitting or fitting[0].startswith("%Y-%m-%d"):
            continue
        kind = "timestamp" if "%H" in fitting[0] or "%I" in fitting[0] else "date"
        found[kind] += [] if fitting[0] in found[kind] else [fitting[0]]
        if any(one.startswith("%m/%d") for one in fitting) and any(one.startswith("%d/") for one in fitting):
            doubted.append(column)
    times = [t for t in (" %H:%M", " %H:%M:%S") if any(cells and reads(t.strip(), cells) for cells in columns.values())]
    found["timestamp"] += [one + time for one in found["date"] for time in times if "%d" in one]
    return {kind: formats for kind, formats in found.items() if formats}, doubted


def _in_english(cell: str, language: str) -> str:
    """A cell with the name of its month as `%b` reads it."""
    return MONTH.sub(lambda word: _short_months()[language].get(plain(word[0]), word[0]), cell)


@cache
def _short_months() -> dict[str, dict[str, str]]:
    return {
        language: {word: english for words, english in zip(said, ENGLISH, strict=True) for word in words}
        for language, said in months().items()
    }


def _formats() -> Iterable[str]:
    return (day + time for day in (*DATES, *NAMED) for time in TIMES)


def reads(one: str, cells: Sequence[str]) -> bool:
    """Whether a format reads as good as all texts."""
    misses = (place for place, cell in enumerate(cells[:LOOKED_AT]) if not _reads(one, cell))
    allowed = int((1 - FITS) * min(len(cells), LOOKED_AT))
    return next(islice(misses, allowed, None), None) is None


def _reads(one: str, cell: str) -> bool:
    if one.startswith("%Y%m%d") and not EIGHT_DIGITS.match(cell):
        return False
    try:
        datetime.strptime(cell, one)
    except ValueError:
        return False
    return True


def decimal_of(columns: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], bool]:
    """A decimal comma and the marks between thousands, where some number has a comma and none a point for it.

    And whether commas may be decimal signs, or between thousands: before three digits alone, or beside points.
    """
    numbers = [cell for cells in columns.values() if not _holds_days(cells) for cell in cells]
    has_point = any(POINT.fullmatch(one) and not WHOLE.fullmatch(one) for one in numbers)
    commas = list(filter(COMMA.fullmatch, numbers))
    if has_point or all(map(THOUSANDS.fullmatch, commas)):
        return {}, (bool(commas) and not has_point) or not all(map(THOUSANDS.fullmatch, commas))
    groups = "".join(found[1] for one in numbers if (found := WHOLE.fullmatch(one)))
    marks = "".join(mark for mark in ".'’" if mark in groups) + (BLANKS if any(map(str.isspace, groups)) else "")
    return {"decimal": ","} | ({"group": marks} if marks else {}), False


def is_clock(cells: Sequence[str]) -> bool:
    """Whether texts are times of a day without their day."""
    return bool(cells) and all(map(CLOCK.fullmatch, cells[:LOOKED_AT]))


def has_clock(cells: Sequence[str]) -> bool:
    """Whether some text is a day with its time."""
    return any(map(WITH_CLOCK.search, cells[:LOOKED_AT]))


def _holds_days(cells: Sequence[str]) -> bool:
    return any(reads(one, cells) for one in _formats()) if cells else True
