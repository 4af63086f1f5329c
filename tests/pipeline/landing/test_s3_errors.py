"""With whose credentials S3 is asked, and what kind of error it answers: the real server, else a stand-in."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.pipeline.landing import pull_new
from include.pipeline.landing.bucket import Bucket
from include.pipeline.receiving.loads import load_landed
from include.running.nightly.home import free_port
from include.warehouse import Warehouse
from tests.support.extracts import as_csv, path_of, row
from tests.support.s3 import ACCESS, SECRET, STRANGER

NIGHT = "2020-01-01"
USUAL = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")


@pytest.fixture(autouse=True)
def impatient(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried again unless a test says so."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


def code_of(bucket: str) -> str:
    """The code with which listing fails, storing too; no secret is told."""
    with pytest.raises(RegistryError) as raised:
        list(Bucket(bucket, "extracts").list())
    assert SECRET not in str(raised.value)
    assert bucket in str(raised.value)
    return raised.value.code


def test_a_missing_bucket() -> None:
    assert code_of("no-such-bucket") == "REG-210"


def test_a_bucket_of_somebody_else(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", STRANGER)
    assert code_of(bucket) == "REG-211"


def test_a_name_that_no_bucket_can_have() -> None:
    assert code_of("no bucket") == "REG-101"


@pytest.mark.parametrize(("name", "value"), [("AWS_SECRET_ACCESS_KEY", "other"), ("AWS_ACCESS_KEY_ID", "nobody")])
def test_wrong_credentials(bucket: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert code_of(bucket) == "REG-213"


def test_no_credentials(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert code_of(bucket) == "REG-213"


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:{}", "no endpoint {}"])
def test_an_endpoint_that_does_not_answer(bucket: str, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.format(free_port()))
    assert code_of(bucket) == "REG-214"


def test_an_endpoint_that_speaks_no_tls(bucket: str, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_endpoint.replace("http:", "https:"))
    assert code_of(bucket) == "REG-215"


def test_a_connection_that_is_not_there(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_CONN_ID", "no_such_connection")
    assert code_of(bucket) == "REG-216"


@pytest.mark.parametrize(("secret", "code"), [(SECRET, None), ("other", "REG-213")])
def test_credentials_and_endpoint_of_an_airflow_connection(
    s3: Any, bucket: str, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch, secret: str, code: str | None
) -> None:
    pytest.importorskip("airflow.providers.amazon")
    s3.put_object(Bucket=bucket, Key="extracts/a.csv", Body=b"1")
    for name in USUAL:
        monkeypatch.delenv(name)
    extra = {"endpoint_url": s3_endpoint, "region_name": "eu-central-1"}
    connection = {"conn_type": "aws", "login": ACCESS, "password": secret, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_SENDERS", json.dumps(connection))
    monkeypatch.setenv("S3_CONN_ID", "senders")

    if code:
        assert code_of(bucket) == code
    else:
        assert [item.path for item in Bucket(bucket, "extracts").list()] == ["a.csv"]


REFUSAL = "<Error><Code>{}</Code><Message>no</Message></Error>"
ASSUMED = f"""
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>{ACCESS}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken></SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
"""
"""What AWS's service of roles answers: here with the keys of the S3 server."""
ROLE = "arn:aws:iam::111122223333:role/registry"


def by_connection(endpoint: str, _folder: Path) -> dict[str, str]:
    """The environment in which an Airflow connection names the role."""
    extra = {"endpoint_url": endpoint, "region_name": "eu-central-1", "role_arn": ROLE}
    connection = {"conn_type": "aws", "login": "house", "password": "of-the-house", "extra": extra}
    return {"S3_CONN_ID": "senders", "AIRFLOW_CONN_SENDERS": json.dumps(connection)}


def by_profile(endpoint: str, folder: Path) -> dict[str, str]:
    """The environment in which a profile of the usual AWS file names it, as in docs/events.md."""
    keys = "[house]\naws_access_key_id = house\naws_secret_access_key = of-the-house\n"
    (folder / "aws").write_text(f"[default]\nrole_arn = {ROLE}\nsource_profile = house\n{keys}")
    files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), str(folder / "aws"))
    return {**files, "AWS_ENDPOINT_URL_S3": endpoint, "AWS_DEFAULT_REGION": "eu-central-1"}


@pytest.mark.parametrize("environment", [by_connection, by_profile])
def test_a_role_gives_the_credentials(
    s3: Any,
    bucket: str,
    s3_endpoint: str,
    environment: Callable[[str, Path], dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The account of the house may do nothing there; who has the role may."""
    s3.put_object(Bucket=bucket, Key="extracts/a.csv", Body=b"1")
    for name in USUAL:
        monkeypatch.delenv(name)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with stand_in([(200, ASSUMED)]) as roles:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", roles.url)
        for name, value in environment(s3_endpoint, tmp_path).items():
            monkeypatch.setenv(name, value)
        assert [item.path for item in Bucket(bucket, "extracts").list()] == ["a.csv"]


@pytest.mark.parametrize(
    ("word", "status", "code"),
    [
        ("ExpiredToken", 400, "REG-213"),
        ("RequestTimeTooSkewed", 403, "REG-213"),
        ("AuthorizationHeaderMalformed", 400, "REG-212"),
        ("PermanentRedirect", 301, "REG-212"),
        ("AccessDenied", 403, "REG-211"),
        ("SlowDown", 503, "REG-214"),
        ("SomethingNew", 409, "REG-101"),
    ],
)
def test_answers_that_only_amazon_gives(
    bucket: str, monkeypatch: pytest.MonkeyPatch, word: str, status: int, code: str
) -> None:
    with stand_in([(status, REFUSAL.format(word))]) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        assert code_of(bucket) == code


def test_credentials_that_expire_after_the_listing(
    s3: Any, bucket: str, duckdb_warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.put_object(Bucket=bucket, Key=f"in/{path_of('patients', NIGHT, 'a.csv')}", Body=b"1")
    listed = list(Bucket(bucket, "in").list())
    monkeypatch.setattr(Bucket, "list", lambda _: iter(listed))
    with stand_in([(400, REFUSAL.format("ExpiredToken"))]) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        report = pull_new(duckdb_warehouse, Settings(f"s3://{bucket}/in", "duckdb:///unused", str(tmp_path)))
    assert [one.code for one in report.not_pulled] == ["REG-213"]


def test_what_fails_for_a_moment_is_tried_again(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    with stand_in([(503, REFUSAL.format("SlowDown")), (403, REFUSAL.format("AccessDenied"))]) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        assert code_of(bucket) == "REG-211"


def test_one_object_that_is_denied_waits_and_the_others_load(
    s3: Any, duckdb_warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.create_bucket(Bucket="partly")
    denied = path_of("results", NIGHT, "a.csv")
    for feed in ("patients", "results"):
        content = as_csv([row(feed)], tuple(row(feed)))
        s3.put_object(Bucket="partly", Key=f"extracts/{path_of(feed, NIGHT, 'a.csv')}", Body=content)
    settings = Settings("s3://partly/extracts", "duckdb:///unused", str(tmp_path / "landing"))

    with monkeypatch.context() as stranger:
        stranger.setenv("AWS_ACCESS_KEY_ID", STRANGER)
        stranger.setattr(boto3, "DEFAULT_SESSION", None)
        report = pull_new(duckdb_warehouse, settings)

    assert [(one.path, one.code, one.is_missing) for one in report.not_pulled] == [(denied, "REG-211", True)]
    assert [loaded.state for loaded in load_landed(duckdb_warehouse, report.waiting)[0]] == ["loaded"]
    report = pull_new(duckdb_warehouse, settings)
    assert (report.entered, report.not_pulled) == (1, [])


def test_extracts_that_cannot_be_listed_are_noted(duckdb_warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(RegistryError):
        pull_new(duckdb_warehouse, Settings("s3://no-such-bucket", "duckdb:///unused", str(tmp_path)))
    assert duckdb_warehouse.run("SELECT path, code FROM ops.not_pulled").tuples().all() == [(".", "REG-210")]


class StandIn(ThreadingHTTPServer):
    """A server that gives answers, one after the other, the last one for ever."""

    def __init__(self, answers: list[tuple[int, str]]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.answers = answers

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        answers = self.server.answers
        status, text = answers.pop(0) if len(answers) > 1 else answers[0]
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def do_HEAD(self) -> None:
        self.send_response(400)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def stand_in(answers: list[tuple[int, str]]) -> Iterator[StandIn]:
    """A running stand-in."""
    with StandIn(answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
