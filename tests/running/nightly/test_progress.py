"""The lines of the progress."""

import io
from dataclasses import replace

from rich.console import Console

from include.running.nightly.api import TaskState
from include.running.nightly.progress import Progress

LOAD = TaskState(
    dag="ingest_clinic",
    run="asset_triggered__1",
    task="load",
    map_index=2,
    attempt=1,
    name="load visits 0123456789abcdef",
    operator="_PythonDecoratedOperator",
    state="running",
    seconds=0.0,
)


def lines(*states: list[TaskState]) -> list[str]:
    """What is printed for these answers, one after the other."""
    out = io.StringIO()
    progress = Progress(Console(file=out, width=60))
    progress.night = "2020-11-02"
    for tasks in states:
        progress.show(tasks)
    return out.getvalue().splitlines()


def test_a_finished_task_is_one_line_however_often_it_is_told() -> None:
    done = replace(LOAD, state="success", seconds=1.25)

    assert lines([LOAD], [done], [done]) == [
        "2020-11-02  ingest_clinic       success         1.2 s  load visits 0123456789abcdef"
    ]


def test_every_try_is_told() -> None:
    failed, again = replace(LOAD, state="up_for_retry"), replace(LOAD, state="success", attempt=2)

    assert [line.split()[2] for line in lines([failed], [again])] == ["up_for_retry", "success"]


def test_brackets_are_no_markup() -> None:
    done = replace(LOAD, state="success", name="load [/b] m[iU]/mL")

    assert lines([done])[0].endswith("load [/b] m[iU]/mL")


def test_a_task_without_code_is_no_news() -> None:
    assert lines([replace(LOAD, operator="EmptyOperator", state="success")]) == []
