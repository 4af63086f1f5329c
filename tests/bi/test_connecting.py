"""The recipes of docs/connecting.md, run with a password; without TLS, which the tests' PostgreSQL does not have."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from include.basics.settings import ROOT
from tests.bi.conftest import Marts, Server

RECIPES = dict(re.findall(r"^```(sh|python|r)\n(.*?)^```", (ROOT / "docs" / "connecting.md").read_text(), re.M | re.S))
PROGRAMS = {"sh": ["sh"], "python": [sys.executable], "r": ["Rscript"]}
NEEDED = {"sh": ["psql", "--version"], "python": [sys.executable, "-V"], "r": ["Rscript", "-e", "library(RPostgreSQL)"]}


def run(recipe: str, server: Server, marts: Marts, folder: Path, passwords: Path) -> subprocess.CompletedProcess[str]:
    """Run a recipe against this server in place of the one that it names."""
    if shutil.which(NEEDED[recipe][0]) is None or subprocess.run(NEEDED[recipe], capture_output=True).returncode:
        pytest.skip(f"not installed: {' '.join(NEEDED[recipe])}")
    text = RECIPES[recipe].replace("registry.example.org", "localhost")
    text = text.replace("verify-full", "disable")
    text = text.replace("dbname=registry", f"dbname={marts.database}").replace(
        "localhost/registry", f"localhost/{marts.database}"
    )
    (folder / "recipe").write_text(text)
    own = {"PGPORT": str(server.port), "PGPASSFILE": str(passwords)}
    command = [*PROGRAMS[recipe], str(folder / "recipe")]
    return subprocess.run(command, env={**os.environ, **own}, text=True, capture_output=True, check=False, timeout=120)


@pytest.mark.parametrize("recipe", PROGRAMS)
def test_a_recipe_reads_the_marts(recipe: str, server: Server, marts: Marts, tmp_path: Path) -> None:
    done = run(recipe, server, marts, tmp_path, server.passwords)
    assert done.returncode == 0, done.stderr

    read = {
        (row["endpoint"], row["entry"], row["ci_method"], int(row["events"]))
        for row in csv.DictReader(done.stdout.splitlines())
    }
    select = "SELECT endpoint, entry, ci_method, events FROM marts.survival_summary "
    select += "WHERE rule = 'study' AND stratification = 'all'"
    with psycopg.connect(marts.url) as connection:
        assert read == set(connection.execute(select))


@pytest.mark.parametrize("recipe", PROGRAMS)
def test_nobody_comes_in_without_the_password(recipe: str, server: Server, marts: Marts, tmp_path: Path) -> None:
    done = run(recipe, server, marts, tmp_path, tmp_path / "none")
    assert done.returncode != 0
    assert "password" in done.stderr
