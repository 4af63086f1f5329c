"""The part of Airflow's REST API that a night needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import tenacity

from include.running.nightly.home import USER, Home
from include.running.nightly.names import POOL


@dataclass(frozen=True)
class TaskState:
    """The latest try of a task instance; `name` is the task with the label of its mapped instance."""

    dag: str
    run: str
    task: str
    map_index: int
    attempt: int
    name: str
    operator: str
    state: str
    seconds: float


class Airflow:
    """A client of the API server of a home."""

    def __init__(self, home: Home) -> None:
        self._http = httpx.Client(base_url=home.url, timeout=30, trust_env=False)
        self._password = home.password

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def log_in(self) -> None:
        """Get a bearer token, once; httpx.HTTPError as long as the server is not up."""
        if "Authorization" not in self._http.headers:
            answer = self._http.post("/auth/token", json={"username": USER, "password": self._password})
            token = answer.raise_for_status().json()["access_token"]
            self._http.headers["Authorization"] = f"Bearer {token}"

    def healthy(self) -> bool:
        """Whether scheduler and DAG processor have reported lately."""
        health = self._get("/monitor/health")
        return all(health[part]["status"] == "healthy" for part in ("scheduler", "dag_processor"))

    def parsed_since(self, moment: datetime) -> set[str]:
        """DAGs whose file has been read since the moment."""
        dags = self._get("/dags", limit=100)["dags"]
        return {dag["dag_id"] for dag in dags if datetime.fromisoformat(dag["last_parsed_time"]) >= moment}

    def ensure_pool(self) -> None:
        """Create the warehouse's pool of one slot, if it does not exist."""
        pool = {"name": POOL, "slots": 1, "description": "A DuckDB file has one writer."}
        answer = self._http.post("/api/v2/pools", json=pool)
        if answer.status_code != httpx.codes.CONFLICT:
            answer.raise_for_status()

    def announce(self, asset: str) -> None:
        """Post an event of the asset, as an arrival of files does.

        SQLite may be busy for longer than Airflow's API waits; then nothing is recorded and the event is posted again.
        """
        assets = self._get("/assets", name_pattern=asset)["assets"]
        number = next(found["id"] for found in assets if found["name"] == asset)
        self._ask("POST", "/assets/events", json={"asset_id": number})

    def is_active(self, dags: list[str]) -> bool:
        """Whether a run of one of the DAGs is queued or running."""
        return bool(self._runs(dags, states=["queued", "running"])["dag_runs"])

    def count_runs(self, dags: list[str]) -> int:
        """How many runs of the DAGs there have ever been."""
        return int(self._runs(dags)["total_entries"])

    def event_waits(self, dags: list[str]) -> bool:
        """Whether an asset event has not yet become a run of one of the DAGs."""
        return any(self._get(f"/dags/{dag}/assets/queuedEvents")["queued_events"] for dag in dags)

    def changed_tasks(self, since: datetime) -> list[TaskState]:
        """Task instances whose state has changed since the moment, in the order in which they started."""
        found: list[TaskState] = []
        while True:
            page = self._get(
                "/dags/~/dagRuns/~/taskInstances",
                updated_at_gte=since.isoformat(),
                order_by="start_date",
                limit=1000,
                offset=len(found),
            )
            found += [_task_state(task) for task in page["task_instances"]]
            if not page["task_instances"] or len(found) >= page["total_entries"]:
                return found

    def _runs(self, dags: list[str], **narrowed: Any) -> Any:
        asked = {"dag_ids": dags, "page_limit": 1, **narrowed}
        return self._ask("POST", "/dags/~/dagRuns/list", json=asked)

    def _get(self, path: str, **query: Any) -> Any:
        return self._ask("GET", path, params=query)

    @tenacity.retry(
        retry=tenacity.retry_if_exception_type(httpx.HTTPError),
        wait=tenacity.wait_fixed(0.5),
        stop=tenacity.stop_after_attempt(4),
        reraise=True,
    )
    def _ask(self, method: str, path: str, **asked: Any) -> Any:
        return self._http.request(method, f"/api/v2{path}", **asked).raise_for_status().json()


def _task_state(task: dict[str, Any]) -> TaskState:
    label = task["rendered_map_index"] or (task["map_index"] if task["map_index"] >= 0 else "")
    return TaskState(
        dag=task["dag_id"],
        run=task["dag_run_id"],
        task=task["task_id"],
        map_index=task["map_index"],
        attempt=task["try_number"],
        name=f"{task['task_id']} {label}".strip(),
        operator=task["operator"] or "",
        state=task["state"] or "waiting",
        seconds=task["duration"] or 0.0,
    )
