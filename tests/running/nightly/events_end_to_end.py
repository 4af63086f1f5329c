"""From an object on S3 to the marts without the clock: `make test-events`, which starts an Airflow of its own.

The S3 server is real (SeaweedFS), and so is what its filer posts to the route. The queue is not: moto stands in for
Amazon's SQS, and for the S3 that puts messages on it.
"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from include.basics.settings import ROOT, Settings
from include.pipeline.marts.snapshot import snapshot_of
from include.running.nightly.home import EVENTS_ONLY, Home, free_port
from include.running.nightly.session import PIPELINE, Session, session
from include.warehouse import open_warehouse
from tests.running.nightly.asked import until
from tests.support.extracts import as_csv, path_of, row
from tests.support.s3 import ACCESS, SECRET, client, s3_server, settings_of
from tests.support.warehouses import Templates

NIGHT, NAME = "2020-01-01", "run 7, 100 %.csv"
INGEST = ["ingest_clinic", "ingest_laboratory"]
TOKEN = "the token of these tests"
TWO_MINUTES = 120.0
WEBHOOK = """
[notification.webhook]
enabled = true
endpoint = "{url}/events/"
bearer_token = "{token}"
event_types = ["create", "rename"]
path_prefixes = ["/buckets/extracts/clinic/"]
"""


@pytest.fixture(scope="module")
def port() -> int:
    """Where Airflow will listen."""
    return free_port()


@pytest.fixture(scope="module")
def s3(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real S3 server, which tells the route about the clinic's files."""
    folder = tmp_path_factory.mktemp("s3")
    (folder / "notification.toml").write_text(WEBHOOK.format(url=f"http://127.0.0.1:{port}", token=TOKEN))
    with s3_server(folder) as endpoint, pytest.MonkeyPatch.context() as patch:
        for name, value in settings_of(endpoint).items():
            patch.setenv(name.replace("ENDPOINT_URL", "ENDPOINT_URL_S3"), value)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        made = client(endpoint)
        made.create_bucket(Bucket="extracts")
        yield made


@pytest.fixture(scope="module")
def mock() -> Iterator[dict[str, Any]]:
    """moto: a mock of SQS and of an S3 that notifies it as docs/events.md says."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, number = server.get_host_and_port()
    made = {"endpoint_url": f"http://{host}:{number}", "aws_access_key_id": ACCESS, "aws_secret_access_key": SECRET}
    sqs, notifying = (boto3.client(name, region_name="us-east-1", **made) for name in ("sqs", "s3"))
    url = sqs.create_queue(QueueName="registry-events")["QueueUrl"]
    notifying.create_bucket(Bucket="hospital-extracts")
    notifying.put_bucket_notification_configuration(
        Bucket="hospital-extracts", NotificationConfiguration=json.loads(of_docs("notification.json"))
    )
    yield {"sqs": sqs, "s3": notifying, "queue": url, "endpoint": made["endpoint_url"]}
    server.stop()


def of_docs(name: str) -> str:
    """The block of docs/events.md that begins with `# <name>`, for the test's account and region."""
    block = (ROOT / "docs" / "events.md").read_text().split(f"`{name}`", 1)[1].split("```json\n", 1)[1].split("```")[0]
    return block.replace("eu-central-1:111122223333", "us-east-1:123456789012")


@pytest.fixture(scope="module")
def settings(s3: Any, tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Settings:
    """A registry whose extracts are on S3."""
    folder = tmp_path_factory.mktemp("registry")
    return Settings.of("s3://extracts", templates.duckdb(folder / "registry.duckdb"))


@pytest.fixture(scope="module")
def airflow(
    settings: Settings, port: int, mock: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    """A real Airflow without clock and without a watched folder: events alone wake it."""
    own = {
        "NIGHTLY_HOME": str(tmp_path_factory.mktemp("airflow")),
        "REPORTS": str(tmp_path_factory.mktemp("reports")),
        "EVENT_TOKEN": TOKEN,
        "EVENT_QUEUE": mock["queue"],
        "AWS_ENDPOINT_URL_SQS": mock["endpoint"],
        "LATE_MINUTES": "0.1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**EVENTS_ONLY, **own}.items():
            patch.setenv(name, value)
        home = Home.prepare(port)
        with session(settings, home, "api-server", "scheduler", "dag-processor", "triggerer", clock=True) as started:
            until(lambda: started.airflow.count_runs(["ingest_pathology"]) > 0, seconds=TWO_MINUTES)
            yield started


def in_marts(settings: Settings, source: str) -> bool:
    """Whether the marts, as readers have them, tell of the source's night; nobody who writes waits for this."""
    published = snapshot_of(settings.warehouse.removeprefix("duckdb:///"))
    if not published.exists():
        return False
    with open_warehouse(f"duckdb:///{published}", read_only=True) as warehouse:
        found = warehouse.run("SELECT last_batch_date FROM marts.feed_freshness WHERE source = :source", source=source)
        return any(str(one.last_batch_date) == NIGHT for one in found)


def ledger(settings: Settings) -> list[Any]:
    """Every file with its state and rows, and how often the marts were made."""
    with open_warehouse(settings.warehouse) as warehouse:
        loads = warehouse.run("SELECT load_id, state, rows_loaded, rows_unchanged FROM ops.load ORDER BY load_id").all()
        return [*loads, warehouse.generation("refresh")]


def arrive(s3: Any, feed: str) -> str:
    """Put an extract on S3; its key."""
    key = path_of(feed, NIGHT, NAME)
    s3.put_object(Bucket="extracts", Key=key, Body=as_csv([row(feed)], tuple(row(feed))))
    return key


def seconds_to_marts(settings: Settings, source: str) -> float:
    """How long the marts take; fails after two minutes."""
    began = time.monotonic()
    until(lambda: in_marts(settings, source), seconds=TWO_MINUTES)
    return time.monotonic() - began


def test_an_object_on_s3_is_in_the_marts_by_the_webhook(airflow: Session, s3: Any, settings: Settings) -> None:
    arrive(s3, "patients")
    print(f"webhook: {seconds_to_marts(settings, 'clinic'):.0f} s")


def test_garbage_and_a_wrong_token_change_nothing(airflow: Session, settings: Settings) -> None:
    statuses = [
        httpx.post(f"{airflow.home.url}/events/", content=b"\xff{", headers={"Authorization": f"Bearer {token}"})
        for token in (TOKEN, "another token of some length")
    ]
    assert [answer.status_code for answer in statuses] == [202, 401]


def test_a_message_of_the_mocked_queue_is_enough(
    airflow: Session, s3: Any, mock: dict[str, Any], settings: Settings
) -> None:
    mock["sqs"].send_message(QueueUrl=mock["queue"], MessageBody="garbage {")
    key = arrive(s3, "results")
    assert not in_marts(settings, "laboratory")
    mock["s3"].put_object(Bucket="hospital-extracts", Key=f"study/{key}", Body=b"")
    print(f"queue: {seconds_to_marts(settings, 'laboratory'):.0f} s")


def test_events_repeated_and_out_of_order_change_nothing(
    airflow: Session, mock: dict[str, Any], settings: Settings
) -> None:
    """Each source is told again of what it knows, the later one first, by both ways."""
    before, runs = ledger(settings), airflow.airflow.count_runs(INGEST)
    keys = [path_of(feed, NIGHT, NAME) for feed in ("results", "patients", "results")]
    for key in keys:
        mock["s3"].put_object(Bucket="hospital-extracts", Key=f"study/{key}", Body=b"")
        told = {"key": f"/buckets/extracts/{key}"}
        httpx.post(f"{airflow.home.url}/events/", json=told, headers={"Authorization": f"Bearer {TOKEN}"})

    until(lambda: airflow.airflow.count_runs(INGEST) >= runs + 2, seconds=TWO_MINUTES)
    until(lambda: not airflow.airflow.is_active(PIPELINE), seconds=TWO_MINUTES)
    assert ledger(settings) == before


def test_what_no_event_told_of_is_picked_up_by_the_night(airflow: Session, s3: Any, settings: Settings) -> None:
    """The server tells of the clinic's files alone; a run without an event is what the clock starts."""
    arrive(s3, "exams")
    assert not in_marts(settings, "radiology")
    airflow.airflow._ask("POST", "/dags/ingest_radiology/dagRuns", json={"logical_date": None})
    print(f"night: {seconds_to_marts(settings, 'radiology'):.0f} s")


def test_a_late_department_raises_a_deadline_alert_of_airflow(airflow: Session, settings: Settings) -> None:
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.run("UPDATE received.file SET received_at = :then WHERE source = 'clinic'", then=datetime(2020, 1, 2))
    began = datetime.now(UTC)
    for source in ("clinic", "pathology"):
        airflow.airflow._ask("POST", f"/dags/expect_{source}/dagRuns", json={"logical_date": None})
    log = airflow.home.logs

    until(lambda: any("clinic is late" in file.read_text() for file in log.rglob("*") if file.is_file()), TWO_MINUTES)

    def states_are(**expected: str) -> bool:
        tasks = airflow.airflow.changed_tasks(began)
        return expected.items() <= {task.dag: task.state for task in tasks}.items()

    until(lambda: states_are(expect_clinic="up_for_reschedule", expect_pathology="success"), TWO_MINUTES)


def test_no_message_is_kept(airflow: Session, mock: dict[str, Any]) -> None:
    written = Path(airflow.home.folder / "airflow.db").read_bytes()
    assert b"extracts_laboratory" in written
    assert b"100+%25" not in written
    assert b"ReceiptHandle" not in written
