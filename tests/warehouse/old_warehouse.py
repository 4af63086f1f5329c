"""Makes a small warehouse of the version before facts were kept, by that version's own code.

Run as a script where that version is what `include` and `tests` mean: URL of an empty warehouse, folder, file for what
the warehouse says then.
"""

import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FEEDS = ("patients", "visits", "results", "treatments")
PLACE = "load_id, row_number"
SAYS = {
    **{f"current {feed}": f"SELECT * FROM clinical.current_{feed}" for feed in FEEDS},
    **{
        f"versions {feed}": f"SELECT patient_id, status, {PLACE}, last_load_id, last_row_number, batch_date, "
        f"first_batch_date, arrival, version_state FROM clinical.{feed}"
        for feed in FEEDS
    },
    "records": f"SELECT {PLACE}, feed, record_key, patient_id, rule_ids, state FROM quarantine.record",
    "decided records": f"SELECT {PLACE}, CASE WHEN state = 'rejected' THEN 'mg' ELSE decided_by END, state "
    "FROM quarantine.record WHERE decided_by = 'mg' OR state = 'rejected'",
    "failures": f"SELECT {PLACE}, rule_id, severity, is_overridden FROM quarantine.failure WHERE severity = 'critical'",
    "overrides": "SELECT feed, record_key, rule_id, decided_by, decided_at, reason, ended_at FROM quarantine.override",
    "files": "SELECT load_id, delivery, landing_uri, file_order, state, received_at, decided_by, "
    "CASE WHEN state IN ('held', 'rejected') THEN reason END, CASE WHEN state <> 'superseded' THEN reason_code END "
    "FROM ops.load",
    "counts": "SELECT load_id, rows_received, rows_loaded, rows_updated, rows_unchanged, rows_quarantined, "
    "rows_waiting, rows_failing FROM ops.load",
    "lifespans": "SELECT patient_id, birth_date, death_date, is_active FROM clinical.lifespan",
    "trail": "SELECT subject, load_id, row_number, from_state, to_state, decided_by, decided_at, reason "
    "FROM quarantine.decision",
    "verdicts": "SELECT load_id, rule_id, severity, rows_failed, status FROM ops.validation_result "
    "WHERE rows_failed > 0 AND severity = 'critical'",
}
"""What is asked of the warehouse before and after."""
DAY = [f"2020-01-0{number}" for number in range(10)]
BAD = {"value": "90000"}
LATE = {"patient_id": "P2", "collected_at": "2014-01-02T08:15"}
UNCLEAR = {"vital_status": "unclear"}


def told(warehouse: Any) -> dict[str, list[str]]:
    """The answers, each row as a text, in order."""
    said = {what: warehouse.run_verbatim(select) for what, select in SAYS.items()}
    return {what: sorted(json.dumps(row) for row in _rows(rows)) for what, rows in said.items()}


def _rows(said: Any) -> list[list[Any]]:
    """The rows without the columns that contracts gained since: those say nothing of an old row."""
    contracts = import_module("include.contracts" if find_spec("include.landing") else "include.definitions.contracts")
    fields = [field for feed in FEEDS for field in contracts.read(feed).fields]
    added = {field.name for field in fields if getattr(field, "added", False)}
    added |= {f"{field.name}_precision" for field in fields}
    kept = [place for place, name in enumerate(said.keys()) if name not in added]
    return [[_plain(row[place]) for place in kept] for row in said.tuples()]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float) else str(value)


def fill(registry: Any) -> None:
    """Send files, and decide."""
    row, decide = import_module("tests.support.extracts").row, _decisions(registry)
    dead = row("visits", "V2", patient_id="P2", visit_date="2013-05-01", vital_status="dead", death_date="2013-05-01")
    registry.deliver("patients", DAY[1], *(row("patients", f"P{n}") for n in (1, 2, 3)))
    registry.deliver(
        "visits", DAY[1], row("visits"), {**dead, "death_cause": "tumour"}, *_unclear(row, "V3", "V4", "V5")
    )
    registry.deliver("treatments", DAY[1], row("treatments"))
    first = [
        *(row("results", f"L{n}") for n in range(1, 50)),
        row("results", "unread", value="haemolysed"),
        *(row("results", key, **BAD) for key in ("let past", "rejected", "ended", "ended too", "reopened", "open")),
        *(row("results", key, **LATE) for key in ("late", "late let past")),
        *(row("results", key, patient_id="P9") for key in ("waits", "waits rejected")),
        row("results", "moves"),
    ]
    registry.deliver("results", DAY[1], *first)
    for key in ("let past", "ended", "ended too", "late let past"):
        decide.override(record_key=key)
    decide.override(record_key="V3", rule_id=None)
    decide.override(record_key="V4")
    for key in ("rejected", "waits rejected", "reopened"):
        decide.reject(record_key=key)
    for key in ("ended", "ended too", "V4", "reopened"):
        decide.reopen(record_key=key)
    registry.deliver(
        "results",
        DAY[2],
        row("results", "L1"),
        row("results", "L2", value="31", status="corrected"),
        row("results", "unread", value="40", status="corrected"),
        row("results", "let past", **BAD),
        row("results", "rejected", **BAD),
        row("results", "ended too", value="80000"),
        row("results", "moves", patient_id="P3"),
        *(row("results", f"M{n}") for n in range(1, 20)),
    )
    decide.override(record_key="moves")
    _unreadable_line(registry, row, decide)
    _delivered_twice(registry, row)
    _held(registry, row, decide)


def _unclear(row: Any, *keys: str) -> list[dict[str, str]]:
    return [row("visits", key, visit_date="2012-03-02", **UNCLEAR) for key in keys]


def _unreadable_line(registry: Any, row: Any, decide: Any) -> None:
    extracts = import_module("tests.support.extracts")
    names = import_module("include.contracts").read("treatments").names
    good = extracts.as_csv([row("treatments", f"T{n}", started_on=f"2011-06-{n}") for n in range(10, 25)], names)
    registry.put("treatments", DAY[2], good + b"one,two\r\nthree\r\n")
    (load,) = registry.load()
    decide.reject(load_id=load.load_id, row_number=17)


def _delivered_twice(registry: Any, row: Any) -> None:
    registry.deliver("results", DAY[3], row("results", "twice"))
    registry.deliver("results", DAY[3], row("results", "twice"), row("results", "twice too"))


def _held(registry: Any, row: Any, decide: Any) -> None:
    def send(day: str) -> str:
        values = ["30"] * 15 + ["haemolysed"] * 6
        report = registry.deliver("results", day, *(row("results", f"{day}{n}", value=v) for n, v in enumerate(values)))
        assert report.state == "held"
        return str(report.load_id)

    send(DAY[4])
    decide.reject_file(send(DAY[5]))
    decide.release_file(send(DAY[6]))
    send(DAY[7])
    registry.deliver("results", DAY[7], row("results", "replaced"))
    twice = send(DAY[8])
    decide.reject_file(twice)
    decide.release_file(twice)
    registry.deliver("results", DAY[8], row("results", "after a release"))


def _decisions(registry: Any) -> Any:
    module, why = import_module("include.decisions"), "looked at"

    def about(name: str) -> Any:
        decide = getattr(module, name)
        return lambda **selection: decide(registry.warehouse, module.Selection(**selection), "mg", why)

    def about_file(name: str) -> Any:
        decide = getattr(module, name)
        return lambda load_id: decide(registry.warehouse, load_id, "mg", why)

    return SimpleNamespace(
        override=about("override_records"),
        reject=about("reject_records"),
        reopen=about("reopen_records"),
        reject_file=about_file("reject_file"),
        release_file=about_file("release_file"),
    )


def _judge_plainly() -> None:
    """Judge by plain SQL instead of Great Expectations, which takes its time."""
    plain = import_module("tests.support.plain_judge")
    places = {"judge": ("loading.load", "loading.settle", "loading.replay"), "judge_file": ("loading.load",)}
    for name, modules in {**places, "find": ("validation.cross_feed",)}.items():
        for module in modules:
            setattr(import_module(f"include.{module}"), name, getattr(plain, name))


def main(url: str, folder: Path, answers: Path) -> None:
    """Make the warehouse, its extracts and landed files in the folder."""
    _judge_plainly()
    with import_module("tests.support.registry").opened(url, folder) as registry:
        fill(registry)
        registry.finish()
        answers.write_text(json.dumps(told(registry.warehouse)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
