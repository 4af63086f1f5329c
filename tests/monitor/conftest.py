"""A real Airflow with a viewer and an operator, over a registry with rows that try to break its pages."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from include.basics.settings import Settings
from include.people.sites.withdrawing import withdraw
from include.pipeline.marts.publishing import publish
from include.running.nightly.__main__ import NIGHTLY
from include.running.nightly.api import Airflow
from include.running.nightly.components import running
from include.running.nightly.home import EVENTS_ONLY, Home
from include.running.nightly.session import Session
from tests.support.extracts import as_csv, row
from tests.support.receivers import Mailbox, mail_server
from tests.support.registry import opened
from tests.support.warehouses import Templates

SCRIPT = "<script>alert(1)</script>{{7*7}}"
FORMULA = "=cmd|calc"
PASSWORDS = {"vera": "vera's password", "otto": "otto's password"}
FULL: dict[str, Any] = {
    "name": "all",
    "feed": "visits",
    "files": "all/*_{date:%Y%m%d}.csv",
    "kind": "full",
    "columns": {name: name for name in row("visits")},
}
"""A site's full export."""
ROLES = "admin:admin,vera:viewer,otto:op"


@dataclass(frozen=True)
class Pages:
    """The running pages, the load of the row that tries to break them, one that is held, and the warehouse below.

    A site's visit of its first full export is withdrawn, as the second lacks it. Mail goes to `mailbox`.
    """

    url: str
    load_id: str
    held_id: str
    settings: Settings
    admin: Airflow
    mailbox: Mailbox

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
    """The pages of a registry with one open row, one held file and one withdrawn row."""
    folder = tmp_path_factory.mktemp("registry")
    url = templates.duckdb(folder / "registry.duckdb")
    with pytest.MonkeyPatch.context() as patch, mail_server() as (mailbox, mailing):
        own = {"SITES": str(write_profile(folder)), "NIGHTLY_HOME": str(tmp_path_factory.mktemp("airflow"))}
        for name, value in {**EVENTS_ONLY, **mailing, **own, "LETTER_MAIL_TO": "laboratory=lab@example.org"}.items():
            patch.setenv(name, value)
        settings, load_id, held_id = filled(url, folder)
        yield from _started(Home.prepare(), settings, load_id, held_id, mailbox)


def write_profile(folder: Path) -> Path:
    """The folder of profiles, with that of a site that sends full exports."""
    sites = folder / "sites"
    sites.mkdir()
    (sites / "chx.yml").write_text(yaml.safe_dump({"site": "chx", "patients": "local", "exports": [FULL]}), "utf-8")
    return sites


def filled(url: str, folder: Path) -> tuple[Settings, str, str]:
    """The registry that the pages show, the load of its open row and the one that is held."""
    with opened(url, folder) as registry:
        registry.deliver("patients", "2020-01-01", row("patients", "P-secret"), row("patients", "chx:7"))
        wrong = row("results", FORMULA, patient_id="P-secret", value="90000", test_name=SCRIPT)
        load_id = registry.deliver("results", "2020-01-02", wrong, row("results", "L2", patient_id="P-secret")).load_id
        values = ["30"] * 15 + ["haemolysed"] * 6
        rows = [row("results", f"M{n}", patient_id="P-secret", value=value) for n, value in enumerate(values)]
        held_id = registry.deliver("results", "2020-01-03", *rows).load_id
        registry.put("treatments", "2020-01-03", b"treatment_id\nT1\n")
        for day, keys in (("20200101", ("1", "2")), ("20200102", ("1",))):
            sent = folder / "extracts" / "chx" / "all" / f"a_{day}.csv"
            sent.parent.mkdir(parents=True, exist_ok=True)
            sent.write_bytes(as_csv([row("visits", key, patient_id="7") for key in keys], tuple(row("visits"))))
            registry.load()
        ((export,),) = registry.rows("SELECT load_id FROM ops.full_export")
        withdraw(registry.warehouse, registry.settings.landing, "chx", export, "mg", "they are sure")
        registry.finish()
        publish(registry.warehouse)
        return registry.settings, load_id, held_id


def _started(home: Home, settings: Settings, load_id: str, held_id: str, mailbox: Mailbox) -> Iterator[Pages]:
    file = home.folder / "passwords.json"
    file.write_text(json.dumps({**PASSWORDS, "admin": "admin's password"}))
    environment = {**os.environ, **home.environment(settings, clock=False)}
    environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] = ROLES
    since, admin = datetime.now(UTC), Airflow(home)
    with home.locked(), running(home, environment, *NIGHTLY) as components:
        Session(home, components, admin).wait_until_ready(since)
        yield Pages(home.url, load_id, held_id, settings, admin, mailbox)
    admin.close()


def chromium() -> str:
    """The browser of this machine; the test is skipped where there is none."""
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("there is no Chromium here")
    return "/usr/bin/chromium"
