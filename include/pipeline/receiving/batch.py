"""A batch: the landed files of one feed that are received together, and what is known of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.definitions import contracts
from include.definitions.contracts import site_ids
from include.definitions.expectations import read_suite
from include.pipeline.landing.layout import ending_of
from include.pipeline.mapping import NO_EXPORT, Plans, mapped
from include.pipeline.receiving.landed import CHANGED, local_file
from include.pipeline.staging import HOLDING, UNREADABLE_ROW, FileFacts, Stage, staging
from include.pipeline.validation import judge
from include.pipeline.validation.judge import Judged
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append


@dataclass
class BatchFile:
    """A file of a batch; `error` keeps it from being received, `failed_rules` are those of the file that it fails.

    `number` counts the batch's files from 1, `known_rows` is what an earlier reading counted, `is_released` says that a
    person lets the file load although it is wrong as a whole, `is_rejected` that one refused it, `site` and
    `patient_ids` whose ids it holds, `export` by what of the site's profile it is mapped, `profile` by which version.
    """

    number: int
    load_id: str
    feed: str
    batch_date: date
    landing_uri: str
    sha256: str
    is_released: bool
    is_rejected: bool
    known_rows: int
    reading: int
    site: str = ""
    patient_ids: str = ""
    export: str = ""
    file_name: str = ""
    profile: str | None = None
    started_at: datetime = field(default_factory=utc_now)
    facts: FileFacts | None = None
    error: RegistryError | None = None
    failed_rules: list[str] = field(default_factory=list)
    broken_rules: list[str] = field(default_factory=list)
    failing: int = 0

    @property
    def prefixes(self) -> dict[str, str]:
        """What is put before the ids of some columns: those of a site are only unique there."""
        names = site_ids(contracts.read(self.feed), patients=self.patient_ids == "local") if self.site else []
        return dict.fromkeys(names, f"{self.site}:")

    @property
    def rows(self) -> int:
        """How many rows and lines it has, as far as is known."""
        return self.facts.row_count if self.facts else self.known_rows


def read_batch(warehouse: Warehouse, load_ids: Iterable[str]) -> list[BatchFile]:
    """The due ones among some loads of a feed, in the order of their versions."""
    wanted = set(load_ids)
    due = warehouse.run_file("receiving/due_files").mappings().all()
    found = sorted((one for one in due if one["load_id"] in wanted), key=lambda one: one["place"])
    return [BatchFile(number, **_without_place(one)) for number, one in enumerate(found, 1)]


def stage_batch(warehouse: Warehouse, files: list[BatchFile]) -> dict[str, Exception]:
    """Stage the files; returns what files met that can be tried again, by load id. They are out of the batch then."""
    failed: dict[str, Exception] = {}
    plans = Plans() if any(one.export for one in files) else None
    with staging(warehouse, files[0].feed) as stage:
        for one in files:
            try:
                with local_file({"landing_uri": one.landing_uri, "sha256": one.sha256}) as landed:
                    one.facts = _staged(stage, one, landed, plans)
            except Exception as error:
                warehouse.connection.rollback()
                if isinstance(error, RegistryError) and error.code in (CHANGED, NO_EXPORT, *HOLDING):
                    one.error = error
                else:
                    failed[one.load_id] = error
        files[:] = [one for one in files if one.load_id not in failed]
        stage.close([one.number for one in files if one.facts])
    note_files(warehouse, files)
    return failed


def _staged(stage: Stage, one: BatchFile, landed: Path, plans: Plans | None) -> FileFacts:
    """What of a file is staged: as it is, or as its site's profile maps it."""
    if plans is None or not one.export:
        return stage.add(one.number, landed, one.prefixes)
    plan = plans.of(one.site, one.export, one.feed)
    one.profile = plan.version
    with scratch() as folder:
        link = folder / f"extract{ending_of(one.file_name)}"
        link.symlink_to(landed.resolve())
        return stage.add_mapped(mapped(plan, link, one.number, one.prefixes, folder))


def judge_files(warehouse: Warehouse, files: list[BatchFile]) -> Judged:
    """Judge each file as a whole by the suite `file`; those that fail a rule are held unless they are released."""
    rules = list(read_suite("file"))
    judged = judge(warehouse, rules, "batch_file")
    failing = warehouse.run("SELECT row_number, rule_id FROM failing WHERE severity = 'critical'").tuples().all()
    for one in files:
        failed = [rule_id for number, rule_id in failing if number == one.number and rule_id != UNREADABLE_ROW]
        one.failed_rules = sorted(failed, key=[rule.rule_id for rule in rules].index)
        one.broken_rules = sorted(judged.broken)
        if one.failed_rules and not one.is_released:
            one.error = one.error or _wrong_as_a_whole(one)
        if one.is_rejected:
            one.error = one.error or RegistryError("REG-302", "a person rejected the file")
    mark_received(warehouse, files)
    return judged


def still_due(warehouse: Warehouse, files: list[BatchFile]) -> list[BatchFile]:
    """The files that nobody has decided about while they were read; the others are out of `batch_file`, too."""
    found = {row.load_id: (row.is_released, row.is_rejected) for row in warehouse.run_file("receiving/due_files")}
    due = [one for one in files if found.get(one.load_id) == (one.is_released, one.is_rejected)]
    for one in files:
        if one not in due:
            warehouse.run("DELETE FROM batch_file WHERE file_number = :number", number=one.number)
    return due


def mark_received(warehouse: Warehouse, files: list[BatchFile]) -> None:
    """Note in `batch_file` which files nothing keeps from being received, as far as is known."""
    numbers = ", ".join(str(one.number) for one in files if one.error is None) or "NULL"
    warehouse.run(f"UPDATE batch_file SET is_received = COALESCE(file_number IN ({numbers}), FALSE)")


def _wrong_as_a_whole(one: BatchFile) -> RegistryError:
    missing = f" (missing: {', '.join(one.facts.missing)})" if one.facts and one.facts.missing else ""
    return RegistryError("REG-302", f"failed {', '.join(one.failed_rules)}{missing}")


def note_files(warehouse: Warehouse, files: list[BatchFile]) -> None:
    """Make the temporary table `batch_file`; of those that could not be staged nothing is known."""
    warehouse.replace_temporary("batch_file", "receiving/batch_file")
    rows = [_noted(one, one.facts) for one in files if one.facts]
    append(warehouse, "batch_file", rows)
    warehouse.connection.commit()


def _noted(one: BatchFile, facts: FileFacts) -> dict[str, Any]:
    return {
        "file_number": one.number,
        "load_id": one.load_id,
        "reading": one.reading,
        "batch_date": one.batch_date.isoformat(),
        "is_received": False,
        "row_number": one.number,
        "row_count": facts.row_count,
        "missing_columns": len(facts.missing),
        "unknown_columns": facts.unknown_columns,
        "repeated_columns": facts.repeated_columns,
        "unreadable_rows": facts.unreadable_rows,
    }


def _without_place(one: Any) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name != "place"}
