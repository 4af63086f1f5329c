"""Opens a folder of Jinja templates: a name that is missing is an error, and a tag leaves no line or space behind."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2


def templates(*folders: Path, filters: Mapping[str, Any] | None = None, escaped: bool = True) -> jinja2.Environment:
    """The templates of the folders; `escaped` is whether they are HTML."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=escaped,
    )
    environment.filters |= filters or {}
    return environment
