"""Every route of the pages with something to ask it for, and what a viewer and an operator are answered.

Nobody is answered anything but 401 without a login. docs/monitor.md says in words what stands here.
"""

from dataclasses import dataclass
from typing import Any

RULE = "results.value.impossible"
OWN = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Route:
    """A route by its template, what it is asked for, and the statuses of the answers.

    `{load}` and `{row}` are where an open row lies.
    """

    template: str
    asked: str
    viewer: int
    operator: int
    body: dict[str, Any] | None = None

    @property
    def method(self) -> str:
        """GET, or POST with a body."""
        return self.template.partition(" ")[0]

    def path(self, load_id: str, row_number: int = 1) -> str:
        """The address below the pages."""
        return self.asked.format(load=load_id, row=row_number)


def _open(template: str, asked: str = "", found: int = 200) -> Route:
    """What everybody sees who is signed in."""
    return Route(f"GET {template}", asked or template, found, found)


def _closed(template: str, asked: str = "", found: int = 200) -> Route:
    """What those alone see who may see cells."""
    return Route(f"GET {template}", asked or template, 403, found)


CHART = "/outcomes/chart/{name}.{kind}"
ROUTES = (
    _open("/"),
    _open("/static/{name}", "/static/monitor.js"),
    _open("/files"),
    _open("/files.csv"),
    _open("/files/{load_id}", "/files/{load}"),
    _open("/rules"),
    _open("/rules/{rule_id}", f"/rules/{RULE}"),
    _open("/rules/{rule_id}/rows.csv", f"/rules/{RULE}/rows.csv"),
    _open("/quarantine"),
    _open("/quarantine.csv"),
    _open("/quarantine/{load_id}/{row_number}", "/quarantine/{load}/{row}"),
    _open("/decisions"),
    _open("/decisions.csv"),
    _open("/outcomes"),
    _open("/outcomes/cohort"),
    _open("/outcomes/study"),
    _open("/outcomes/{part}", "/outcomes/response"),
    _open(CHART, "/outcomes/chart/toxicity.csv"),
    _closed(CHART, "/outcomes/chart/swimmer.csv"),
    _closed(CHART, "/outcomes/chart/response_waterfall.csv"),
    Route(f"HEAD {CHART}", "/outcomes/chart/swimmer.svg", 403, 200),
    _open("/quality"),
    _open("/quality/intake"),
    _open("/quality/coverage"),
    _open("/quality/coverage.csv"),
    _open("/quality/columns"),
    _open("/quality/columns/{feed}/{column}", "/quality/columns/patients/none", 404),
    _open("/quality/steps"),
    _open("/quality/lineage"),
    _open("/quality/lineage/{table}", "/quality/lineage/marts.survival_curve"),
    _closed("/letter.csv", "/letter.csv?source=laboratory"),
    _closed("/decisions/runs/{dag_id}/{run_id:path}", "/decisions/runs/decide/none", 404),
    Route("POST /quarantine/find", "/quarantine/find", 403, 200, {"key": "=cmd|calc"}),
    Route(
        "POST /decisions/preview",
        "/decisions/preview",
        403,
        200,
        {"kind": "reject", "selection": {"feed": "results"}},
    ),
    Route("POST /decisions", "/decisions", 403, 200, {"kind": "undo", "decision_id": 9, "reason": "mistake"}),
)
OF_AIRFLOW = ("POST /decisions", "GET /quality/steps", "GET /decisions/runs/{dag_id}/{run_id:path}")
"""Those that ask Airflow's database."""
