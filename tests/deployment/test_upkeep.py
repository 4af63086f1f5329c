"""What an administrator does to a stack that runs: docs/deployment.md."""

import os
import subprocess

from include.basics.settings import ROOT
from tests.deployment.stack import QUICK, SLOW, Stack, until


def test_passwords_are_changed_and_the_platform_goes_on(stack: Stack) -> None:
    for name in ("airflow_password", "registry_writer_password", "redis_password"):
        (stack.secrets / name).unlink()
    own = {**os.environ, "SECRETS": str(stack.secrets), "ENV_FILE": str(stack.secrets.parent / "env")}
    subprocess.run([ROOT / "deploy" / "secrets"], env=own, check=True, timeout=QUICK)
    stack.compose("up", "-d", "--force-recreate", "--wait", timeout=SLOW)

    run = stack.admin().post("/api/v2/dags/check_rules/dagRuns", json={"logical_date": None}).raise_for_status().json()
    state = f"SELECT state FROM dag_run WHERE run_id = '{run['dag_run_id']}'"
    until(lambda: stack.query(state, "airflow") == [["success"]])


def test_a_server_that_is_down_is_told_by_its_code(stack: Stack) -> None:
    """The commands of docs/runbook.md mend it."""
    for service, told in (("postgres", "REG-114"), ("extracts", "REG-214")):
        stack.compose("stop", service)
        assert told in stack.compose("run", "--rm", "-T", "--no-deps", "registry", "run", check=False).stdout
        stack.compose("up", "-d", "--wait", "--no-deps", service)
    assert stack.compose("run", "--rm", "-T", "registry", "run", check=False, timeout=SLOW).returncode == 0
