"""Makes of a Parquet file a copy whose cells are all text, which cannot harm the session that reads it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.trimming import trimmed
from include.pipeline.staging.limits import limits, too_large

MARK = b"PAR1"
UNREADABLE: dict[str, Any] = {"problem": "unreadable"}
SCRIPT = Path(__file__).with_name("parquet_copy.py")


def copy_as_text(file: Path, copy: Path, feed: str) -> list[str]:
    """Copy a Parquet file and return its header.

    Raises RegistryError REG-301 when it cannot be read, REG-306 when more comes out of it than the registry takes, and
    REG-116 when there is no room for the copy.
    """
    said = _run(file, copy) if _is_marked(file) else UNREADABLE
    if said.get("problem") == "too_large":
        raise too_large(feed)
    if said.get("problem") == "full":
        raise RegistryError("REG-116", f"A file of {feed} cannot be copied.")
    if said.get("problem") == "wide":
        raise RegistryError("REG-301", f"A file of {feed} has decimal numbers of more than 38 digits.")
    if "problem" in said:
        raise RegistryError("REG-301", f"A file of {feed} is not a whole Parquet file.")
    return [trimmed(name) for name in said["header"]]


def _is_marked(file: Path) -> bool:
    """Whether a file begins and ends as a Parquet file does; spares a process for those that do not."""
    with file.open("rb") as content:
        begins = content.read(len(MARK)) == MARK
        content.seek(-min(len(MARK), file.stat().st_size), os.SEEK_END)
        return begins and content.read() == MARK


def _run(file: Path, copy: Path) -> dict[str, Any]:
    """What the script says; that the file is unreadable when it ends without a word or does not end."""
    allowed = str(limits().allowed(file.stat().st_size))
    command = [sys.executable, "-P", str(SCRIPT), str(file), str(copy), allowed]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=limits().patience_seconds)
        said: dict[str, Any] = json.loads(ended.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return UNREADABLE
    return said
