"""A site's profile in a folder of its own, and a registry that reads its files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.registry import duckdb_registry, registry

__all__ = ["duckdb_registry", "registry"]

CODES = "local,standard,valid_from,valid_to,decided_by\n"


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes the profile of the site chx with some exports, and its code lists."""
    folder = tmp_path / "sites"
    (folder / "chx").mkdir(parents=True)
    monkeypatch.setenv("SITES", str(folder))

    def write(*exports: dict[str, Any], lists: dict[str, str] | None = None, **more: Any) -> Path:
        said = {"site": "chx", "patients": "local", **more, "exports": list(exports)}
        (folder / "chx.yml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
        for name, lines in (lists or {}).items():
            (folder / "chx" / name).write_text(CODES + lines, encoding="utf-8")
        return folder

    return write
