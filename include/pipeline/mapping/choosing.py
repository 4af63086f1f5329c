"""Which rows of a file are a feed's, and what leaves none: DuckDB statements."""

from collections.abc import Sequence
from dataclasses import replace

from include.basics.quoting import literal, name
from include.basics.trimming import trimmed, trimmed_cell
from include.definitions.sites import Texts, Unpivot
from include.definitions.sites.rows import RowsOf
from include.pipeline.formats import Rows
from include.pipeline.mapping.plan import Plan

NUMBER = "row's number"
KIND = "^[A-Za-z][A-Za-z0-9_-]{0,60}$"
NAMED = ("redcap_repeat_instrument", "redcap_event_name")
"""Columns that say what kind of row it is, and nothing of a patient; a kind there is a word of the project."""


def left_out(plan: Plan, rows: Rows) -> list[str]:
    """SELECTs of what leaves no row, reason and count: rows that are not the feed's, wide ones that are empty, and
    those that another one takes into itself.

    A kind of row that no feed of the file takes is told by its first feed, and named in columns of REDCap.
    """
    wanted = _wanted(plan, rows)
    all_rows = f"FROM ({_all(rows)}) AS f WHERE"
    found = [f"SELECT {_reason(plan, rows)} AS reason, COUNT(*) {all_rows} NOT ({wanted}) GROUP BY 1"] if wanted else []
    if plan.rows.unpivot:
        found += _empty(plan, plan.rows.unpivot, rows, f"{_all(rows)} WHERE {wanted or 'TRUE'}")
    if plan.rows.pivot and _pivots(plan, rows):
        keys = ", ".join(map(name, plan.rows.pivot.by))
        groups = f"SELECT COUNT(*) AS n FROM ({_all(rows)}) AS f WHERE {wanted} GROUP BY {keys}"
        found.append(f"SELECT 'joined_row', COALESCE(SUM(n) - COUNT(*), 0) FROM ({groups}) AS g")
    return found


def _empty(plan: Plan, unpivot: Unpivot, rows: Rows, chosen: str) -> list[str]:
    """The wide rows that are empty; of others the empty cells beside which something stands."""
    wide = [f"{cell_of(plan, column, rows)} IS NULL" for column in unpivot.columns if column in rows.columns]
    is_empty = " AND ".join([*wide, "TRUE"])
    beside = [f"{cell_of(plan, column, rows)} IS NOT NULL" for column in unpivot.also]
    cells = f"({_unpivoted(unpivot, rows, chosen)}) AS u WHERE {cell_of(plan, unpivot.value, rows)} IS NULL"
    return [
        f"SELECT 'empty_row', COUNT(*) FROM ({chosen}) AS f WHERE {is_empty}",
        f"SELECT 'empty_cell', COUNT(*) FROM {cells} AND NOT ({is_empty}) AND ({' OR '.join(['FALSE', *beside])})",
    ]


def places_of(plan: Plan, rows: Rows) -> str:
    """A SELECT of the number of each row that is the feed's, as the file counts its rows from 1 on."""
    number = name(NUMBER)
    numbered = replace(rows, relation=f"(SELECT *, ROW_NUMBER() OVER () AS {number} FROM {rows.relation}) AS n")
    return f"SELECT {number} FROM {chosen(plan, numbered)}"


def _reason(plan: Plan, rows: Rows) -> str:
    kinds = plan.beside.kinds if plan.beside.is_first_to_choose else {}
    unknown = [
        f"WHEN NOT ({_is_known(plan, column, rows)}) THEN 'unknown_rows' || {_kind(column)}"
        for column in kinds
        if column in rows.columns
    ]
    if not unknown:
        return "'other_rows'"
    is_taken = " OR ".join(f"({_conditions(choice, rows)})" for choice in plan.beside.choices)
    return f"CASE WHEN {is_taken} THEN 'other_rows' {' '.join(unknown)} ELSE 'other_rows' END"


def _is_known(plan: Plan, column: str, rows: Rows) -> str:
    """That some feed takes or leaves out a kind of row."""
    texts = [Texts(match=one) for one in plan.beside.patterns.get(column, ())]
    if words := plan.beside.kinds[column]:
        texts.append(Texts(words=words))
    return " OR ".join(_is_one_of(column, one, rows) for one in texts)


def _kind(column: str) -> str:
    if column not in NAMED:
        return "''"
    cell = name(column)
    return f"CASE WHEN regexp_matches({cell}, {literal(KIND)}) THEN ': ' || {cell} ELSE '' END"


def cell_of(plan: Plan, column: str, rows: Rows) -> str:
    """A cell of the file, without blanks around it; what the dialect says is missing is NULL."""
    cell = name(column) if rows.is_trimmed else _trimmed(plan, column)
    for text in filter(None, plan.export.dialect.missing):
        cell = f"NULLIF({cell}, {literal(text)})"
    return cell


def _trimmed(plan: Plan, column: str) -> str:
    """To normalise letters beyond ASCII is dear: a word of a map is seen to be one without it."""
    origins = [one for taken in plan.columns.values() for one in (taken, *taken.beside.values())]
    maps = [one.map for one in origins if column in one.sources]
    known = sorted({word for words in maps for word in words if not word.isascii() and trimmed(word) == word})
    cell = trimmed_cell(name(column))
    if not known:
        return cell
    return f"CASE WHEN {name(column)} IN ({', '.join(map(literal, known))}) THEN {name(column)} ELSE {cell} END"


def chosen(plan: Plan, rows: Rows) -> str:
    """The rows that are the feed's, as a FROM item."""
    wanted = _wanted(plan, rows)
    chosen = f"{_all(rows)}{f' WHERE {wanted}' if wanted else ''}"
    if unpivot := plan.rows.unpivot:
        return f"({_unpivoted(unpivot, rows, chosen)}) AS u WHERE {cell_of(plan, unpivot.value, rows)} IS NOT NULL"
    if _pivots(plan, rows):
        return f"({_pivoted(plan, rows, wanted)}) AS p"
    return f"({chosen}) AS f"


def made_columns(plan: Plan, rows: Rows) -> set[str]:
    """The columns that are made of what the file has."""
    return plan.rows.made if plan.rows.unpivot or _pivots(plan, rows) else set()


def _pivots(plan: Plan, rows: Rows) -> bool:
    pivot = plan.rows.pivot
    return pivot is not None and set(pivot.needed) <= set(rows.columns)


def _pivoted(plan: Plan, rows: Rows, wanted: str) -> str:
    """Of several cells for one column all stand in it: a number is unreadable then, and told."""
    pivot = plan.rows.pivot
    assert pivot is not None  # noqa: S101 - it is asked for
    cell, test, order = cell_of(plan, pivot.value, rows), trimmed_cell(name(pivot.name)), name("place in the file")
    if pivot.unit:
        cell = f"CASE WHEN {cell} IS NOT NULL THEN CONCAT_WS(' ', {cell}, {cell_of(plan, pivot.unit, rows)}) END"
    others = [column for column in rows.columns if column not in (*pivot.by, pivot.name, pivot.value, *pivot.columns)]
    firsts = [f"FIRST({name(column)} ORDER BY {order}) AS {name(column)}" for column in others]
    values = [
        f"STRING_AGG(DISTINCT {cell}, ' / ') FILTER (WHERE {test} = {literal(column)}) AS {name(column)}"
        for column in pivot.columns
    ]
    select = ", ".join([*map(name, pivot.by), *firsts, *values, f"MIN({order}) AS {name(NUMBER)}"])
    numbered = f"SELECT *, ROW_NUMBER() OVER () AS {order} FROM {rows.relation}"
    keys = ", ".join(map(name, pivot.by))
    return f"SELECT {select} FROM ({numbered}) AS f WHERE {wanted} GROUP BY {keys} ORDER BY MIN({order})"


def _all(rows: Rows) -> str:
    return f"SELECT * FROM {rows.relation}"


def _wanted(plan: Plan, rows: Rows) -> str:
    pivot = plan.rows.pivot if _pivots(plan, rows) else None
    of_tests = [_is_one_of(pivot.name, Texts(words=pivot.columns), rows)] if pivot else []
    return " AND ".join(filter(None, [_conditions(plan.rows, rows), *of_tests]))


def _conditions(choice: RowsOf, rows: Rows) -> str:
    kept = [_is_one_of(column, values, rows) for column, values in choice.where.items()]
    left = [f"NOT {_is_one_of(column, values, rows)}" for column, values in choice.unless.items()]
    return " AND ".join([*kept, *left])


def _unpivoted(unpivot: Unpivot, rows: Rows, chosen: str) -> str:
    def cells(columns: Sequence[str]) -> str:
        found = (name(one) if one in rows.columns else "NULL" for one, kept in zip(columns, wide, strict=True) if kept)
        return ", ".join(found)

    wide = [column in rows.columns for column in unpivot.columns]
    names = ", ".join(literal(column) for column in unpivot.columns if column in rows.columns)
    turned = {unpivot.value: unpivot.columns, **unpivot.also}
    made = [f"UNNEST([{cells(columns)}]) AS {name(made)}" for made, columns in turned.items()]
    return f"SELECT *, UNNEST([{names}]) AS {name(unpivot.name)}, {', '.join(made)} FROM ({chosen}) AS f"


def _is_one_of(column: str, texts: Texts, rows: Rows) -> str:
    cell = f"COALESCE({trimmed_cell(name(column))}, '')" if column in rows.columns else "''"
    if texts.match is not None:
        return f"regexp_matches({cell}, {literal(texts.match)})"
    return f"{cell} IN ({', '.join(map(literal, texts.words))})"
