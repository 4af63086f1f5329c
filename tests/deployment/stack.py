"""The compose file running in an engine of its own, as a host's administrator sees it."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

from include.basics.settings import ROOT

SLOW, QUICK = 1200, 120
"""Seconds: what builds or runs nights, and everything else."""


@dataclass(frozen=True)
class Stack:
    """The services of docker-compose.yml with secrets and a port of their own."""

    work: Path
    secrets: Path
    port: int

    @classmethod
    def new(cls, work: Path, folder: Path) -> "Stack":
        """Not started; its secrets are written as an administrator would."""
        secrets = folder / "secrets"
        own = {**os.environ, "SECRETS": str(secrets), "ENV_FILE": str(folder / "env")}
        subprocess.run([ROOT / "deploy" / "secrets"], env=own, check=True, timeout=QUICK)
        return cls(work, secrets, free_port())

    @property
    def url(self) -> str:
        """Where the web pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the engine's and Compose's clients are told."""
        engine = {"DOCKER_HOST": f"unix://{self.work}/docker.sock", "DOCKER_CONFIG": f"{self.work}/cfg"}
        chosen = {"SECRETS": str(self.secrets), "BIND": f"127.0.0.1:{self.port}", "BASE_URL": self.url}
        own = {"COMPOSE_PROJECT_NAME": "registry-test", "COMPOSE_DISABLE_ENV_FILE": "1", "DOCKER_BUILDKIT": "0"}
        return {**os.environ, **engine, **chosen, **own, "ARRIVAL_SECONDS": "3", "SMALL_CELL": ""}

    def docker(
        self,
        *arguments: str,
        check: bool = True,
        timeout: int = QUICK,
        stdin: IO[bytes] | None = None,
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run a docker command; `environment` is changed for it alone."""
        return subprocess.run(
            ["docker", *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdin=stdin or subprocess.DEVNULL,
            check=check,
            timeout=timeout,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def compose(self, *arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
        """Run a docker compose command."""
        return self.docker("compose", *arguments, **how)

    def containers(self, *services: str) -> dict[str, dict[str, Any]]:
        """What the engine tells of each container, running or ended."""
        names = self.compose("ps", "--all", "--quiet", *services).stdout.split()
        return {one["Name"].lstrip("/"): one for one in json.loads(self.docker("inspect", *names).stdout)}

    def inside(self, service: str, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in a service's container."""
        return self.compose("exec", "-T", service, *command, check=check)

    def query(self, select: str, database: str = "registry") -> list[list[str]]:
        """Rows of a SELECT, as text."""
        told = self.inside("postgres", "psql", "-U", "postgres", "-d", database, "-AtF", "|", "-c", select).stdout
        return [line.split("|") for line in told.splitlines()]

    def log_in(self, user: str, password: str) -> httpx.Client:
        """A client of Airflow's API with the person's token."""
        client = httpx.Client(base_url=self.url, timeout=30, trust_env=False)
        answer = client.post("/auth/token", json={"username": user, "password": password})
        client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
        return client

    def admin(self) -> httpx.Client:
        """The first account, with the password from its secret."""
        return self.log_in("admin", (self.secrets / "admin_password").read_text())


def free_port() -> int:
    """A port of this host that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(happened: Callable[[], bool], seconds: float = 400.0) -> None:
    """Wait until something has happened; fails when it has not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(1)
