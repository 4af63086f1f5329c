"""Dates and times of a site as ISO 8601 writes them: DuckDB expressions. What no format reads stays as it is."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from include.basics.quoting import literal
from include.definitions.described import read_yaml
from include.definitions.sites import Dates
from include.pipeline.staging.reading import instant_of

MONTH = re.compile(r"%[bB]\.?")
"""A month's name in a format: short or long, with or without a point."""
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PIVOT = 1969
"""The first year that `%y` reads."""
DAY = 86400
UTC = "+00:00"
SERIAL = {
    "serial": (25569, 1, ""),
    "serial_1904": (24107, 1, ""),
    "serial_1960": (3653, 1, ""),
    "serial_1970": (0, 1, ""),
    "seconds_1960": (3653, DAY, ""),
    "seconds_1970": (0, DAY, UTC),
    "milliseconds_1970": (0, 1000 * DAY, UTC),
}
"""Formats of numbers that count: the days up to 1970-01-01, how much of what they count is a day, and their offset.

Spreadsheets count days from 1900 or 1904, SAS days and seconds from 1960, R days and Unix seconds from 1970: those of a
wall clock, but for Unix, whose seconds are UTC's.
"""


def read_date(text: str, dates: Dates, formats: Sequence[str]) -> str:
    """A date or a time, or as much of it as the first format that reads it has.

    Not COALESCE: DuckDB would try every format with every text.
    """
    tried = [_of_serial(text, *SERIAL[one]) if one in SERIAL else _by_format(text, one, dates) for one in formats]
    return f"CASE {' '.join(tried)} ELSE {text} END" if tried else text


def _by_format(text: str, one: str, dates: Dates) -> str:
    """A year of two digits is none that `%Y` reads, or `04.05.24` would be of the year 24."""
    english = MONTH.sub("%b", one)
    said = _in_english(text, dates.language) if MONTH.search(one) else text
    time = f"TRY_STRPTIME({said}, {literal(english)})"
    is_read = ">= TIMESTAMP '1000-01-01'" if "%Y" in one else "IS NOT NULL"
    meant = _of_century(time, dates.first_year) if "%y" in one and dates.first_year != PIVOT else time
    return f"WHEN {time} {is_read} THEN strftime({meant}, {literal(_written(one))})"


def _of_century(time: str, first: int) -> str:
    """A time whose year is of the hundred years from `first` on, where `%y` takes it for one from 1969 on."""
    year = f"YEAR({time})"
    shift = f"CASE WHEN {year} >= {first + 100} THEN -100 WHEN {year} < {first} THEN 100 ELSE 0 END"
    return f"{time} + to_years({shift})"


def _in_english(text: str, language: str) -> str:
    """A text with the name of its month as `%b` reads it."""
    names = {said: english for one, english in zip(months()[language], ENGLISH, strict=True) for said in one}
    month = rf"(?i)\b({'|'.join(sorted(names, key=len, reverse=True))})\b"
    words = " ".join(f"WHEN {literal(said)} THEN {literal(english)}" for said, english in names.items())
    bare = f"strip_accents({text})"
    found = f"CASE lower(regexp_extract({bare}, {literal(month)}, 1)) {words} ELSE '' END"
    pointed = literal(rf"{month}\.?")
    return f"regexp_replace({bare}, {pointed}, {found})"


@cache
def months() -> Mapping[str, list[list[str]]]:
    """Of each language what the months are called, from January on."""
    return dict(read_yaml(Path(__file__).with_name("months.yml")))


def _of_serial(text: str, unix: int, of_day: int, offset: str) -> str:
    """The time that is counted in parts of a day, or a day and behind a blank its time, as a clock says it or as a part
    of the day; of 1910 to 2199, so that no year is one. A whole number of days alone says no time of the day.
    """
    written = _dotted(text)
    day, rest = (f"TRY_CAST(SPLIT_PART({written}, ' ', {place}) AS DOUBLE)" for place in (1, 2))
    clock = f"epoch(TRY_CAST(NULLIF(SPLIT_PART({text}, ' ', 2), '') AS TIME)) / 86400"
    part = f"CASE WHEN {rest} >= 0 AND {rest} < 1 THEN {rest} ELSE {clock} END"
    counted = day if of_day == 1 else f"{day} / {of_day}"
    days = f"({counted} + CASE WHEN CONTAINS({text}, ' ') THEN {part} ELSE 0 END - {unix})"
    time = f"make_timestamp(TRY_CAST(ROUND({days} * 86400) AS BIGINT) * 1000000)"
    end = f"CASE WHEN {days} = FLOOR({days}) AND NOT CONTAINS({text}, ' ') THEN 10 ELSE 19 END" if of_day == 1 else "25"
    spelled = literal(f"%Y-%m-%dT%H:%M:%S{offset}")
    return f"WHEN {days} >= -21915 AND {days} < 84006 THEN SUBSTR(strftime({time}, {spelled}), 1, {end})"


def _dotted(text: str) -> str:
    """A count with a point; of `45_418`, which DuckDB would read, no number."""
    return f"TRANSLATE({text}, ',_', '.?')"


def _written(one: str) -> str:
    """How precisely a format says it."""
    if "%d" not in one and "%j" not in one:
        return "%Y-%m" if any(month in one for month in ("%m", "%b", "%B")) else "%Y"
    if "%H" not in one and "%I" not in one:
        return "%Y-%m-%d"
    return f"%Y-%m-%dT%H:%M:%S{'.%f' if '%f' in one else ''}{'%z' if '%z' in one else ''}"


def one_spelling(text: str, dates: Dates, formats: Sequence[str]) -> str:
    """A day or time of a spreadsheet as one text, be it counted, a date or written: in a key it has to be the same.

    Midnight is the day: a sheet has it for a day in a column of times. A part of a day is what the clock says.
    """
    part = f"TRY_CAST({_dotted(text)} AS DOUBLE)"
    clock = f"strftime(make_timestamp(CAST(ROUND({part} * 86400) AS BIGINT) * 1000000), '%H:%M:%S')"
    read = f"regexp_replace({read_date(text, dates, formats)}, '[T ]00:00:00$', '')"
    return f"CASE WHEN {part} > 0 AND {part} < 1 THEN {clock} ELSE {read} END"


def in_zone(text: str, instant: str, local: str) -> str:
    """A text that is an instant as a zone's wall clock, with its offset then; other texts stay.

    `instant` is the text's, `local` that on the wall clock.
    """
    minutes = f"CAST(ROUND(epoch({local} - {instant}) / 60) AS BIGINT)"
    sign = f"CASE WHEN {minutes} < 0 THEN '-' ELSE '+' END"
    offset = f"printf('%02d:%02d', ABS({minutes}) // 60, ABS({minutes}) % 60)"
    written = f"strftime({local}, '%Y-%m-%dT%H:%M:%S.%f') || {sign} || {offset}"
    return f"CASE WHEN {instant} IS NULL THEN {text} ELSE {written} END"


def instant_in(text: str) -> str:
    """The instant that is written with an offset, in UTC; NULL of other texts."""
    return f"CASE WHEN LENGTH({text}) >= 17 THEN {instant_of(text)} END"


def local_of(instant: str, zone: str) -> str:
    """An instant on a zone's wall clock."""
    return f"timezone({literal(zone)}, timezone('UTC', {instant}))"


def day_of(text: str) -> str:
    """The day of a time; what is none stays."""
    return f"CASE WHEN SUBSTR({text}, 11, 1) IN ('T', ' ') THEN SUBSTR({text}, 1, 10) ELSE {text} END"
