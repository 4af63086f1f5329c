"""Makes the application that Airflow's API server mounts: behind its login, with strict headers, errors as pages."""

import logging
import traceback
from collections.abc import Awaitable, Callable

from airflow.api_fastapi.core_api.security import requires_authenticated
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from starlette.exceptions import HTTPException as AnyHTTPException

from include.basics.errors import RegistryError
from include.monitor.pages import ROUTERS
from include.monitor.reading import NothingYetError
from include.monitor.rendering import FOLDER, page, speak
from include.people.languages.texts import text
from include.people.languages.wording import refused

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
logger = logging.getLogger("registry")
WRITING = "REG-103"
"""The error of a page that was asked for while a step writes."""
TO_FORMS = ("signed_out", "not_allowed", "misunderstood")
"""What a form is told in words of its own."""
STATIC = {"report.css": FOLDER.parent / "people/reporting/validation/templates/style.css"} | {
    file.name: file for file in (FOLDER / "static").iterdir()
}


def make_app() -> FastAPI:
    """The application, without pages about itself."""
    app = FastAPI(dependencies=[Depends(requires_authenticated())], docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(_with_headers)
    app.exception_handler(RegistryError)(_told)
    app.exception_handler(AnyHTTPException)(_refused)
    app.exception_handler(RequestValidationError)(_misunderstood)
    app.get("/static/{name}")(_static)
    for router in ROUTERS:
        app.include_router(router)
    return app


async def _with_headers(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    try:
        response = await answer(request)
    except Exception as error:
        logger.error("A page failed: %s at %s", type(error).__name__, _place(error))
        response = page(request, "error", 500, kind="broken", said="500")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _place(error: Exception) -> str:
    """The innermost of the platform's own lines that the error came through."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if "/include/" in frame.filename]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else "an unknown place"


def _static(name: str) -> FileResponse:
    """A style sheet or script of the pages."""
    if name not in STATIC:
        raise HTTPException(404)
    return FileResponse(STATIC[name], headers={"Cache-Control": "max-age=3600"})


async def _told(request: Request, error: Exception) -> Response:
    """A RegistryError as a page (or JSON, where a script asks), which asks again by itself while a step writes."""
    kind, status = _kind(error)
    if request.headers.get("accept") == "application/json":
        speak(request)
        return JSONResponse({"refused": refused(str(error))}, status)
    return page(request, "error", status, kind=kind, said=str(error))


def _kind(error: Exception) -> tuple[str, int]:
    """Which page tells an error, and its status; two kinds are nobody's fault."""
    if isinstance(error, NothingYetError):
        return "nothing_yet", 200
    return ("writing", 503) if getattr(error, "code", "") == WRITING else ("told", 409)


async def _refused(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    kind = {401: "signed_out", 403: "not_allowed", 404: "not_found"}.get(status, "told")
    return _said(request, status, kind)


async def _misunderstood(request: Request, _error: Exception) -> Response:
    """What was asked for is not quoted: it may hold anything."""
    return _said(request, 422, "misunderstood")


def _said(request: Request, status: int, kind: str) -> Response:
    """Why it was not answered: as a page, or to a form, which keeps what a person wrote, as JSON."""
    if request.headers.get("accept") == "application/json" and kind in TO_FORMS:
        return JSONResponse({"refused": text(speak(request), f"error.{kind}_form")}, status)
    return page(request, "error", status, kind=kind, said=str(status))
