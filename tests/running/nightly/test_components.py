"""Stopping ends every process that a component started, also one that has a process group of its own."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from include.running.nightly.components import ComponentError, Components
from include.running.nightly.home import Home

STUBBORN = """
set -m
trap "" TERM
sleep 600 & echo $! >> {pids}
echo $$ >> {pids}
wait
sleep 600
"""


class Shell(Components):
    """Components whose command is a shell script."""

    script = "exit 3"

    def _launch(self, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(["/bin/bash", "-c", self.script], start_new_session=True)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Components in a temporary home."""
    return Shell(Home(tmp_path, 1), dict(os.environ))


def test_nothing_is_left(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.running.nightly.components.GRACE_SECONDS", 0.5)
    pids = tmp_path / "pids"
    shell.script = STUBBORN.format(pids=pids)
    shell.start("scheduler")
    while not pids.exists() or len(pids.read_text().split()) < 2:
        time.sleep(0.05)

    shell.stop()

    assert [pid for pid in pids.read_text().split() if _is_alive(pid)] == []


def test_a_component_that_ends_by_itself_is_noticed(shell: Shell) -> None:
    shell.start("scheduler")
    shell._running["scheduler"].wait()

    with pytest.raises(ComponentError, match="scheduler"):
        shell.check()


def test_a_failed_command_is_an_error(shell: Shell) -> None:
    with pytest.raises(ComponentError, match="db migrate"):
        shell.run("db-migrate", "db", "migrate")


def _is_alive(pid: str) -> bool:
    stat = Path("/proc") / pid / "stat"
    return stat.exists() and " Z " not in stat.read_text()
