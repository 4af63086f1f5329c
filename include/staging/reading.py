"""DuckDB expressions that read a file as text and its text as the contract's types.

DuckDB reads every file, whichever engine holds the warehouse.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from include.contracts import Contract, Field
from include.staging.limits import limits

OFFSET = "([Zz]|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
MIDNIGHT = "[T ]00:00(:00([.,]0+)?)?"


def csv_rows(file: Path, names: Sequence[str], *, unused: Sequence[str] = (), has_header: bool = True) -> str:
    """A FROM item of a CSV file's rows, every column as text; fails at the first line that is no row.

    `unused` are columns that the SELECT leaves out. Without a header it is one of the stage's own files, with a line
    feed at the end of each row.
    """
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in names)
    compression = "gzip" if file.name.endswith(".gz") else "none"
    line_end = "" if has_header else "new_line = '\\n', "
    return (
        f"read_csv({_quoted(str(file))}, auto_detect = false, header = {has_header}, delim = ',', quote = '\"', "
        f"escape = '\"', nullstr = '', {line_end}compression = '{compression}', hive_partitioning = false, "
        f"max_line_size = {limits().longest_line}, columns = {{{columns}}}){_all_read(unused)}"
    )


def _all_read(unused: Sequence[str]) -> str:
    """A condition that always holds and reads these columns.

    DuckDB 1.5 leaves out columns that nobody asks for; an error in one of them is an internal error to it, and after
    such an error the database does not answer until it is opened again.
    """
    lengths = " + ".join(f'COALESCE(strlen("{name}"), 0)' for name in unused)
    return f" WHERE {lengths} >= 0" if unused else ""


def parquet_rows(file: Path, names: Sequence[str]) -> str:
    """A table expression of the rows of a Parquet file of texts."""
    columns = ", ".join(f'"{name}"' for name in names)
    return f"read_parquet({_quoted(str(file))}, hive_partitioning = false) AS f ({columns})"


def source_names(contract: Contract, header: Sequence[str]) -> list[str]:
    """The header with other names than the contract's, and those that it repeats, replaced by their place.

    DuckDB takes names that differ in case for the same, and a header may hold anything.
    """
    known = set(contract.names)
    return [
        name if name in known and header.index(name) == place else f"column {place}"
        for place, name in enumerate(header)
    ]


def too_long(contract: Contract) -> str:
    """A condition for staged rows that holds when a cell is too long."""
    return " OR ".join(f'strlen("{name}") > {limits().longest_cell}' for name in text_columns(contract))


def has_nul(contract: Contract) -> str:
    """A condition for staged rows that holds when a cell has a NUL character."""
    return " OR ".join(f'contains("{name}", chr(0))' for name in text_columns(contract))


def text_columns(contract: Contract) -> list[str]:
    """The staged columns that hold the text of each of the contract's columns."""
    return [field.name if field.type in ("text", "measured") else f"{field.name}_text" for field in contract.fields]


def selected(contract: Contract, header: list[str], prefixes: Mapping[str, str] | None = None) -> str:
    """Select list: the contract's columns typed, and as `<column>_text` the text of those that are not text.

    `prefixes` are put before what stands in some columns of text; an empty cell stays empty.
    """
    of_field = prefixes or {}
    parts = (_parts(f, f.name in header, of_field.get(f.name, "")) for f in contract.fields)
    return ",\n".join(one for several in parts for one in several)


def _parts(field: Field, present: bool, prefix: str) -> list[str]:
    text = f"NULLIF(\"{field.name}\", '')" if present else "CAST(NULL AS VARCHAR)"
    if field.type == "text":
        return [f'{_quoted(prefix)} || {text} AS "{field.name}"' if prefix else f'{text} AS "{field.name}"']
    if field.type == "measured":
        return [f'{text} AS "{field.name}"', *_measured(field.name, text)]
    return [
        f'{_typed(field.type, text)} AS "{field.name}"',
        f'{text} AS "{field.name}_text"',
        *_beside(field, text),
    ]


def _beside(field: Field, text: str) -> list[str]:
    if field.type == "bounded":
        return [f'{_comparator(text)} AS "{field.name}_comparator"']
    if field.type == "timestamp":
        return [f'{_instant(text)} AS "{field.name}_instant"']
    return []


def _typed(kind: str, text: str) -> str:
    if kind == "date":
        written = f"LENGTH({text}) = 10 OR regexp_matches({text}, '^.{{10}}{MIDNIGHT}{OFFSET}?$')"
        return f"CASE WHEN ({written}) AND {_has_year(text)} THEN TRY_CAST(SUBSTR({text}, 1, 10) AS DATE) END"
    if kind == "timestamp":
        return _wall_clock(text)
    if kind == "bounded":
        return _decimal(_number(text))
    if kind == "integer":
        number = _decimal(text)
        return f"CASE WHEN {number} = TRUNC({number}) THEN TRY_CAST({number} AS BIGINT) END"
    return _decimal(text)


def _has_year(text: str) -> str:
    """That a text begins with four characters of a year from 1 on: DuckDB reads years before Christ, too."""
    return f"SUBSTR({text}, 1, 4) > '0000' AND SUBSTR({text}, 5, 1) = '-'"


def _wall_clock(text: str) -> str:
    """The time as written without its offset; of a fraction of a second the microseconds."""
    bare = f"CASE WHEN {_is_short(text)} THEN {text} ELSE {_in_microseconds(_without_offset(text))} END"
    written = f"SUBSTR({text}, 11, 1) IN ('T', ' ') AND SUBSTR({text}, 12, 2) < '24' AND {_has_year(text)}"
    whole = f"LENGTH({bare}) IN (16, 19) OR SUBSTR({bare}, 20, 1) = '.'"
    return f"CASE WHEN {written} AND ({whole}) THEN TRY_CAST({bare} AS TIMESTAMP) END"


def _instant(text: str) -> str:
    """The time in UTC, where an offset is written; DuckDB reads offsets behind seconds only."""
    offset = f"upper(regexp_extract({text}, '{OFFSET}$'))"
    seconds = f"strftime({_wall_clock(text)}, '%Y-%m-%d %H:%M:%S.%f')"
    instant = f"make_timestamp(epoch_us(TRY_CAST({seconds} || {offset} AS TIMESTAMPTZ)))"
    usual = f"{instant} BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59'"
    return f"CASE WHEN {_is_short(text)} OR {offset} = '' THEN NULL WHEN {usual} THEN {instant} END"


def _is_short(text: str) -> str:
    """That a time has neither fraction nor offset, as most have: spares the search for them."""
    return f"(LENGTH({text}) = 16 OR (LENGTH({text}) = 19 AND SUBSTR({text}, 17, 1) = ':'))"


def _without_offset(text: str) -> str:
    return f"regexp_replace({text}, '{OFFSET}$', '')"


def _in_microseconds(text: str) -> str:
    return f"regexp_replace({text}, '^(.{{19}})[.,]([0-9]{{1,6}})[0-9]*$', '\\1.\\2')"


def _decimal(text: str) -> str:
    number = f"TRY_CAST({text} AS DOUBLE)"
    power = limits().largest_exponent
    usual = f"({number} = 0 OR ABS({number}) BETWEEN 1e-{power} AND 1e{power})"
    return f"CASE WHEN {usual} AND NOT CONTAINS({text}, '_') THEN {number} END"


def _measured(name: str, text: str) -> list[str]:
    return [f'{_decimal(_number(text))} AS "{name}_number"', f'{_comparator(text)} AS "{name}_comparator"']


def _comparator(text: str) -> str:
    return (
        f"CASE WHEN SUBSTR({text}, 1, 2) IN ('<=', '>=') THEN SUBSTR({text}, 1, 2) "
        f"WHEN SUBSTR({text}, 1, 1) IN ('<', '>') THEN SUBSTR({text}, 1, 1) "
        f"WHEN SUBSTR({text}, 1, 1) = '≤' THEN '<=' WHEN SUBSTR({text}, 1, 1) = '≥' THEN '>=' END"
    )


def _number(text: str) -> str:
    """What stands behind the comparator."""
    return (
        f"CASE WHEN SUBSTR({text}, 1, 2) IN ('<=', '>=') THEN SUBSTR({text}, 3) "
        f"WHEN SUBSTR({text}, 1, 1) IN ('<', '>', '≤', '≥') THEN SUBSTR({text}, 2) ELSE {text} END"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
