"""Templates are compiled once, and again when their text is another."""

import sys
from pathlib import Path

import pytest

from include.basics.templates import templates


@pytest.fixture(autouse=True)
def _kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def test_template_is_compiled_once_for_all_processes(tmp_path: Path) -> None:
    (tmp_path / "greeting.sql").write_text("SELECT {{ number }}")
    assert templates(tmp_path, escaped=False).get_template("greeting.sql").render(number=1) == "SELECT 1"
    (kept,) = (tmp_path / "__pycache__").iterdir()
    written = kept.stat().st_mtime_ns
    assert templates(tmp_path, escaped=False).get_template("greeting.sql").render(number=2) == "SELECT 2"
    assert kept.stat().st_mtime_ns == written


def test_changed_template_is_compiled_again(tmp_path: Path) -> None:
    for text in ("SELECT {{ number }}", "SELECT -{{ number }}"):
        (tmp_path / "greeting.sql").write_text(text)
        rendered = templates(tmp_path, escaped=False).get_template("greeting.sql").render(number=1)
        assert rendered == text.replace("{{ number }}", "1")


def test_template_whose_folder_keeps_nothing_renders(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").touch()
    (tmp_path / "greeting.sql").write_text("SELECT {{ number }}")
    assert templates(tmp_path, escaped=False).get_template("greeting.sql").render(number=1) == "SELECT 1"


def test_what_was_cut_short_is_compiled_again(tmp_path: Path) -> None:
    (tmp_path / "greeting.sql").write_text("SELECT {{ number }}")
    templates(tmp_path, escaped=False).get_template("greeting.sql")
    (kept,) = (tmp_path / "__pycache__").iterdir()
    for length in range(0, kept.stat().st_size, 7):
        kept.write_bytes(kept.read_bytes()[:length])
        assert templates(tmp_path, escaped=False).get_template("greeting.sql").render(number=1) == "SELECT 1"


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "greeting.sql").write_text("SELECT {{ number }}")
    templates(tmp_path, escaped=False).get_template("greeting.sql")
    assert [file.name for file in tmp_path.iterdir()] == ["greeting.sql"]
