"""Imports every DAG file and prints what it found as JSON; runs in an interpreter of its own.

What a DAG file loads is told on top of Airflow's own modules, which every DAG file needs.
"""

import importlib.util
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import airflow.providers.standard.operators.empty
import airflow.providers.standard.operators.hitl
import airflow.providers.standard.operators.trigger_dagrun
import airflow.sdk  # noqa: F401
from airflow.sdk import BaseOperator


def modules_of(file: Path) -> list[str]:
    """Modules that importing the file adds."""
    before = set(sys.modules)
    spec = importlib.util.spec_from_file_location(f"alone_{file.stem}", file)
    assert spec
    assert spec.loader
    with suppress(Exception):  # it is among the errors of the bag
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return sorted({name.partition(".")[0] for name in set(sys.modules) - before})


def describe_task(task: BaseOperator) -> dict[str, Any]:
    """What the tests look at."""
    return {
        "owner": task.owner,
        "retries": task.retries,
        "backoff": task.retry_exponential_backoff,
        "time_limit": task.execution_timeout.total_seconds() if task.execution_timeout else None,
        "pool": task.pool,
        "priority": task.priority_weight,
        "trigger_rule": task.trigger_rule.value,
        "outlets": [outlet.name for outlet in task.outlets],
        "downstream": sorted(task.downstream_task_ids),
        "is_mapped": task.is_mapped,
    }


def main(folder: Path) -> None:
    """Describe the DAG files of a folder."""
    files = {file.name: modules_of(file) for file in sorted(folder.glob("*.py"))}
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(folder))
    dags = {
        name: {
            "doc": dag.doc_md or "",
            "tags": sorted(dag.tags),
            "catchup": dag.catchup,
            "max_active_runs": dag.max_active_runs,
            "time_limit": dag.dagrun_timeout.total_seconds() if dag.dagrun_timeout else None,
            "woken_by": getattr(getattr(dag.timetable, "asset_condition", None), "name", None),
            "deadlines": [deadline.name for deadline in dag.deadline or ()],
            "timetable": type(dag.timetable).__name__,
            "tasks": {task.task_id: describe_task(task) for task in dag.tasks},
        }
        for name, dag in bag.dags.items()
    }
    print(json.dumps({"files": files, "errors": bag.import_errors, "dags": dags}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
