"""Opens a folder of Jinja templates: a name that is missing is an error, and a tag leaves no line or space behind.

Compiled templates are kept where Python keeps its compiled modules, beside them: each process would need half a second.
"""

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket


class Compiled(jinja2.FileSystemBytecodeCache):
    """Compiled templates of a folder; what cannot be kept is compiled again."""

    def __init__(self, folder: Path, escaped: bool) -> None:
        place = folder / "__pycache__"
        with suppress(OSError):
            place.mkdir(exist_ok=True)
        super().__init__(str(place), f"jinja-{jinja2.__version__}-{'html' if escaped else 'text'}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def templates(*folders: Path, filters: Mapping[str, Any] | None = None, escaped: bool = True) -> jinja2.Environment:
    """The templates of the folders; `escaped` is whether they are HTML."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=escaped,
        bytecode_cache=None if sys.dont_write_bytecode else Compiled(folders[0], escaped),
    )
    environment.filters |= filters or {}
    return environment
