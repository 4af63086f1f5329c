"""The landed copy of a load as a file on this machine's disk, with the bytes that the ledger knows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.pipeline.landing.land import hash_of
from include.pipeline.landing.places import place
from include.warehouse.refusal import full_disk_or

GONE, CHANGED = "REG-203", "REG-207"
"""Codes of a landed copy that cannot be used."""


@contextmanager
def local_file(entry: Mapping[str, Any]) -> Iterator[Path]:
    """The landed file of a ledger entry.

    Raises RegistryError REG-203 when it is gone, REG-207 when it is not what was landed, and REG-116 when there is no
    room for it.
    """
    folder, _, name = entry["landing_uri"].rpartition("/")
    with scratch() as local:
        file = Path(entry["landing_uri"])
        try:
            if entry["landing_uri"].startswith("s3://"):
                file = local / name
                place(folder).fetch(name, file)
            sha256 = hash_of(file)
        except OSError as error:
            raise RegistryError(full_disk_or(GONE, error), "The landed copy of a file cannot be read.") from None
        if sha256 != entry["sha256"]:
            raise RegistryError(CHANGED, "the landed copy is not what was pulled")
        yield file
