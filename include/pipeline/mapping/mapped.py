"""A landed file of a site, ready to be staged."""

from collections.abc import Mapping
from pathlib import Path

from include.definitions import contracts
from include.definitions.contracts import Contract, Field
from include.definitions.sites import Column
from include.pipeline.formats import Rows
from include.pipeline.mapping.choosing import left_out, made_columns
from include.pipeline.mapping.plan import Plan
from include.pipeline.mapping.statement import coded, texts
from include.pipeline.staging.mapped import MappedFile


def mapped(plan: Plan, file: Path, number: int, prefixes: Mapping[str, str], folder: Path) -> MappedFile:
    """What a plan makes of a file; `folder` takes what is written on the way.

    Raises RegistryError REG-301 when the file cannot be read, REG-306 when it is too large.
    """
    rows = plan.reader.read(file, plan.asked, folder)
    return _of(plan, rows, number, prefixes, file.stat().st_size)


def _of(plan: Plan, rows: Rows, number: int, prefixes: Mapping[str, str], size: int) -> MappedFile:
    contract = contracts.read(plan.feed)
    again = rows.line_by_line
    return MappedFile(
        contract=contract,
        number=number,
        prefixes=prefixes,
        size=size,
        texts=texts(plan, contract, rows),
        coded=lambda select: coded(plan, contract, select),
        version=plan.version,
        lists={codes.table: codes for codes in plan.lists.values() if not codes.is_short},
        missing=_missing(plan, contract, rows),
        unknown=len(unknown_columns(plan, rows)),
        rejected=rows.rejected,
        left_out=rows.left_out,
        counted=left_out(plan, rows),
        again=(lambda: _of(plan, again(), number, prefixes, size)) if again else None,
    )


def _missing(plan: Plan, contract: Contract, rows: Rows) -> tuple[str, ...]:
    """Columns of the contract that are required and come from nowhere, those whose column the file lacks, and columns
    that the file lacks and that say which rows are the feed's."""
    there = {*rows.columns, *made_columns(plan, rows)}
    lacking = dict.fromkeys(column for column in plan.rows.required if column not in there)
    return (*(f.name for f in contract.fields if _is_missing(plan.columns.get(f.name), f, there)), *lacking)


def _is_missing(column: Column | None, field: Field, there: set[str]) -> bool:
    if column is None:
        return field.required
    if column.optional:
        return False
    beside = {source for one in column.beside.values() for source in one.sources}
    any_of = {*column.first, *column.first_readable}
    return not (beside <= there and (any_of & there if any_of else set(column.sources) <= there))


def unknown_columns(plan: Plan, rows: Rows) -> set[str]:
    """Columns of the file that the profile does not speak of; of several feeds of a file the first tells them.

    Of records the reader says them, and which feed tells them.
    """
    spoken = {*plan.asked.columns, *plan.beside.columns}
    return {*rows.unasked, *(set(rows.columns) - spoken if plan.beside.is_first else ())}
