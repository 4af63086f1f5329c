"""Fills the pages' templates: texts in the reader's language, everything from data escaped.

texts.yml has every text in every language. A template asks for one by `t("tonight.title")`, with `{name}` filled in.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from include.definitions.described import read_yaml
from include.people.reporting.validation.page import page_templates

FOLDER = Path(__file__).parent
MOUNTED = "/monitor"
"""Where plugins/monitor.py puts the pages."""
LANGUAGE_COOKIE = "registry_language"
_spoken: ContextVar[str] = ContextVar("spoken")
"""The language of the page that is being filled."""


def page(request: Request, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """The page of a template; `shown` are its variables."""
    spoken = language(request)
    _spoken.set(spoken)
    content = (
        _templates()
        .get_template(f"{template}.html.j2")
        .render(
            t=partial(text, spoken),
            language=spoken,
            languages=languages(),
            root=request.scope.get("root_path", ""),
            airflow=request.scope.get("root_path", "").removesuffix(MOUNTED),
            here=request.url.path.removeprefix(request.scope.get("root_path", "")),
            **shown,
        )
    )
    return HTMLResponse(content, status)


@cache
def _templates() -> jinja2.Environment:
    """The pages' templates, with numbers and days as the reader's language writes them."""
    environment = page_templates(FOLDER / "templates").overlay()
    environment.filters = {**environment.filters, "day": _day, "moment": _moment}
    for name in ("number", "decimal", "limit"):
        environment.filters[name] = _written(environment.filters[name])
    return environment


def _written(show: Callable[..., str]) -> Callable[..., str]:
    """A number as the reader's language writes it, of one as English does."""

    def shown(*values: Any) -> str:
        signs = {",": _said("all.thousands"), ".": _said("all.point")}
        return "".join(signs.get(letter, letter) for letter in show(*values))

    return shown


def _day(value: date | None) -> str:
    """A day as 7 Nov 2020, in the order of the reader's language."""
    if value is None:
        return "–"
    month = _said("all.months").split()[value.month - 1]
    return _said("all.date").format(day=value.day, month=month, year=value.year)


def _moment(value: datetime | None) -> str:
    """A moment as 7 Nov 2020, 12:00 UTC."""
    return "–" if value is None else f"{_day(value)}, {value:%H:%M} UTC"


def _said(key: str) -> str:
    return texts()[key][_spoken.get()]


def language(request: Request) -> str:
    """The language that the reader chose, else the browser's first that there is, else the first that there is."""
    wanted = [request.cookies.get(LANGUAGE_COOKIE, "")]
    wanted += [part.partition(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")]
    return next((found for found in wanted if found in languages()), next(iter(languages())))


def languages() -> Mapping[str, str]:
    """The languages that there are, each with its name on the pages; the first is the one without a choice."""
    return texts()["languages.name"]


def text(spoken: str, key: str, **values: Any) -> str:
    """A text of texts.yml; KeyError for one that there is not."""
    return str(texts()[key][spoken]).format(**values)


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Every text by page and name (`tonight.title`), in each language."""
    pages = read_yaml(FOLDER / "texts.yml")
    return {f"{page}.{name}": said for page, named in pages.items() for name, said in named.items()}
