"""The runs in which people decide: one for each time that a file became held. Imports nothing heavy."""

from collections.abc import Iterable
from typing import Any

DECIDE = "decide_held_file"
"""The DAG in which people decide about held files."""

ASK, APPLY = "ask", "apply"
"""Its tasks that ask, and that carry the answer out."""

CARRY_OUT = "decide"
"""The DAG that carries out what people decide on the registry's pages."""

FROM_PAGE = "operator_triggered"
"""The type of its runs that a page started; what is triggered by hand in Airflow is `manual`."""

RETRIED = "REG-303"
"""A file that is held for a rule that cannot be evaluated is tried again by itself."""

COLUMN_MISSING = "file.columns.missing"
"""A file that lacks a required column: no answer lets its rows load, so the department is asked, not a person here."""


def decision_run(load_id: str, finished_second: int) -> str:
    """Id of the run that asks about a file; `finished_second`, when it became held, in seconds since 1970 (UTC)."""
    return f"{load_id}_{finished_second}"


def questions(loads: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each load that was left held and that people can decide: id and parameters of the run that asks."""
    return [
        {
            "trigger_run_id": decision_run(load["load_id"], load["finished_second"]),
            "conf": {"load_id": load["load_id"]},
        }
        for load in loads
        if load["state"] == "held" and load["reason_code"] != RETRIED and COLUMN_MISSING not in (load["reason"] or "")
    ]
