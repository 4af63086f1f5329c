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
from tests.deployment.stack import SLOW, Stack

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
        lab(new, "build", "--quiet")
        new.compose("down", "--volumes", "--timeout", "5", check=False, timeout=SLOW)
        lab(new, "up", "-d", "--wait", "--wait-timeout", "600")
        yield new
    finally:
        with suppress(OSError, subprocess.SubprocessError):
            new.compose("--profile", "*", "down", "--volumes", "--timeout", "10", timeout=300)
        if not was_running:
            stop_engine()


def lab(stack: Stack, *arguments: str) -> None:
    """Start the engine, if it is not there, and run a compose command; what it said is told when it fails."""
    command = [str(LAB), str(ROOT / "docker-compose.yml"), str(WORK), "--", *arguments]
    done = subprocess.run(
        command, env=stack.environment, timeout=SLOW, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        logs = stack.compose("logs", "--no-color", "--tail", "40", check=False).stdout
        pytest.fail(f"compose {arguments[0]} failed:\n{done.stdout[-4000:]}\n{logs[-12000:]}", pytrace=False)


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
