"""Shows what Airflow does, task by task, while it does it."""

from rich.console import Console
from rich.status import Status
from rich.text import Text

from include.running.nightly.api import TaskState

COLOURS = {
    "success": "green",
    "skipped": "dim",
    "failed": "red",
    "upstream_failed": "red",
    "up_for_retry": "yellow",
}
"""States worth a line; a task that only waits or runs is shown in the status line of a terminal."""


class Progress:
    """One line for each finished try of a task; on a terminal also what is running now."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: set[tuple[str, str, str, int, int, str]] = set()
        self._status = Status("", console=console)
        self.night = ""

    def say(self, *parts: str | tuple[str, str]) -> None:
        """A line of its own; a part with a colour is a pair."""
        self._console.print(Text.assemble(*parts), soft_wrap=True)

    def show(self, tasks: list[TaskState]) -> None:
        """Print what is new in these task states; a task without code of its own is no news."""
        for task in tasks:
            key = (task.dag, task.run, task.task, task.map_index, task.attempt, task.state)
            if task.state in COLOURS and task.operator != "EmptyOperator" and key not in self._shown:
                self._shown.add(key)
                state = (f"{task.state:<12}", COLOURS[task.state])
                self.say(f"{self.night}  {task.dag:<18}  ", state, f"  {task.seconds:5.1f} s  {task.name}")
        if self._console.is_terminal:
            self._show_running([f"{task.dag} {task.name}" for task in tasks if task.state == "running"])

    def _show_running(self, names: list[str]) -> None:
        self._status.update(Text(f"{self.night}  {', '.join(names)}"))
        if names:
            self._status.start()
        else:
            self._status.stop()
