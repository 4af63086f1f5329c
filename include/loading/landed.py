"""The landed copy of a load as a file on this machine's disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.errors import RegistryError
from include.landing.places import place


@contextmanager
def local_file(uri: str) -> Iterator[Path]:
    """The landed file on this machine's disk; raises RegistryError REG-203 when it is gone."""
    folder, _, name = uri.rpartition("/")
    with tempfile.TemporaryDirectory() as local:
        file = Path(uri)
        try:
            if uri.startswith("s3://"):
                file = Path(local) / name
                place(folder).fetch(name, file)
            file.stat()
        except OSError:
            raise RegistryError("REG-203", "The landed copy of a file cannot be read.") from None
        yield file
