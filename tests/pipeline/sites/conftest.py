"""Sites need a registry, and profiles in a folder of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.registry import duckdb_registry, registry

__all__ = ["duckdb_registry", "registry"]

Profile = Callable[..., Path]


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """Writes the profile of a site."""
    folder = tmp_path / "sites"
    folder.mkdir()
    monkeypatch.setenv("SITES", str(folder))

    def write(site: str, patients: str = "local", text: str | None = None) -> Path:
        file = folder / f"{site}.yml"
        file.write_text(text or f"site: {site}\npatients: {patients}\n", encoding="utf-8")
        return file

    return write
