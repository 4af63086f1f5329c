"""Disks that can be filled: file systems in memory, of a size, where this account may mount them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEGABYTE = 1 << 20


class Disk:
    """A folder with a file system of its own; without the right to mount it is an ordinary one."""

    def __init__(self, folder: Path, *, is_own: bool) -> None:
        self.folder = folder
        self.is_own = is_own
        self.ballast = folder / ".ballast"

    def fill(self) -> None:
        """Leave no byte, whoever writes meanwhile."""
        with self.ballast.open("wb") as ballast:
            while (left := os.statvfs(self.folder)).f_bavail:
                with suppress(OSError):  # somebody took part of it
                    os.posix_fallocate(ballast.fileno(), ballast.seek(0, os.SEEK_END), left.f_bavail * left.f_frsize)

    def clear(self) -> None:
        """Make room again."""
        self.ballast.unlink(missing_ok=True)


@contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A disk of a size at a folder that is made."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "faults", str(folder)]
    is_own = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield Disk(folder, is_own=is_own)
    finally:
        if is_own:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
