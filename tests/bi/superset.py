"""A real Superset in an environment of its own, and what a browser sees of it."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, Response, sync_playwright

from include.basics.settings import ROOT
from tests.deployment.stack import free_port

PASSWORD = "Long-enough-1-for-a-test"
PATIENCE_SECONDS = 240.0


@dataclass(frozen=True)
class Superset:
    """Programs of Superset's environment, and what they are told."""

    programs: Path
    environment: dict[str, str]
    port: int

    @classmethod
    def new(cls, programs: Path, folder: Path, own: str, marts: str) -> "Superset":
        """Not started; its own tables are to be in the database `own`."""
        (folder / "key").write_text(os.urandom(24).hex())
        (folder / "password").write_text(PASSWORD)
        chosen = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": "",
            "SUPERSET_HOME": str(folder),
            "SUPERSET_CONFIG_PATH": str(ROOT / "deploy" / "superset" / "superset_config.py"),
            "SUPERSET_SECRET_KEY_FILE": str(folder / "key"),
            "SUPERSET_ADMIN_PASSWORD_FILE": str(folder / "password"),
            "SUPERSET_DATABASE": own,
            "MARTS_URL": marts,
        }
        return cls(programs, {**os.environ, **chosen}, free_port())

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    def load(self) -> None:
        """The one command."""
        command = [self.programs / "python", ROOT / "deploy" / "superset" / "load.py"]
        done = subprocess.run(command, env=self.environment, check=False, text=True, capture_output=True)
        assert done.returncode == 0, done.stderr[-4000:]

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Started as in docker-compose.yml, and stopped."""
        how = ("--bind", f"127.0.0.1:{self.port}", "--threads", "8", "--timeout", "300")
        program = [self.programs / "gunicorn", *how, "superset.app:create_app()"]
        with subprocess.Popen(program, env=self.environment, stderr=subprocess.DEVNULL) as process:
            try:
                until_healthy(self.url)
                yield
            finally:
                process.terminate()


def until_healthy(url: str) -> None:
    """Wait until Superset answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            httpx.get(f"{url}/health", trust_env=False, timeout=10).raise_for_status()
        except httpx.HTTPError:
            assert time.monotonic() < deadline, "Superset does not answer"
            time.sleep(1)
        else:
            return


@dataclass
class Dashboard:
    """The dashboard in a browser, and the rows that each of its charts was given, by the chart's name."""

    page: Page
    url: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def sign_in(self, password: str) -> None:
        """As the first account, by the form."""
        self.page.goto(f"{self.url}/login/")
        self.page.fill("input#username", "admin")
        self.page.fill("input#password", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "login" not in address)
        listed = self.page.request.get(f"{self.url}/api/v1/dashboard/registry/charts").json()["result"]
        names = {chart["id"]: chart["slice_name"] for chart in listed}
        self.page.on("response", lambda answer: self._keep(answer, names))
        self.page.goto(f"{self.url}/superset/dashboard/registry/")

    def _keep(self, answer: Response, names: dict[int, str]) -> None:
        if "/api/v1/chart/data" in answer.url and (form := answer.request.post_data_json):
            name = names.get(form["form_data"].get("slice_id", 0))
            if name:
                assert answer.ok, f"{name}: {answer.text()[:400]}"
                self.rows[name] = answer.json()["result"][0]["data"]

    def open(self, tab: str, *charts: str) -> str:
        """Open a tab and wait until all these charts are drawn; its visible text."""
        self.page.locator(".ant-tabs-tab", has_text=tab).click()
        for chart in charts:
            drawn = self.page.locator("[data-test-chart-name]", has_text=chart).filter(visible=True)
            drawn.locator("canvas, table").first.wait_for()
        assert self.page.locator(".ant-alert-error:visible, [data-test=error-boundary]:visible").count() == 0
        return self.page.inner_text("body")


@contextmanager
def in_browser(url: str, width: int) -> Iterator[Dashboard]:
    """A headless browser of that width."""
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 1700})
        page.set_default_timeout(120_000)
        yield Dashboard(page, url)
        browser.close()
