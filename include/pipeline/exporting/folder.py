"""The folder that an export makes: it is there with all that belongs into it, or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.basics.errors import RegistryError
from include.basics.private import private_files


def refuse_existing(out: Path) -> None:
    """Raise RegistryError REG-902 when the folder is there."""
    if out.exists():
        raise RegistryError("REG-902", f"{out} is there.")


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """A hidden folder beside, which becomes `out`; whatever is raised, no row of a person stays in it."""
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    with private_files():
        part.mkdir(parents=True)
        try:
            yield part
            part.rename(out)
        finally:
            shutil.rmtree(part, ignore_errors=True)
