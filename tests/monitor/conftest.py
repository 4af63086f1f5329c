"""A real Airflow with a viewer and an operator, over a registry with rows that try to break its pages."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from include.basics.settings import Settings
from include.pipeline.marts.publishing import publish
from include.running.nightly.__main__ import NIGHTLY
from include.running.nightly.api import Airflow
from include.running.nightly.components import running
from include.running.nightly.home import EVENTS_ONLY, Home
from include.running.nightly.session import Session
from tests.support.extracts import row
from tests.support.registry import opened
from tests.support.warehouses import Templates

SCRIPT = "<script>alert(1)</script>{{7*7}}"
FORMULA = "=cmd|calc"
PASSWORDS = {"vera": "vera's password", "otto": "otto's password"}
ROLES = "admin:admin,vera:viewer,otto:op"


@dataclass(frozen=True)
class Pages:
    """The running pages, the load of the row that tries to break them, one that is held, and the warehouse below."""

    url: str
    load_id: str
    held_id: str
    settings: Settings
    admin: Airflow

    def client(self, name: str = "") -> httpx.Client:
        """Somebody's browser, signed in or not."""
        headers = {}
        if name:
            known = {"username": name, "password": PASSWORDS[name]}
            told = httpx.post(f"{self.url}/auth/token", json=known, timeout=60, trust_env=False).raise_for_status()
            headers["Authorization"] = f"Bearer {told.json()['access_token']}"
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False, headers=headers)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[Pages]:
    """The pages of a registry with one open row and one held file."""
    folder = tmp_path_factory.mktemp("registry")
    url = templates.duckdb(folder / "registry.duckdb")
    with opened(url, folder) as registry:
        registry.deliver("patients", "2020-01-01", row("patients", "P-secret"))
        wrong = row("results", FORMULA, patient_id="P-secret", value="90000", test_name=SCRIPT)
        load_id = registry.deliver("results", "2020-01-02", wrong, row("results", "L2", patient_id="P-secret")).load_id
        values = ["30"] * 15 + ["haemolysed"] * 6
        rows = [row("results", f"M{n}", patient_id="P-secret", value=value) for n, value in enumerate(values)]
        held_id = registry.deliver("results", "2020-01-03", *rows).load_id
        registry.finish()
        publish(registry.warehouse)
        settings = registry.settings
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIGHTLY_HOME", str(tmp_path_factory.mktemp("airflow")))
        for name, value in EVENTS_ONLY.items():
            patch.setenv(name, value)
        home = Home.prepare()
        yield from _started(home, settings, load_id, held_id)


def _started(home: Home, settings: Settings, load_id: str, held_id: str) -> Iterator[Pages]:
    file = home.folder / "passwords.json"
    file.write_text(json.dumps({**PASSWORDS, "admin": "admin's password"}))
    environment = {**os.environ, **home.environment(settings, clock=False)}
    environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] = ROLES
    since, admin = datetime.now(UTC), Airflow(home)
    with home.locked(), running(home, environment, *NIGHTLY) as components:
        Session(home, components, admin).wait_until_ready(since)
        yield Pages(home.url, load_id, held_id, settings, admin)
    admin.close()


def chromium() -> str:
    """The browser of this machine; the test is skipped where there is none."""
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("there is no Chromium here")
    return "/usr/bin/chromium"
