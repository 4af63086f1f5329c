"""A trial of a profile on a file: the first rows before and after, what the columns hold, what each rule says."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.definitions import contracts
from include.definitions.contracts.feed_sql import feed_sql, of_feed
from include.people.sites.saying import Said, said_of
from include.pipeline.formats import Rows
from include.pipeline.landing.layout import ending_of
from include.pipeline.landing.personal import without_personal
from include.pipeline.mapping import WRONG_PROFILE, Plan, Plans
from include.pipeline.mapping.choosing import places_of
from include.pipeline.mapping.mapped import unknown_columns
from include.pipeline.receiving.batch import BatchFile, judge_files, stage_batch
from include.pipeline.receiving.landed import CHANGED
from include.pipeline.receiving.receive import hold_by_share
from include.warehouse import Warehouse, open_warehouse, prepare


@dataclass(frozen=True)
class Coverage:
    """How many rows have a text in a column, and how many of these can be read as the column's type."""

    column: str
    made_of: str
    filled: int
    readable: int


@dataclass(frozen=True)
class Seen:
    """A file as its reader has it: the first rows, which rows are the feed's, from 1 on, and columns nobody names."""

    first: list[dict[str, Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """What a profile makes of a file. It quotes cells: it is for whoever has the file."""

    site: str
    export: str
    feed: str
    profile_version: str
    rows: int
    unreadable: int
    left_out: Mapping[str, int]
    missing_columns: tuple[str, ...]
    unknown_columns: list[str]
    held: str | None
    coverage: list[Coverage]
    rules: list[Said]
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The trial as plain values."""
        return asdict(self)


def plans_for(plans: Plans, site: str, file: Path, export: str | None) -> list[Plan]:
    """The plans of an export, or of each one that takes a file of such a name.

    Raises RegistryError REG-311 when the site is unknown, has no such export, or none that takes the file; REG-219
    when its profile is wrong.
    """
    if site in plans.wrong:
        raise RegistryError(WRONG_PROFILE, f"The profile of {site} is wrong.")
    if site not in plans.sites:
        raise RegistryError("REG-311", f"There is no site {site}.")
    found = [
        plan
        for plan in plans.all()
        if plan.site.site == site and (plan.export.title == export if export else _takes(plan, file))
    ]
    if not found:
        known = ", ".join(one.title for one in plans.sites[site].exports)
        raise RegistryError("REG-311", f"No export of {site} takes the file; name one of: {known}.")
    return found


def _takes(plan: Plan, file: Path) -> bool:
    return len(plan.site.exports) == 1 or _day_of(plan, file) is not None


def _day_of(plan: Plan, file: Path) -> date | None:
    """The day that a path has in an export, or what of it stands behind some folder; None when it does not fit."""
    parts = file.as_posix().split("/")
    days = (plan.export.day_of("/".join(parts[start:])) for start in range(len(parts)))
    return next((day for day in days if day), None)


def try_file(plan: Plan, file: Path, first: int = 5) -> Trial:
    """Try a plan; raises RegistryError REG-301, REG-306 when the file cannot be read."""
    with scratch() as folder, open_warehouse(f"duckdb:///{folder / 'trial.duckdb'}") as warehouse:
        prepare(warehouse)
        copy = folder / "landed"
        copy.write_bytes(file.read_bytes())
        landed = without_personal(copy, plan.site, plan.export, file.name, ending_of(file.name))
        one = _batch_file(plan, landed, _day_of(plan, file) or date.today())
        seen = _seen(warehouse, plan, landed, first)
        _stage(warehouse, one)
        return _trial(warehouse, plan, one, seen, first)


def _batch_file(plan: Plan, file: Path, day: date) -> BatchFile:
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    return BatchFile(
        number=1,
        load_id="trial",
        feed=plan.feed,
        batch_date=day,
        landing_uri=str(file),
        sha256=sha256,
        is_released=True,
        is_rejected=False,
        known_rows=0,
        reading=1,
        site=plan.site.site,
        patient_ids=plan.site.patients,
        export=plan.export.title,
        file_name=file.name,
    )


def _seen(warehouse: Warehouse, plan: Plan, file: Path, first: int) -> Seen:
    """What the reader writes on the way lies apart from the file."""
    with scratch() as folder:
        rows = plan.reader.read(file, plan.asked, folder)
        try:
            return _seen_of(warehouse, plan, rows, first)
        except sa.exc.DBAPIError:
            warehouse.connection.rollback()
            return _seen_of(warehouse, plan, rows.line_by_line(), first) if rows.line_by_line else Seen()


def _seen_of(warehouse: Warehouse, plan: Plan, rows: Rows, first: int) -> Seen:
    unknown = sorted(unknown_columns(plan, rows))
    return Seen(_first(warehouse, rows, first), _numbers(warehouse, plan, rows), unknown)


def _first(warehouse: Warehouse, rows: Rows, first: int) -> list[dict[str, Any]]:
    found = warehouse.run_verbatim(f"SELECT * FROM {rows.relation} LIMIT {first}").mappings().all()
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def _numbers(warehouse: Warehouse, plan: Plan, rows: Rows) -> list[int]:
    return list(warehouse.run_verbatim(places_of(plan, rows)).scalars())


def _stage(warehouse: Warehouse, one: BatchFile) -> None:
    for error in stage_batch(warehouse, [one]).values():
        raise error
    if one.error and one.error.code != CHANGED:
        raise one.error
    judge_files(warehouse, [one])
    warehouse.replace_temporary("staged", "receiving/staged", of_feed(one.feed, is_duckdb=True))


def _trial(warehouse: Warehouse, plan: Plan, one: BatchFile, seen: Seen, first: int) -> Trial:
    assert one.facts is not None  # noqa: S101 - it is staged
    rules = said_of(warehouse, plan.feed, seen.places)
    return Trial(
        site=one.site,
        export=one.export,
        feed=one.feed,
        profile_version=plan.version,
        rows=one.facts.row_count - one.facts.unreadable_rows,
        unreadable=one.facts.unreadable_rows,
        left_out=one.facts.left_out,
        missing_columns=one.facts.missing,
        unknown_columns=seen.unknown_columns,
        held=", ".join(one.failed_rules) or _held_for_its_rows(warehouse, one),
        coverage=_coverage(warehouse, plan),
        rules=rules,
        before=seen.first,
        after=_after(warehouse, plan.feed, first),
    )


def _held_for_its_rows(warehouse: Warehouse, one: BatchFile) -> str | None:
    """That too many rows fail a rule, as they were judged."""
    loading = replace(one, is_released=False)
    hold_by_share(warehouse, one.feed, [loading])
    return str(loading.error) if loading.error else None


def _coverage(warehouse: Warehouse, plan: Plan) -> list[Coverage]:
    fields = contracts.read(plan.feed).fields
    counts = []
    for asked in fields:
        text = asked.name if asked.type in ("text", "measured") else f"{asked.name}_text"
        readable = f"{asked.name}_readable" if asked.type != "text" else f'"{text}" IS NOT NULL'
        counts += [f'COUNT("{text}")', f"COUNT(*) FILTER (WHERE {readable})"]
    found = warehouse.run_verbatim(f"SELECT {', '.join(counts)} FROM staged").one()
    pairs = zip(found[::2], found[1::2], strict=True)
    return [
        Coverage(asked.name, _made_of(plan, asked.name), filled, readable)
        for asked, (filled, readable) in zip(fields, pairs, strict=True)
    ]


def _made_of(plan: Plan, name: str) -> str:
    column = plan.columns.get(name)
    if column is None:
        return ""
    if column.value is not None:
        return f"always {column.value}"
    return (", else " if column.first or column.first_readable else " + ").join(column.sources)


def _after(warehouse: Warehouse, feed: str, first: int) -> list[dict[str, Any]]:
    columns = feed_sql(feed, is_duckdb=True).as_known("s")
    found = warehouse.run_verbatim(f"SELECT {columns} FROM staged AS s ORDER BY row_number LIMIT {first}").mappings()
    return [{name: value for name, value in row.items() if value is not None} for row in found]
