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
ITEM = "completeness_"
"""What the indicators of single key items begin with."""
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
    own = {"day": _day, "moment": _moment, "word": _word, "named": _named, "left_out": _left_out, "state": _state}
    environment.filters = {**environment.filters, **own}
    for name in ("number", "decimal", "limit"):
        environment.filters[name] = _written(environment.filters[name])
    environment.globals |= {"number": environment.filters["number"], "indicator": _indicator}
    return environment


def _written(show: Callable[..., str]) -> Callable[..., str]:
    """A number as the reader's language writes it, of one as English does."""

    def shown(*values: Any) -> str:
        signs = {",": _said("all.thousands"), ".": _said("all.point")}
        return "".join(signs.get(letter, letter) for letter in show(*values))

    return shown


def _day(value: date | str | None) -> str:
    """A day as 7 Nov 2020, in the order of the reader's language; it may be written as 2020-11-07."""
    if value is None:
        return "–"
    if isinstance(value, str):
        value = date.fromisoformat(value)
    month = _said("all.months").split()[value.month - 1]
    return _said("all.date").format(day=value.day, month=month, year=value.year)


def _moment(value: datetime | None) -> str:
    """A moment as 7 Nov 2020, 12:00 UTC."""
    return "–" if value is None else f"{_day(value)}, {value:%H:%M} UTC"


def _word(value: str | None, kind: str) -> str | None:
    """What data say in English or as a code, in the reader's language; one that no list has as it is."""
    return words()[kind].get(str(value), {}).get(_spoken.get(), value)


def _named(english: str, code: str, kind: str) -> str:
    """What a code means, in the reader's language."""
    return words()[kind].get(code, {}).get(_spoken.get(), english)


def _left_out(reasons: str | None) -> str:
    """Why something leaves no row; `unknown_rows: labs` says of which kind it is."""
    told = [reason.partition(":") for reason in (reasons or "").split(", ") if reason]
    return ", ".join(f"{_word(code, 'left_out')}{colon}{kind}" for code, colon, kind in told)


def _state(name: str | None) -> str:
    """A state of a row or file, in the reader's language."""
    key = f"state.{name}"
    return _said(key) if key in texts() else name or "–"


def _indicator(name: str) -> str:
    """An indicator of a month, as the headline names it."""
    what, _, month = name.rpartition(" ")
    code = what.replace(" ", "_")
    item = code.removeprefix(ITEM)
    if item == code:
        return f"{_word(code, 'indicator')} ({month})"
    return f"{_word(item, 'item')} ({_word('completeness', 'indicator')}, {month})"


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


@cache
def words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """What data say, by kind and text, in each language that has words of its own for it."""
    described: Mapping[str, Mapping[str, Mapping[str, str]]] = read_yaml(FOLDER / "words.yml")
    return described
