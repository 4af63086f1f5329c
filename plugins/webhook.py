"""The route `POST /events/`: an S3 server calls it when an object was written, and it wakes the DAG of the source.

It needs the token EVENT_TOKEN, or the content of the file EVENT_TOKEN_FILE; without one there is no such route. What is
sent is only looked at for names of sources: it has no other effect, is not kept, and is not logged.
"""

import hmac
import os
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from airflow.plugins_manager import AirflowPlugin
from fastapi import FastAPI, Header, HTTPException, Request
from starlette.concurrency import run_in_threadpool

from include.running.nightly.events import sources_told
from include.running.nightly.names import extracts_asset

MOST_BYTES = 1 << 20
SHORTEST = 16
"""Letters that a token has at least."""

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.post("/", status_code=202)
async def wake(request: Request, authorization: Annotated[str, Header()] = "") -> dict[str, list[str]]:
    """Wake the sources that the body tells of; 401 for a wrong token, 413 for a body above a megabyte."""
    _let_in(authorization)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    sources = sources_told(body.decode(errors="replace"))
    await run_in_threadpool(wake_sources, sources)
    return {"woken": list(sources)}


def _let_in(authorization: str) -> None:
    token = token_of_environment()
    if len(token) < SHORTEST:
        raise HTTPException(404)
    if not hmac.compare_digest(authorization.removeprefix("Bearer ").encode(), token.encode()):
        raise HTTPException(401)


def token_of_environment() -> str:
    """The secret that a caller has to know; empty when there is none."""
    if file := os.environ.get("EVENT_TOKEN_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get("EVENT_TOKEN", "")


def wake_sources(sources: Collection[str]) -> None:
    """Enter an event of each source's asset; a source whose next run has not begun needs none: it lists later."""
    from airflow.assets.manager import asset_manager
    from airflow.models import DagRun
    from airflow.models.asset import AssetModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session(scoped=False) as session:
        about_to = select(DagRun.dag_id).where(DagRun.state == "queued")
        queued = set(session.scalars(about_to.where(DagRun.dag_id.in_([f"ingest_{source}" for source in sources]))))
        names = [extracts_asset(source) for source in sources if f"ingest_{source}" not in queued]
        for asset in session.scalars(select(AssetModel).where(AssetModel.name.in_(names))).all():
            asset_manager.register_asset_change(asset=asset, session=session)


class Events(AirflowPlugin):
    """Mounts the route into Airflow's API server."""

    name = "registry_events"
    fastapi_apps = [{"app": app, "url_prefix": "/events", "name": "registry_events"}]  # noqa: RUF012
