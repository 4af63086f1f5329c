"""Fills the pages' templates: texts in the reader's language, everything from data escaped.

texts.yml has every text in every language. A template asks for one by `t("tonight.title")`, with `{name}` filled in.
"""

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from include.definitions.described import read_yaml
from include.people.reporting.validation.page import page_templates

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "fr")
MOUNTED = "/monitor"
"""Where plugins/monitor.py puts the pages."""
LANGUAGE_COOKIE = "registry_language"


def page(request: Request, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """The page of a template; `shown` are its variables."""
    spoken = language(request)
    content = (
        page_templates(FOLDER / "templates")
        .get_template(f"{template}.html.j2")
        .render(
            t=partial(text, spoken),
            language=spoken,
            root=request.scope.get("root_path", ""),
            airflow=request.scope.get("root_path", "").removesuffix(MOUNTED),
            here=request.url.path.removeprefix(request.scope.get("root_path", "")),
            **shown,
        )
    )
    return HTMLResponse(content, status)


def language(request: Request) -> str:
    """The language that the reader chose, else the browser's first that there is, else English."""
    wanted = [request.cookies.get(LANGUAGE_COOKIE, "")]
    wanted += [part.partition(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")]
    return next((found for found in wanted if found in LANGUAGES), LANGUAGES[0])


def text(spoken: str, key: str, **values: Any) -> str:
    """A text of texts.yml; KeyError for one that there is not."""
    return str(texts()[key][spoken]).format(**values)


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Every text by page and name (`tonight.title`), in each language."""
    pages = read_yaml(FOLDER / "texts.yml")
    return {f"{page}.{name}": said for page, named in pages.items() for name, said in named.items()}
