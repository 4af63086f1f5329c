"""The two SELECTs of a plan, for DuckDB: the contract's columns as text, then the same with the site's codes replaced.

Where the second one joins long lists it keeps no order, so it hands on the place of each row.
"""

import re
from collections.abc import Iterable, Mapping

from include.basics.quoting import literal, name
from include.definitions.contracts import Contract, Field
from include.definitions.sites import Column, Dialect, Origin
from include.definitions.sites.codes import CodeList
from include.definitions.sites.dialect import EITHER
from include.pipeline.formats import Rows
from include.pipeline.mapping.choosing import cell_of, chosen, made_columns
from include.pipeline.mapping.dates import day_of, in_zone, instant_in, local_of, one_spelling, read_date
from include.pipeline.mapping.parts import Part, made_of, parts_of, split_unit
from include.pipeline.mapping.plan import Plan
from include.pipeline.staging.reading import DATES

NOTHING = "CAST(NULL AS VARCHAR)"
ANY = "*"
"""What a map calls any text that it does not have."""
NUMBERS = ("decimal", "integer", "bounded", "measured")
TIMED = (*DATES, "timestamp")
INSTANT, LOCAL = "instant of ", "local time of "
"""How columns begin that hold a column's time in UTC, and on the site's clock."""


def texts(plan: Plan, contract: Contract, rows: Rows) -> str:
    """A SELECT of the contract's columns as text, in the file's order.

    Each step is a SELECT of its own: what a step looks at several times is computed once.
    """
    alias = {source: f"s{place}" for place, source in enumerate(_sources(plan, rows))}
    parts = [part for field in contract.fields for part in parts_of(field, plan.columns.get(field.name))]
    split = (split_unit,) if any(part.role == "unit" for part in parts) else ()
    select = _trimmed(plan, rows, alias)
    spelled = {source: _spelled(plan, source, short) for source, short in alias.items()}
    cells = [_origin(part, spelled if part.field.type == "text" else alias) for part in parts]
    for step in (_worded, *split, _read):
        select = _select((part.name for part in parts), cells, select)
        cells = [step(plan, part) for part in parts]
    select = _with_instants(plan, parts, _select((part.name for part in parts), cells, select))
    select = _select((part.name for part in parts), [_in_zone(plan, part) for part in parts], select)
    if len(parts) == len(contract.fields):
        return select
    whole = [made_of(field, plan.columns.get(field.name)) for field in contract.fields]
    return _select(contract.names, whole, select)


def _select(names: Iterable[str], cells: Iterable[str], rows: str) -> str:
    listed = ", ".join(f"{cell} AS {name(column)}" for column, cell in zip(names, cells, strict=True))
    return f"SELECT {listed} FROM ({rows}) AS s"


def coded(plan: Plan, contract: Contract, rows: str) -> str:
    """A SELECT of the same columns with the site's codes replaced, of file_number and place, from a SELECT of all."""
    lists = {field: plan.lists[column.codes] for field, column in plan.columns.items() if column.codes}
    joins, cells = [], []
    for place, field in enumerate(contract.names):
        cell = f"r.{name(field)}"
        if field in lists and lists[field].is_short:
            cell = _replaced(lists[field], cell)
        elif field in lists:
            joins.append(_join(lists[field].table, f"l{place}", cell, contract, dated=lists[field].has_validity))
            cell = f"COALESCE(l{place}.standard, {cell})"
        default = plan.columns[field].default if field in plan.columns else None
        cells.append(f"{cell if default is None else f'COALESCE({cell}, {literal(default)})'} AS {name(field)}")
    select = ", ".join([*cells, "r.file_number", "r.place"])
    return f"SELECT {select} FROM ({rows}) AS r {' '.join(joins)}"


def _replaced(codes: CodeList, cell: str) -> str:
    words = " ".join(f"WHEN {literal(code.local)} THEN {literal(code.standard)}" for code in codes.codes)
    return f"CASE {cell} {words} ELSE {cell} END" if words else cell


def _join(table: str, alias: str, cell: str, contract: Contract, *, dated: bool) -> str:
    """The list's line for a cell on the day of the event: the first of a partial date; without a date the latest."""
    join = f"LEFT JOIN {table} AS {alias} ON {alias}.local = {cell}"
    if not dated:
        return join
    said = f"r.{name(contract.event_date)}" if contract.event_date else NOTHING
    whole = f"SUBSTR({said} || SUBSTR('0001-01-01', LENGTH({said}) + 1), 1, 10)"
    day = f"COALESCE({whole}, '9998-12-31')"
    return f"{join} AND {day} >= {alias}.valid_from AND {day} < {alias}.valid_to"


def _sources(plan: Plan, rows: Rows) -> Iterable[str]:
    """The columns of the file, and those that are made of it, that the plan needs and the file has."""
    there = {*rows.columns, *made_columns(plan, rows)}
    return dict.fromkeys(source for column in plan.columns.values() for source in column.read if source in there)


def _trimmed(plan: Plan, rows: Rows, alias: Mapping[str, str]) -> str:
    cells = ", ".join(f"{cell_of(plan, source, rows)} AS {short}" for source, short in alias.items())
    return f"SELECT {cells or 'NULL'} FROM {chosen(plan, rows)}"


def _spelled(plan: Plan, source: str, cell: str) -> str:
    """A cell as a text of several has it, such as a key."""
    dates = plan.export.dates
    formats = [*dates.timestamp, *plan.day_formats]
    return one_spelling(cell, dates, formats) if source in plan.dated else cell


def _origin(part: Part, alias: Mapping[str, str]) -> str:
    """What a text is taken from."""
    origin = part.origin
    if origin is None:
        return NOTHING
    if origin.value is not None:
        return literal(origin.value)
    cells = [alias[source] for source in origin.sources if source in alias]
    if not cells:
        return NOTHING
    return _matched(origin, cells[0] if len(cells) == 1 else _of_several(origin, part.field, cells))


def _of_several(column: Origin, field: Field, cells: list[str]) -> str:
    """Several columns as one text: of a date what stands before the first that is empty."""
    if column.first:
        return f"COALESCE({', '.join(cells)})"
    if field.type in DATES:
        nested = cells[-1]
        for cell in reversed(cells[:-1]):
            nested = f"CASE WHEN {cell} IS NOT NULL THEN CONCAT_WS({literal(column.join)}, {cell}, {nested}) END"
        return nested
    if column.join.strip():
        parts = f" || {literal(column.join)} || ".join(f"COALESCE({cell}, '')" for cell in cells)
        return f"CASE WHEN COALESCE({', '.join(cells)}) IS NOT NULL THEN {parts} END"
    return f"NULLIF(CONCAT_WS({literal(column.join)}, {', '.join(cells)}), '')"


def _matched(column: Origin, text: str) -> str:
    if column.match is None:
        return text
    pattern = literal(column.match)
    group = f"NULLIF(regexp_extract({text}, {pattern}, 1), '')"
    return f"CASE WHEN regexp_matches({text}, {pattern}) THEN {group} ELSE {text} END"


def _worded(plan: Plan, part: Part) -> str:
    """The contract's words in the place of the site's; a text that the map does not have stays."""
    origin, text = part.origin, name(part.name)
    if origin is None or not origin.map:
        return text
    words = {said: meant for said, meant in origin.map.items() if said not in ("", ANY)}
    listed = " ".join(f"WHEN {text} = {literal(said)} THEN {literal(meant)}" for said, meant in words.items())
    empty = literal(origin.map[""]) if "" in origin.map else "NULL"
    other = literal(origin.map[ANY]) if ANY in origin.map else text
    return f"CASE WHEN {text} IS NULL THEN {empty} {listed} ELSE {other} END"


def _read(plan: Plan, part: Part) -> str:
    """A number with a point and without group marks, a date as ISO 8601 writes it."""
    field, text, dates = part.field, name(part.name), plan.export.dates
    if field.type in NUMBERS:
        return _number(_dialect(plan, part.origin), text)
    if field.type in DATES:
        return read_date(text, dates, plan.day_formats)
    return read_date(text, dates, [*dates.timestamp, *dates.date]) if field.type == "timestamp" else text


def _dialect(plan: Plan, origin: Origin | None) -> Dialect:
    """How the numbers of a column are written."""
    dialect = plan.export.dialect
    if not isinstance(origin, Column) or origin.decimal is None:
        return dialect
    return dialect.model_copy(update={"decimal": origin.decimal, "group": origin.group or ""})


def _with_instants(plan: Plan, parts: Iterable[Part], rows: str) -> str:
    """The same with the instants of times in UTC, then with these on the site's clock, where that is known."""
    zone, timed = plan.site.timezone, [part.name for part in parts if part.field.type in TIMED]
    if not zone or not timed:
        return rows
    instants = ", ".join(f"{instant_in(name(one))} AS {name(INSTANT + one)}" for one in timed)
    local = ", ".join(f"{local_of(name(INSTANT + one), zone)} AS {name(LOCAL + one)}" for one in timed)
    return f"SELECT *, {local} FROM (SELECT *, {instants} FROM ({rows}) AS s) AS s"


def _in_zone(plan: Plan, part: Part) -> str:
    """An instant as the site's wall clock; of a time in a column of dates the day."""
    text = name(part.name)
    if part.field.type not in TIMED:
        return text
    instant, local = name(INSTANT + part.name), name(LOCAL + part.name)
    there = in_zone(text, instant, local) if plan.site.timezone else text
    return there if part.field.type == "timestamp" else day_of(there)


def _number(dialect: Dialect, text: str) -> str:
    """A number with a point and without group marks. A sign that has no meaning is made one that no number has.

    To translate characters is dear: most numbers have no other mark than their sign. A text without a digit is none.
    """
    signs = dialect.decimal
    others = "" if "." in signs else "".join(mark for mark in ".," if mark not in dialect.group)
    marks, written = others + dialect.group, others.translate({ord("."): "·", ord(","): "."})
    plain = f"REPLACE({text}, ',', '.')" if "," in signs else text
    if not marks:
        return plain
    has_none = [f"NOT CONTAINS({text}, {literal(mark)})" for mark in marks if mark.isascii() and mark not in signs]
    is_plain = " AND ".join([f"strlen({text}) = LENGTH({text})", *has_none])
    translated = f"TRANSLATE({plain if signs == EITHER else text}, {literal(marks)}, {literal(written)})"
    is_grouped = f"regexp_matches({text}, {literal(_grouped(dialect))})"
    return (
        f"CASE WHEN {is_plain} THEN {plain} WHEN {is_grouped} THEN {translated}"
        f" WHEN regexp_matches({text}, '[0-9]') THEN REPLACE({text}, '.', '·') ELSE {text} END"
    )


def _grouped(dialect: Dialect) -> str:
    """An expression of numbers whose group marks stand before three digits, all but the last also before two.

    Elsewhere a mark is none: `1.5` is not 15, whatever points mean.
    """
    if not dialect.group:
        return "[0-9]"
    signs, marks, printed = map(re.escape, (dialect.decimal, dialect.group, "".join(dialect.group.split())))
    whole = f"[0-9]+|[1-9][0-9]{{0,2}}(?:[{marks}][0-9]{{2,3}})*[{marks}][0-9]{{3}}"
    number = f"(?:(?:{whole})(?:[{signs}][0-9]*)?|[{signs}][0-9]+)"
    return f"^[^0-9{signs}{printed}]*{number}(?:[{marks}]?[^0-9{signs}{marks}].*|[{marks}])?$"
