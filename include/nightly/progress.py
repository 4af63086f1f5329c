"""Shows what Airflow does, task by task, while it does it."""

from rich.console import Console
from rich.status import Status

from include.nightly.api import TaskState

COLOURS = {"success": "green", "skipped": "dim", "failed": "red", "upstream_failed": "red", "up_for_retry": "yellow"}
"""States worth a line; a task that only waits or runs is shown in the status line of a terminal."""


class Progress:
    """One line for each finished try of a task; on a terminal also what is running now."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: set[tuple[str, str, str, int, int, str]] = set()
        self._status = Status("", console=console)
        self.night = ""

    def say(self, text: str) -> None:
        """A line of its own."""
        self._console.print(text, highlight=False)

    def show(self, tasks: list[TaskState]) -> None:
        """Print what is new in these task states."""
        for task in tasks:
            key = (task.dag, task.run, task.task, task.map_index, task.attempt, task.state)
            if task.state in COLOURS and key not in self._shown:
                self._shown.add(key)
                self._line(task)
        if self._console.is_terminal:
            now = ", ".join(f"{task.dag} {task.name}" for task in tasks if task.state == "running")
            self._status.update(f"{self.night}  {now}")
            self._status.start() if now else self._status.stop()

    def _line(self, task: TaskState) -> None:
        state = f"[{COLOURS[task.state]}]{task.state:<12}[/]"
        self._console.print(
            f"{self.night}  {task.dag:<18}  {state}  {task.seconds:5.1f} s  {task.name}",
            highlight=False,
            soft_wrap=True,
        )
