"""Fills the pages' templates: texts in the reader's language, everything from data escaped.

texts.yml has every text in every language. A template asks for one by `t("tonight.title")`, with `{name}` filled in.
"""

import re
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from include.people.languages import wording
from include.people.languages.texts import languages, text
from include.people.reporting.validation.page import page_templates

FOLDER = Path(__file__).parent
MOUNTED = "/monitor"
"""Where plugins/monitor.py puts the pages."""
CODE = re.compile("`([^`]+)`")
LANGUAGE_COOKIE = "registry_language"
WORDED = (
    wording.day,
    wording.moment,
    wording.word,
    wording.named,
    wording.p_value,
    wording.asks,
    wording.definition,
    wording.of_paper,
    wording.held_for,
    wording.remedy,
    wording.left_out,
    wording.reason,
    wording.refused,
    wording.state,
)
"""What templates ask for by `|`."""


def page(request: Request, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """The page of a template; `shown` are its variables."""
    chosen = speak(request)
    content = (
        _templates()
        .get_template(f"{template}.html.j2")
        .render(
            t=partial(text, chosen),
            language=chosen,
            languages=languages(),
            root=request.scope.get("root_path", ""),
            airflow=request.scope.get("root_path", "").removesuffix(MOUNTED),
            here=request.url.path.removeprefix(request.scope.get("root_path", "")),
            **shown,
        )
    )
    return HTMLResponse(content, status)


def compile_templates() -> None:
    """Compile every template, which a process else does when it fills the first page of one."""
    for name in _templates().list_templates(extensions=["j2"]):
        _templates().get_template(name)


@cache
def _templates() -> jinja2.Environment:
    """The pages' templates, with numbers, days and what data say as the reader's language has them."""
    environment = page_templates(FOLDER / "templates").overlay()
    environment.filters = {**environment.filters, **{shown.__name__: shown for shown in (*WORDED, coded)}}
    for name in ("number", "decimal", "limit", "p_value"):
        environment.filters[name] = wording.written(environment.filters[name])
    environment.globals |= {
        "number": environment.filters["number"],
        "indicator": wording.indicator,
        "placed": wording.placed,
    }
    return environment


def coded(text: str) -> Markup:
    """A text with what stands between backticks as code; all of it is escaped."""
    parts = enumerate(CODE.split(text))
    return Markup("").join(Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in parts)


def speak(request: Request) -> str:
    """The reader's language, in which what data say is worded from here on."""
    chosen = language(request)
    wording.spoken.set(chosen)
    return chosen


def language(request: Request) -> str:
    """The language that the reader chose, else the browser's first that there is, else the first that there is."""
    wanted = [request.cookies.get(LANGUAGE_COOKIE, "")]
    wanted += [part.partition(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")]
    return next((found for found in wanted if found in languages()), next(iter(languages())))
