"""`python -m include.nightly.component scheduler ...`: one Airflow component that ends with whoever started it.

The scheduler imports the heavy libraries before anything else. LocalExecutor forks its workers from the scheduler,
and each worker forks the processes that run tasks, so all of them have these libraries already: a task starts
in tenths of a second instead of four seconds (Great Expectations alone takes three).
"""

import ctypes
import importlib
import signal
import sys

HEAVY = ("great_expectations", "pandas", "duckdb", "duckdb_sqlalchemy", "lifelines")

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the kernel (Linux) send SIGTERM when the parent is gone, even if it was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> None:
    """Run the Airflow command given by the arguments in this process."""
    end_with_parent()
    if sys.argv[1:2] == ["scheduler"]:
        for module in HEAVY:
            importlib.import_module(module)
    from airflow.__main__ import main as airflow

    airflow()


if __name__ == "__main__":
    main()
