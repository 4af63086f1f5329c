"""Airflow's home inside the project: its folder, its settings, and the lock that keeps it to one instance."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from include.basics.settings import ROOT, Settings

USER = "admin"


class HomeInUseError(Exception):
    """Another instance runs in the same home, or something else listens on the port."""


@dataclass(frozen=True)
class Home:
    """One Airflow installation: everything that it writes is below `folder`."""

    folder: Path
    port: int

    @classmethod
    def prepare(cls, port: int = 0) -> "Home":
        """The home of this project (`NIGHTLY_HOME` moves it); port 0 takes a free one."""
        folder = Path(os.environ.get("NIGHTLY_HOME") or ROOT / ".airflow").absolute()
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if port and not _is_free(port):
            raise HomeInUseError(f"Port {port} is in use: choose another with PORT=...")
        return cls(folder, port or free_port())

    @property
    def url(self) -> str:
        """Where the web pages and the REST API are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """The administrator's password: made once, kept in the home, readable by its owner alone."""
        if not self._passwords.exists():
            self._passwords.touch(mode=0o600)
            self._passwords.write_text(json.dumps({USER: secrets.token_urlsafe(12)}))
        return str(json.loads(self._passwords.read_text())[USER])

    @property
    def _passwords(self) -> Path:
        return self.folder / "passwords.json"

    @property
    def logs(self) -> Path:
        """Logs of the components and of the tasks."""
        return self.folder / "logs"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home; the lock ends with the process, however that ends."""
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeInUseError(f"Airflow already runs in {self.folder}: stop that one first.") from None
            yield

    def environment(self, settings: Settings, *, clock: bool) -> dict[str, str]:
        """Environment of every component; without `clock` only events start a DAG, and retries are quick."""
        own = {
            "GX_ANALYTICS_ENABLED": "false",
            "AIRFLOW_HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
            "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1"])),
            "EXTRACTS": settings.extracts,
            "WAREHOUSE": settings.warehouse,
            "LANDING": settings.landing,
        }
        return {**os.environ, **own, **self._options(), **({} if clock else EVENTS_ONLY)}

    def _options(self) -> dict[str, str]:
        options = {
            "CORE__DAGS_FOLDER": ROOT / "dags",
            "CORE__PLUGINS_FOLDER": ROOT / "plugins",
            "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
            "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": self._passwords,
            "CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.folder / 'airflow.db'}",
            "LOGGING__BASE_LOG_FOLDER": self.logs,
            "API__PORT": self.port,
            "API__BASE_URL": self.url,
            "API__SECRET_KEY": secrets.token_hex(16),
            "API_AUTH__JWT_SECRET": secrets.token_hex(32),
            **FIXED,
        }
        return {f"AIRFLOW__{name}": str(value) for name, value in options.items()}


FIXED = {
    "CORE__LOAD_EXAMPLES": "False",
    "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "CORE__EXECUTOR": "LocalExecutor",
    "CORE__PARALLELISM": "4",
    "API__HOST": "127.0.0.1",
    "API__WORKERS": "1",
    "API__MAXIMUM_PAGE_LIMIT": "1000",
    "USAGE_DATA_COLLECTION__ENABLED": "False",
    # The next task waits for the warehouse's only slot: look for it often.
    "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
    # A task whose process was killed with an earlier instance is found within half a minute.
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "5",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    # How long a worker may take to notice that a task's process has ended.
    "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "CORE__MAX_MAP_LENGTH": "100000",
    "DAG_PROCESSOR__PARSING_PROCESSES": "1",
    "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",
}

EVENTS_ONLY = {
    "ARRIVAL_SECONDS": "0",
    "INGEST_SCHEDULE": "off",
    "DERIVE_SCHEDULE": "off",
    "REFRESH_SCHEDULE": "off",
    "REPORT_SCHEDULE": "off",
    "CHECK_SCHEDULE": "off",
    "WATCH_SCHEDULE": "off",
    "EXPECT_SCHEDULE": "off",
    "REGISTRY_RETRIES": os.environ.get("REGISTRY_RETRIES", "1"),
    "REGISTRY_RETRY_SECONDS": os.environ.get("REGISTRY_RETRY_SECONDS", "2"),
}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
