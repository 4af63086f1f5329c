"""A real S3 server (SeaweedFS) on ports of its own, and the AWS settings that lead to it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ACCESS, SECRET = "registry-test", "registry-test-secret"
STRANGER = "registry-stranger"
"""May read what lies in the bucket `partly` below `extracts/clinic`, and list it."""
PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
PORTS += ("s3.port", "s3.port.grpc")
START_SECONDS = 30


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an S3 server that lives as long as the tests."""
    with s3_server(tmp_path_factory.mktemp("s3")) as endpoint:
        yield endpoint


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """A running S3 server and its URL; a `notification.toml` in its folder says whom it tells of what is written."""
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    server = launched(folder, ports)
    try:
        yield endpoint_of(ports)
    finally:
        server.kill()
        server.wait()


def endpoint_of(ports: dict[str, int]) -> str:
    """The URL of the server that listens on these ports."""
    return f"http://127.0.0.1:{ports['s3.port']}"


def launched(folder: Path, ports: dict[str, int]) -> subprocess.Popen[bytes]:
    """The process of a server that is ready: on these ports, with what the folder holds."""
    allowed = {ACCESS: ["Admin"], STRANGER: ["List:partly", "Read:partly/extracts/clinic/*"]}
    identities = [
        {"name": name, "credentials": [{"accessKey": name, "secretKey": SECRET}], "actions": actions}
        for name, actions in allowed.items()
    ]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}))
    command = [
        str(Path(sys.executable).with_name("weed")),
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-s3",
        f"-s3.config={folder / 's3.json'}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-master.telemetry=false",
        "-volume.max=0",
        "-master.volumeSizeLimitMB=64",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        wait_until_ready(endpoint_of(ports))
    except BaseException:
        server.kill()
        server.wait()
        raise
    return server


@pytest.fixture
def s3(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of the server; boto3's usual settings lead to it as well."""
    for name, value in settings_of(s3_endpoint).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return client(s3_endpoint)


def settings_of(endpoint: str) -> dict[str, str]:
    """The environment that AWS's own tools read."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def client(endpoint: str) -> Any:
    """A client that takes nothing from the environment and tries once."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=ACCESS,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}),
    )


def wait_until_ready(endpoint: str) -> None:
    """Return once the server stores objects."""
    asking, end = client(endpoint), time.monotonic() + START_SECONDS
    while True:
        try:
            with suppress(asking.exceptions.BucketAlreadyExists, asking.exceptions.BucketAlreadyOwnedByYou):
                asking.create_bucket(Bucket="ready")
            asking.put_object(Bucket="ready", Key="ready", Body=b"")
        except (BotoCoreError, ClientError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
