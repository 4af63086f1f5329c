"""Opens a folder of Jinja templates: a name that is missing is an error, and a tag leaves no line or space behind.

Compiled templates are kept beside them, as Python keeps compiled modules: each process would need half a second.
"""

import hashlib
import pickle
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import jinja2
from jinja2.bccache import Bucket


class Names:
    """What some templates ask for: the fields and properties of a frozen dataclass; `files` are these templates."""

    files: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, files: str) -> None:
        cls.files = tuple(files.split())


class Compiled(jinja2.FileSystemBytecodeCache):
    """Compiled templates of a folder: what cannot be read is compiled again, and kept where Python may keep modules.

    How templates are compiled is this file's matter, so what another one had compiled has another name.
    """

    def __init__(self, folder: Path, escaped: bool) -> None:
        made_by = hashlib.sha256(f"{jinja2.__version__} {escaped}".encode() + Path(__file__).read_bytes()).hexdigest()
        super().__init__(str(folder / "__pycache__"), f"{made_by[:16]}-%s.jinja")

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


def templates(*folders: Path, filters: Mapping[str, Any] | None = None, escaped: bool = True) -> jinja2.Environment:
    """The templates of the folders; `escaped` is whether they are HTML."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=escaped,
        bytecode_cache=Compiled(folders[0], escaped),
    )
    environment.filters |= filters or {}
    return environment
