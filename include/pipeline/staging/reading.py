"""DuckDB expressions that read a file as text and its text as the contract's types.

DuckDB reads every file, whichever engine holds the warehouse.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from include.basics.quoting import literal
from include.definitions.contracts import Contract, Field
from include.pipeline.staging.limits import limits
from include.pipeline.staging.marks import COMMAS, Marks

OFFSET = "([Zz]|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
MIDNIGHT = "[T ]00:00(:00([.,]0+)?)?"
COMPARED = ("bounded", "measured")
DATES = ("date", "partial_date")
PERCENT = "% \u00a0\u202f"
NUMBERS = ("decimal", "integer", *COMPARED)


def csv_rows(
    file: Path, names: Sequence[str], *, unused: Sequence[str] = (), has_header: bool = True, marks: Marks = COMMAS
) -> str:
    """A FROM item of a CSV file's rows, every column as text; fails at the first line that is no row.

    `unused` are columns that the SELECT leaves out. Without a header it is one of the stage's own files, with a line
    feed at the end of each row.
    """
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    compression = "gzip" if file.name.endswith(".gz") else "none"
    line_end = "" if has_header else "new_line = '\\n', "
    delimiter, quote = literal(marks.delimiter), literal(marks.quote)
    return (
        f"read_csv({literal(str(file))}, auto_detect = false, header = {has_header}, delim = {delimiter}, "
        f"quote = {quote}, escape = {quote}, nullstr = '', {line_end}compression = '{compression}', "
        f"hive_partitioning = false, max_line_size = {limits().longest_line}, "
        f"columns = {{{columns}}}){_all_read(unused)}"
    )


def _all_read(unused: Sequence[str]) -> str:
    """A condition that always holds and reads these columns.

    DuckDB 1.5 leaves out columns that nobody asks for; an error in one of them is an internal error to it, and after
    such an error the database does not answer until it is opened again.
    """
    lengths = " + ".join(f"COALESCE(strlen({_name(name)}), 0)" for name in unused)
    return f" WHERE {lengths} >= 0" if unused else ""


def parquet_rows(file: Path, names: Sequence[str]) -> str:
    """A table expression of the rows of a Parquet file of texts."""
    columns = ", ".join(map(_name, names))
    return f"read_parquet({literal(str(file))}, hive_partitioning = false) AS f ({columns})"


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


def typed(contract: Contract, header: Sequence[str], prefixes: Mapping[str, str], cells: str) -> str:
    """A SELECT of the contract's columns typed, of those that are not text `<column>_text`, too, file_number and place.

    `cells` selects the trimmed cells and these two. `prefixes` are put before what stands in some columns of text; an
    empty cell stays empty. Numbers are read in a SELECT of their own: once, however often they are looked at.
    """
    texts = {f.name: f'"{f.name}"' if f.name in header else "CAST(NULL AS VARCHAR)" for f in contract.fields}
    numbers = (f"{_cast(f, texts[f.name])} AS {_number(f)}" for f in contract.fields if f.type in NUMBERS)
    parts = (part for f in contract.fields for part in _parts(f, texts[f.name], prefixes.get(f.name, "")))
    read = ", ".join(["*", *numbers])
    return f"SELECT {', '.join([*parts, 'file_number', 'place'])} FROM (SELECT {read} FROM ({cells}) AS c) AS n"


def is_readable(field: Field, text: str) -> str:
    """A condition that holds when a text can be read as a column's type; a word, when the contract has it."""
    if field.type in NUMBERS:
        return f"{_cast(field, text)} IS NOT NULL"
    if field.type != "text":
        return f"{_typed(field, text)} IS NOT NULL"
    words = field.judged.get("values")
    return f"{text} IN ({', '.join(map(literal, words))})" if words else f"{text} IS NOT NULL"


def _parts(field: Field, text: str, prefix: str) -> list[str]:
    if field.type == "text":
        return [f'{literal(prefix)} || {text} AS "{field.name}"' if prefix else f'{text} AS "{field.name}"']
    if field.type == "measured":
        number = f'{_decimal(_number(field), text)} AS "{field.name}_number"'
        return [f'{text} AS "{field.name}"', number, *_beside(field, text)]
    return [f'{_typed(field, text)} AS "{field.name}"', f'{text} AS "{field.name}_text"', *_beside(field, text)]


def _beside(field: Field, text: str) -> list[str]:
    if field.type in COMPARED:
        return [f'{_comparator(text)} AS "{field.name}_comparator"']
    if field.type == "timestamp":
        return [f'{instant_of(text)} AS "{field.name}_instant"', f'{_day_only(text)} AS "{field.name}_precision"']
    return [f'{_precision(text)} AS "{field.name}_precision"'] if field.type == "partial_date" else []


def _typed(field: Field, text: str) -> str:
    if field.type == "date":
        return _day(text)
    if field.type == "partial_date":
        return _first_day(text)
    if field.type == "timestamp":
        return f"CASE WHEN LENGTH({text}) = 10 THEN CAST({_day(text)} AS TIMESTAMP) ELSE {_wall_clock(text)} END"
    number = _decimal(_number(field), text)
    if field.type == "integer":
        return f"CASE WHEN {_number(field)} = TRUNC({_number(field)}) THEN TRY_CAST({number} AS BIGINT) END"
    return number


def _day(text: str) -> str:
    written = f"LENGTH({text}) = 10 OR regexp_matches({text}, '^.{{10}}{MIDNIGHT}{OFFSET}?$')"
    return f"CASE WHEN ({written}) AND {_has_year(text)} THEN TRY_CAST(SUBSTR({text}, 1, 10) AS DATE) END"


def _day_only(text: str) -> str:
    return f"CASE WHEN LENGTH({text}) = 10 AND {_day(text)} IS NOT NULL THEN 'day' END"


def _first_day(text: str) -> str:
    """A date, or the first day of a year or month."""
    return _day(f"(CASE LENGTH({text}) WHEN 4 THEN {text} || '-01-01' WHEN 7 THEN {text} || '-01' ELSE {text} END)")


def _precision(text: str) -> str:
    known = f"CASE LENGTH({text}) WHEN 4 THEN 'year' WHEN 7 THEN 'month' END"
    return f"CASE WHEN {_first_day(text)} IS NOT NULL THEN {known} END"


def _has_year(text: str) -> str:
    """That a text begins with four characters of a year from 1 on: DuckDB reads years before Christ, too."""
    return f"{text} >= '0001' AND {text} LIKE '____-%'"


def _wall_clock(text: str) -> str:
    """The time as written without its offset; of a fraction of a second the microseconds."""
    bare = _in_microseconds(_without_offset(text))
    written = f"SUBSTR({text}, 11, 1) IN ('T', ' ') AND SUBSTR({text}, 12, 2) < '24' AND {_has_year(text)}"
    whole = f"LENGTH({bare}) IN (16, 19) OR SUBSTR({bare}, 20, 1) = '.'"
    return (
        f"CASE WHEN {written} THEN CASE WHEN {is_short(text)} THEN TRY_CAST({text} AS TIMESTAMP) "
        f"WHEN {whole} THEN TRY_CAST({bare} AS TIMESTAMP) END END"
    )


def instant_of(text: str) -> str:
    """The time in UTC, where an offset is written; DuckDB reads offsets behind seconds only."""
    offset = f"upper(regexp_extract({text}, '{OFFSET}$'))"
    seconds = f"strftime({_wall_clock(text)}, '%Y-%m-%d %H:%M:%S.%f')"
    instant = f"make_timestamp(epoch_us(TRY_CAST({seconds} || {offset} AS TIMESTAMPTZ)))"
    usual = f"{instant} BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59'"
    return f"CASE WHEN {is_short(text)} OR {offset} = '' THEN NULL WHEN {usual} THEN {instant} END"


def is_short(text: str) -> str:
    """That a time has neither fraction nor offset, as most have: spares the search for them."""
    return f"(LENGTH({text}) = 16 OR (LENGTH({text}) = 19 AND SUBSTR({text}, 17, 1) = ':'))"


def _without_offset(text: str) -> str:
    return f"regexp_replace({text}, '{OFFSET}$', '')"


def _in_microseconds(text: str) -> str:
    return f"regexp_replace({text}, '^(.{{19}})[.,]([0-9]{{1,6}})[0-9]*$', '\\1.\\2')"


def _number(field: Field) -> str:
    """The column of what DuckDB reads of a number."""
    return f'"{field.name} number"'


def _decimal(number: str, text: str) -> str:
    power = limits().largest_exponent
    usual = f"({number} = 0 OR ABS({number}) BETWEEN 1e-{power} AND 1e{power})"
    return f"CASE WHEN {usual} AND NOT CONTAINS({text}, '_') THEN {number} END"


def _comparator(text: str) -> str:
    return (
        f"CASE WHEN {_is_bare(text)} THEN NULL "
        f"WHEN SUBSTR({text}, 1, 2) IN ('<=', '>=') THEN SUBSTR({text}, 1, 2) "
        f"WHEN SUBSTR({text}, 1, 1) IN ('<', '>') THEN SUBSTR({text}, 1, 1) "
        f"WHEN SUBSTR({text}, 1, 1) = '≤' THEN '<=' WHEN SUBSTR({text}, 1, 1) = '≥' THEN '>=' END"
    )


def _cast(field: Field, text: str) -> str:
    """A number as DuckDB reads it: what stands behind a comparator where there may be one, percent without its sign."""
    if field.name.endswith("_percent"):
        text = f"RTRIM({text}, {literal(PERCENT)})"
    if field.type not in COMPARED:
        return f"TRY_CAST({text} AS DOUBLE)"
    return (
        f"TRY_CAST(CASE WHEN {_is_bare(text)} THEN {text} "
        f"WHEN SUBSTR({text}, 1, 2) IN ('<=', '>=') THEN SUBSTR({text}, 3) "
        f"WHEN SUBSTR({text}, 1, 1) IN ('<', '>', '≤', '≥') THEN SUBSTR({text}, 2) ELSE {text} END AS DOUBLE)"
    )


def _is_bare(text: str) -> str:
    """That a text begins with a digit or a sign, as most do: spares the search for a comparator."""
    return f"{text} < ':'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
