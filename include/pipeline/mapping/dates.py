"""Dates and times of a site as ISO 8601 writes them: DuckDB expressions. What no format reads stays as it is."""

from collections.abc import Sequence

from include.pipeline.staging.reading import instant_of, is_short
from include.pipeline.staging.writing import literal

SERIAL = {"serial": 25569, "serial_1904": 24107}
"""Formats of numbers that a spreadsheet shows as a date: what they say of 1970-01-01."""


def read_date(text: str, formats: Sequence[str]) -> str:
    """A date or a time, or as much of it as the first format that reads it has."""
    tried = [_of_serial(text, SERIAL[one]) if one in SERIAL else _by_format(text, one) for one in formats]
    return f"COALESCE({', '.join([*tried, text])})" if tried else text


def _by_format(text: str, one: str) -> str:
    """A year of two digits is none that `%Y` reads, or `04.05.24` would be of the year 24."""
    time = f"TRY_STRPTIME({text}, {literal(one)})"
    read = f"CASE WHEN {time} >= TIMESTAMP '1000-01-01' THEN {time} END" if "%Y" in one else time
    return f"strftime({read}, {literal(_written(one))})"


def _of_serial(text: str, unix: int) -> str:
    """The time that a spreadsheet counts in days; of 1910 to 2199, so that no year is one."""
    days = f"(TRY_CAST(REPLACE({text}, ',', '.') AS DOUBLE) - {unix})"
    time = f"make_timestamp(TRY_CAST(ROUND({days} * 86400) AS BIGINT) * 1000000)"
    return f"CASE WHEN {days} >= -21915 AND {days} < 84006 THEN strftime({time}, '%Y-%m-%dT%H:%M:%S') END"


def _written(one: str) -> str:
    """How precisely a format says it."""
    if "%d" not in one and "%j" not in one:
        return "%Y-%m" if any(month in one for month in ("%m", "%b", "%B")) else "%Y"
    if "%H" not in one and "%I" not in one:
        return "%Y-%m-%d"
    return f"%Y-%m-%dT%H:%M:%S{'.%f' if '%f' in one else ''}{'%z' if '%z' in one else ''}"


def in_zone(text: str, zone: str) -> str:
    """An instant that is written with an offset as the zone's wall clock, with its offset then; other texts stay."""
    instant = instant_of(text)
    local = f"timezone({literal(zone)}, timezone('UTC', {instant}))"
    minutes = f"CAST(ROUND(epoch({local} - {instant}) / 60) AS BIGINT)"
    sign = f"CASE WHEN {minutes} < 0 THEN '-' ELSE '+' END"
    offset = f"printf('%02d:%02d', ABS({minutes}) // 60, ABS({minutes}) % 60)"
    written = f"strftime({local}, '%Y-%m-%dT%H:%M:%S.%f') || {sign} || {offset}"
    return f"CASE WHEN LENGTH({text}) < 17 OR {is_short(text)} THEN {text} ELSE COALESCE({written}, {text}) END"


def day_of(text: str) -> str:
    """The day of a time; what is none stays."""
    return f"CASE WHEN SUBSTR({text}, 11, 1) IN ('T', ' ') THEN SUBSTR({text}, 1, 10) ELSE {text} END"
