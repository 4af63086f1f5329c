"""`python -m tests.monitor.timing [WAREHOUSE]`: what each page takes to answer, in ms; nothing is asserted.

The pages are asked inside this process, by somebody who may see cells. Counted is the processor's time, of all threads
together, as other work on the machine would tell on a clock. Each is asked six times: the first answer, then the median
and the worst of the others; at last the median of three after the warehouse has changed.
"""

import logging
import os
import statistics
import sys
import time
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from airflow.api_fastapi.core_api.security import get_user
from fastapi.testclient import TestClient

from include.basics.settings import Settings
from include.monitor import reading
from include.monitor.access import may_decide
from include.monitor.app import make_app
from tests.monitor.routes import OF_AIRFLOW, ROUTES, Route

TIMES = 6
CHANGES = 3
CHARTS = ("survival", "toxicity", "response")
NOTED = ("listing", "pages.quarantine", "pages.letter", "pages.intake", "pages.outcomes")


def main() -> None:
    """Print a line a page."""
    os.environ["WAREHOUSE"] = sys.argv[1] if len(sys.argv) > 1 else Settings.from_environment().warehouse
    logging.disable(logging.INFO)
    app = make_app()
    app.dependency_overrides[get_user] = lambda: SimpleNamespace(get_name=lambda: "s", get_id=lambda: "1")
    app.dependency_overrides[may_decide] = lambda: True
    for module in NOTED:
        patch(f"include.monitor.{module}.note_look", lambda *_, **__: None).start()
    patch("include.monitor.pages.tonight.latest_runs", lambda _: {}).start()
    patch("include.monitor.pages.files.run_of", lambda *_: None).start()
    with reading.record() as warehouse:
        place = warehouse.run("SELECT load_id, row_number FROM quarantine.record ORDER BY 1, 2 LIMIT 1").one()
    client = TestClient(app, headers={"Accept": "application/json"})
    asked = [(route.method, route.path(*place), route.body) for route in ROUTES if _is_timed(route)]
    asked += [("GET", f"/outcomes/chart/{name}.svg", None) for name in CHARTS]
    print(f"{'page':<40} first median worst changed   ms")
    for method, path, body in asked:
        taken = [_taken(client, method, path, body) for _ in range(TIMES)]
        changed = []
        for _ in range(CHANGES):
            reading._kept.clear()
            changed.append(_taken(client, method, path, body))
        then = f"{statistics.median(taken[1:]):6.0f} {max(taken[1:]):5.0f} {statistics.median(changed):7.0f}"
        print(f"{path:<40} {taken[0]:5.0f} {then}")


def _taken(client: TestClient, method: str, path: str, body: Any) -> float:
    """The ms of an answer that is no refusal."""
    began = time.process_time()
    client.request(method, path, json=body, headers={"Sec-Fetch-Site": "same-origin"}).raise_for_status()
    return 1000 * (time.process_time() - began)


def _is_timed(route: Route) -> bool:
    return route.template not in OF_AIRFLOW and route.operator == 200


if __name__ == "__main__":
    main()
