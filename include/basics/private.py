"""What the registry writes is for its owner and its group alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OTHERS = 0o007


@contextmanager
def private_files() -> Iterator[None]:
    """New files and folders are not for others, and for the group to read; a stricter umask stays."""
    before = os.umask(0o777)
    os.umask(before | 0o027)
    try:
        yield
    finally:
        os.umask(before)


def make_private(file: Path) -> None:
    """Take a file from others that an earlier version left readable; who does not own it cannot."""
    with suppress(PermissionError):
        if (mode := file.stat().st_mode) & OTHERS:
            file.chmod(mode & ~OTHERS)
