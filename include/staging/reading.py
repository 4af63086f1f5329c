"""DuckDB expressions that read a file as text and its text as the contract's types.

DuckDB reads every file, whichever engine holds the warehouse.
"""

from pathlib import Path

from include.contracts import Contract, Field


def source_rows(file: Path, header: list[str]) -> str:
    """A table expression of the file's rows, every column as text, named as in `unique_names`."""
    names = unique_names(header)
    if file.name.endswith(".parquet"):
        casts = ", ".join(f'CAST("{old}" AS VARCHAR) AS "{new}"' for old, new in zip(header, names, strict=True))
        return f"(SELECT {casts} FROM read_parquet({_quoted(str(file))}))"
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in names)
    compression = "gzip" if file.name.endswith(".gz") else "none"
    return (
        f"read_csv({_quoted(str(file))}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', nullstr = '', compression = '{compression}', columns = {{{columns}}})"
    )


def unique_names(header: list[str]) -> list[str]:
    """The header with repeated names told apart, so that DuckDB can read the file."""
    return [name if header.index(name) == place else f"{name} ({place})" for place, name in enumerate(header)]


def selected(contract: Contract, header: list[str]) -> str:
    """Select list: the contract's columns typed, and as `<column>_text` the text of those that are not text."""
    return ",\n".join(part for field in contract.fields for part in _parts(field, field.name in header))


def _parts(field: Field, present: bool) -> list[str]:
    text = f"NULLIF(\"{field.name}\", '')" if present else "CAST(NULL AS VARCHAR)"
    if field.type == "text":
        return [f'{text} AS "{field.name}"']
    if field.type == "measured":
        return [f'{text} AS "{field.name}"', *_measured(field.name, text)]
    return [f'{_typed(field.type, text)} AS "{field.name}"', f'{text} AS "{field.name}_text"']


def _typed(kind: str, text: str) -> str:
    if kind == "date":
        iso = f"LENGTH({text}) = 10 AND SUBSTR({text}, 5, 1) = '-'"
        midnight = f"LENGTH({text}) = 19 AND SUBSTR({text}, 11) = ' 00:00:00'"
        return f"CASE WHEN {iso} OR {midnight} THEN TRY_CAST(SUBSTR({text}, 1, 10) AS DATE) END"
    if kind == "timestamp":
        bare = f"CASE WHEN LENGTH({text}) IN (16, 19) THEN {text} ELSE {_without_offset(text)} END"
        written = f"LENGTH({bare}) IN (16, 19) AND SUBSTR({text}, 11, 1) IN ('T', ' ') AND SUBSTR({text}, 12, 2) < '24'"
        return f"CASE WHEN {written} THEN TRY_CAST({bare} AS TIMESTAMP) END"
    if kind == "integer":
        number = _decimal(text)
        return f"CASE WHEN {number} = TRUNC({number}) THEN TRY_CAST({number} AS BIGINT) END"
    return _decimal(text)


def _without_offset(text: str) -> str:
    return f"regexp_replace({text}, '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)$', '')"


def _decimal(text: str) -> str:
    number = f"TRY_CAST({text} AS DOUBLE)"
    return f"CASE WHEN ISFINITE({number}) AND NOT CONTAINS({text}, '_') THEN {number} END"


def _measured(name: str, text: str) -> list[str]:
    comparator = (
        f"CASE WHEN SUBSTR({text}, 1, 2) IN ('<=', '>=') THEN SUBSTR({text}, 1, 2) "
        f"WHEN SUBSTR({text}, 1, 1) IN ('<', '>') THEN SUBSTR({text}, 1, 1) END"
    )
    number = f"SUBSTR({text}, 1 + COALESCE(LENGTH({comparator}), 0))"
    return [f'{_decimal(number)} AS "{name}_number"', f'{comparator} AS "{name}_comparator"']


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
