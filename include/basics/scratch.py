"""A private place for copies of extracts while they are read: what a killed process leaves there, the next one removes.

Each process has a folder of its own below SCRATCH (by default `var/scratch` of the project), which it holds locked as
long as it lives. The common temporary folder is not used: nobody would remove what a killed process leaves in it.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from include.basics.errors import RegistryError
from include.basics.settings import ROOT

PREFIX = "process-"


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder that is gone afterwards. Raises RegistryError REG-209 when it cannot be made."""
    with tempfile.TemporaryDirectory(dir=own_folder(), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def own_folder() -> Path:
    """The folder of this process. Raises RegistryError REG-209 when it cannot be made."""
    return _folder_of(os.getpid(), Path(os.environ.get("SCRATCH") or ROOT / "var" / "scratch").resolve())


@cache
def _folder_of(process: int, root: Path) -> Path:
    """A fork is another process, with a folder of its own."""
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (root / "lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            _sweep(root)
            folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{process}-", dir=root))
            held = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(held, fcntl.LOCK_EX)
    except OSError as error:
        raise RegistryError("REG-209", f"The folder {root} cannot be used ({type(error).__name__}).") from None
    atexit.register(_remove, process, folder)
    return folder


def _sweep(root: Path) -> None:
    """Remove the folders whose process is gone: nobody holds their lock."""
    for folder in root.glob(f"{PREFIX}*"):
        with suppress(BlockingIOError), (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _remove(process: int, folder: Path) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
