"""The nights through a real Airflow: scheduler, API server and DAG processor, started once for this file."""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import pytest
from rich.console import Console

from include.basics.settings import Settings
from include.pipeline.landing import pull
from include.running.nightly.__main__ import NIGHTLY
from include.running.nightly.home import EVENTS_ONLY, Home
from include.running.nightly.names import SOURCES
from include.running.nightly.progress import Progress
from include.running.nightly.session import RoundError, Session, session
from include.study.sample import NIGHTS, write_night
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.tables import manifest
from tests.running.nightly.asked import answer, question, state_of, until
from tests.support.extracts import row, send
from tests.support.receivers import Mailbox, content_of, mail_server
from tests.support.warehouses import Templates

pytestmark = pytest.mark.scheduler
SECRET = "Q7-secret"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Settings:
    """A registry of its own, with the sample study's first night delivered."""
    folder = tmp_path_factory.mktemp("registry")
    write_night(folder / "extracts", NIGHTS[0])
    return Settings.of(str(folder / "extracts"), templates.duckdb(folder / "registry.duckdb"))


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """A mail server that Airflow tells its alarms."""
    with mail_server() as (box, environment), pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield box


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Home]:
    """An Airflow home of its own, without schedules; afterwards no process may be left that was started for it."""
    folders = {"NIGHTLY_HOME": tmp_path_factory.mktemp("airflow"), "REPORTS": tmp_path_factory.mktemp("reports")}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**EVENTS_ONLY, "ARRIVAL_SECONDS": "1", **folders}.items():
            patch.setenv(name, str(value))
        made = Home.prepare()
        yield made
    assert processes_of(made) == []


@pytest.fixture(scope="module")
def started(settings: Settings, home: Home) -> Iterator[Session]:
    """A running Airflow, without the triggerer: files are looked for when a test starts it."""
    with session(settings, home, *NIGHTLY, clock=True) as running:
        yield running


@pytest.fixture(scope="module")
def first_night(started: Session) -> str:
    """What the first night prints."""
    progress, out = printing()
    started.play(SOURCES, progress)
    return out.getvalue()


@pytest.fixture
def airflow(started: Session, first_night: str) -> Session:
    """The running Airflow after the first night."""
    return started


@pytest.fixture
def progress() -> tuple[Progress, io.StringIO]:
    """A progress and what it prints."""
    return printing()


def printing() -> tuple[Progress, io.StringIO]:
    """A progress and what it prints."""
    out = io.StringIO()
    return Progress(Console(file=out, width=200)), out


def test_a_night_goes_through_to_fresh_marts(first_night: str, settings: Settings) -> None:
    assert states(settings, NIGHTS[0]) == {"loaded"}
    with open_warehouse(settings.warehouse) as warehouse:
        assert warehouse.scalar("SELECT COUNT(*) FROM ops.touched_patient") == 0
        assert warehouse.scalar("SELECT COUNT(DISTINCT patient_id) FROM derived.survival_time") > 0
        assert warehouse.scalar("SELECT COUNT(*) FROM marts.survival_summary") > 0
        assert warehouse.scalar("SELECT MAX(data_cutoff_date) FROM marts.survival_summary") == NIGHTS[0]
    for dag in (*(f"ingest_{source}" for source in SOURCES), "derive", "refresh_marts"):
        assert dag in first_night


def test_running_it_again_changes_nothing(
    airflow: Session, settings: Settings, progress: tuple[Progress, io.StringIO]
) -> None:
    before = content(settings)

    airflow.play(["laboratory"], progress[0])

    assert content(settings) == before
    assert "refresh_marts" not in progress[1].getvalue()


def test_a_failed_file_blocks_no_other(
    airflow: Session, settings: Settings, progress: tuple[Progress, io.StringIO]
) -> None:
    write_night(Path(settings.extracts), NIGHTS[1])
    take_away(settings, "radiology", "pathology", night=str(NIGHTS[1]))
    pull(settings)
    landed = at_landing_uri(settings, "results", None)

    with pytest.raises(RoundError) as failed:
        airflow.play(["laboratory", "clinic"], progress[0])

    assert [(task.dag, task.task) for task, _ in failed.value.failures] == [("ingest_laboratory", "receive")]
    assert all(log.is_file() for _, log in failed.value.failures)
    assert states(settings, NIGHTS[1]) == {"loaded", "received"}
    at_landing_uri(settings, "results", landed)

    airflow.play(["laboratory"], progress[0])

    assert states(settings, NIGHTS[1]) == {"loaded"}
    with open_warehouse(settings.warehouse) as warehouse:
        assert warehouse.scalar("SELECT MAX(data_cutoff_date) FROM marts.survival_summary") == NIGHTS[1]


def test_the_night_is_reported_when_the_marts_are_fresh(
    airflow: Session, progress: tuple[Progress, io.StringIO]
) -> None:
    airflow.finish(datetime.now(UTC), progress[0])

    reports = Path(os.environ["REPORTS"])
    assert {file.name for file in reports.glob("validation-*.html")} >= {f"validation-{NIGHTS[1]}.html"}
    assert (reports / "data_docs" / "index.html").is_file()


def test_each_night_is_one_mail_for_its_rows_set_aside(airflow: Session, mailbox: Mailbox) -> None:
    subjects = [str(mail["Subject"]) for mail in mailbox.messages]

    assert len(subjects) == len(set(subjects)) == 2
    for subject, night in zip(subjects, NIGHTS, strict=False):
        assert subject.startswith("[registry] Rules that set rows or cells aside: ")
        assert subject.endswith(f", night of {night}")


def test_a_held_file_is_released_by_a_person_and_loads(
    airflow: Session, settings: Settings, progress: tuple[Progress, io.StringIO], mailbox: Mailbox
) -> None:
    values = ["30"] * 15 + [SECRET] * 6
    rows = [row("results", f"L-held-{n}", patient_id="SYN-001", value=value) for n, value in enumerate(values)]
    send(Path(settings.extracts), "results", str(NIGHTS[2]), rows)

    airflow.play(["laboratory"], progress[0])

    assert states(settings, NIGHTS[2]) == {"held"}
    asked = question(airflow)
    assert "6 of 21 rows fail a critical rule" in asked.text
    assert "`a.csv`" in asked.text
    assert answer(asked, airflow, "release", "") == 200
    again = question(airflow, besides=asked.run)
    assert again.run == f"{asked.run}~2"
    assert "REG-603" in again.text
    until(lambda: state_of(asked, airflow) == "failed")
    assert answer(again, airflow, "release", "the laboratory confirms the export") == 200
    assert answer(again, airflow, "reject", "too late") == 409
    until(lambda: states(settings, NIGHTS[2]) == {"loaded"})
    airflow.finish(datetime.now(UTC), progress[0])

    with open_warehouse(settings.warehouse) as warehouse:
        assert warehouse.scalar("SELECT decided_by FROM ops.load WHERE batch_date = :night", night=NIGHTS[2]) == "admin"
        assert warehouse.scalar("SELECT MAX(entered_by) FROM decision.event") == "airflow:admin"
        assert warehouse.scalar("SELECT COUNT(*) FROM ops.touched_patient") == 0
        assert warehouse.scalar("SELECT MAX(data_cutoff_date) FROM marts.survival_summary") == NIGHTS[2]
    told = {str(mail["Subject"]): content_of(mail).decode() for mail in mailbox.messages}
    assert asked.run in told[f"[registry] Held files: 1, night of {NIGHTS[2]}"]
    assert f"[registry] Held files, over: 1, night of {NIGHTS[2]}" in told


def test_a_file_that_arrives_is_loaded_by_itself(
    airflow: Session, settings: Settings, progress: tuple[Progress, io.StringIO]
) -> None:
    """Once watched, a source that has files wakes its DAG; the file comes after that."""
    take_away(settings, "laboratory", "radiology", "clinic")
    ingest = ["ingest_pathology"]
    before = airflow.airflow.count_runs(ingest)
    airflow.components.start("triggerer")
    until(lambda: airflow.airflow.count_runs(ingest) > before, seconds=120)

    send(Path(settings.extracts), "reports", str(NIGHTS[3]), [row("reports", "R-arrived", patient_id="SYN-001")])

    until(lambda: states(settings, NIGHTS[3]) == {"loaded"}, seconds=120)
    airflow.finish(datetime.now(UTC), progress[0])


def test_logs_and_xcoms_hold_no_value_of_a_row(airflow: Session, settings: Settings, mailbox: Mailbox) -> None:
    with open_warehouse(settings.warehouse) as warehouse:
        patients = [str(row.patient_id).encode() for row in warehouse.run("SELECT patient_id FROM clinical.patients")]
    written = {file: file.read_bytes() for file in airflow.home.folder.rglob("*") if file.is_file()}
    written |= {Path(str(mail["Message-ID"])): content_of(mail) for mail in mailbox.messages}
    patients.append(SECRET.encode())

    assert len(patients) > 40
    assert any(file.name.startswith("attempt=") for file in written)
    assert any(file.name.startswith("airflow.db") for file in written)
    assert [file for file, text in written.items() if any(patient in text for patient in patients)] == []


def take_away(settings: Settings, *sources: str, night: str = "*") -> None:
    """Remove extracts of some sources, so that Airflow has less to do."""
    for source in sources:
        for folder in Path(settings.extracts).glob(f"{source}/*/{night}"):
            rmtree(folder)


def at_landing_uri(settings: Settings, feed: str, uri: str | None) -> str:
    """Damage or repair a ledger row of the second night: where the landed file is. Returns what was there."""
    which = {"feed": feed, "night": NIGHTS[1]}
    with open_warehouse(settings.warehouse) as warehouse:
        before = warehouse.scalar(
            "SELECT landing_uri FROM ops.load WHERE feed = :feed AND batch_date = :night", **which
        )
        warehouse.run(
            "UPDATE received.file SET landing_uri = :uri WHERE feed = :feed AND batch_date = :night", uri=uri, **which
        )
    return str(before)


def states(settings: Settings, night: object) -> set[str]:
    """States of the night's loads in the ledger."""
    with open_warehouse(settings.warehouse) as warehouse:
        return {row[0] for row in warehouse.run("SELECT state FROM ops.load WHERE batch_date = :night", night=night)}


def content(settings: Settings) -> dict[str, list[str]]:
    """Every row of the ledger, the derived tables and the marts, with the moments at which they were made."""
    with open_warehouse(settings.warehouse) as warehouse:
        tables = [f"{schema}.{name}" for schema in ("derived", "marts") for name in manifest(schema)]
        return {table: rows(warehouse, table) for table in ["ops.load", *tables]}


def rows(warehouse: Warehouse, table: str) -> list[str]:
    """A table's rows as text, sorted."""
    return sorted(str(tuple(row)) for row in warehouse.run(f"SELECT * FROM {table}"))


def processes_of(home: Home) -> list[int]:
    """Living processes whose environment names the home."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"AIRFLOW_HOME={home.folder}".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found
