"""One stack for all tests, in the order in which they stand; afterwards the engine is stopped."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from include.basics.settings import ROOT
from tests.conftest import SHARED
from tests.deployment.stack import Stack

LAB = Path(os.environ.get("COMPOSE_LAB") or SHARED / "compose-lab" / "run")
WORK = Path(os.environ.get("COMPOSE_LAB_WORK") or "/var/tmp/compose-lab")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """`docker compose up -d --build --wait`; skipped where no engine can be started."""
    if not LAB.exists() or os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip(f"an engine is started by {LAB}, as root on Debian: one of them is missing")
    new = Stack.new(WORK, tmp_path_factory.mktemp("deployment"))
    was_running = engine() is not None
    try:
        if why := refused(new, 600, "version"):
            pytest.skip(f"no engine can be started here (network, privileges):\n{why}")
        bring(new, 900, "build", "--quiet")
        new.compose("down", "--volumes", "--timeout", "5", check=False)
        bring(new, 700, "up", "-d", "--wait", "--wait-timeout", "600")
        yield new
    finally:
        with suppress(OSError, subprocess.SubprocessError):
            new.compose("--profile", "*", "down", "--volumes", "--timeout", "10", timeout=300)
        if not was_running:
            stop_engine()


def refused(stack: Stack, seconds: int, *arguments: str) -> str:
    """Start the engine, if it is not there, and run a compose command; what was said when that failed."""
    command = [str(LAB), str(ROOT / "docker-compose.yml"), str(WORK), "--", *arguments]
    how = {"text": True, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    try:
        done = subprocess.run(command, env=stack.environment, timeout=seconds, check=False, **how)
    except subprocess.TimeoutExpired:
        return f"not done after {seconds} s"
    return (done.stdout[-4000:] or f"exit code {done.returncode}") if done.returncode else ""


def bring(stack: Stack, seconds: int, *arguments: str) -> None:
    """Run a compose command that has to succeed; all waits together stay below the timeout of a test (Makefile)."""
    if why := refused(stack, seconds, *arguments):
        logs = ""
        with suppress(OSError, subprocess.SubprocessError):
            logs = stack.compose("logs", "--no-color", "--tail", "40", check=False).stdout
        pytest.fail(f"compose {arguments[0]} failed:\n{why}\n{logs[-12000:]}", pytrace=False)


def engine() -> int | None:
    """The process of the lab's engine, while it lives."""
    file = WORK / "dockerd.pid"
    pid = int(file.read_text()) if file.exists() else 0
    return pid if pid and Path(f"/proc/{pid}").exists() else None


def stop_engine() -> None:
    """End the engine, by force after half a minute."""
    for number, seconds in ((signal.SIGTERM, 30), (signal.SIGKILL, 5)):
        deadline = time.monotonic() + seconds
        while (pid := engine()) and time.monotonic() < deadline:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            time.sleep(1)
