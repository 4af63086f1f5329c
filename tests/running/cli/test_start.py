"""What a run costs that finds nothing to do: it loads no library that only work needs."""

import subprocess
import sys
from pathlib import Path

from include.basics.settings import Settings
from include.running.cli.run import run_steps
from tests.support.warehouses import Templates

HEAVY = ("pandas", "numpy", "scipy", "psycopg", "jsonschema", "great_expectations")
RUN = f"""
import sys
from include.running.cli.run import run_steps
from include.basics.settings import Settings
report = run_steps(Settings.of(*sys.argv[1:]))
print(report.marts_refreshed, [name for name in {HEAVY} if name in sys.modules])
"""


def test_a_run_that_finds_nothing_new_loads_no_library_that_only_work_needs(
    templates: Templates, tmp_path: Path
) -> None:
    places = (str(tmp_path / "extracts"), templates.duckdb(tmp_path / "registry.duckdb"))
    (tmp_path / "extracts").mkdir()
    run_steps(Settings.of(*places))
    again = subprocess.run([sys.executable, "-c", RUN, *places], capture_output=True, text=True, check=True)
    assert again.stdout == "0 []\n"
