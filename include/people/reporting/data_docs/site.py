"""Writes the site: a page for each of the latest loads, one for each suite, and an index; older pages are removed.

A page that says already what it would say is left alone, so a night costs the pages of its own loads.

Great Expectations renders the pages. Its own page layout fetches styles, scripts and a logo from five hosts on every
view, and its index shows nothing without them, so layout and index are those of `templates`: nothing is fetched.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
from great_expectations.render.renderer.page_renderer import ExpectationSuitePageRenderer, ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView

from include.definitions.expectations import SUITES, read_suite
from include.people.reporting.data_docs.results import VERSION, Load, suite, suite_result
from include.warehouse import Warehouse
from include.warehouse.sql import select_text

TEMPLATES = Path(__file__).parent / "templates"


class Page(DefaultJinjaPageView):
    """Great Expectations' view of a page in the layout of `templates/page.j2`."""

    _template = "registry_page.j2"


def build_site(warehouse: Warehouse, out: Path, most: int = 50) -> int:
    """Write the pages of the latest loads below `out`; how many there are."""
    loads = list(_loads(warehouse, most))
    for load in loads:
        said = (load.said, read_suite(load.feed), read_suite("file"))
        _bring_up_to_date(out / _place(load), said, ValidationResultsPageRenderer(), partial(suite_result, load))
    for name in SUITES:
        page = out / "expectations" / f"{name}.html"
        _bring_up_to_date(page, read_suite(name), ExpectationSuitePageRenderer(), partial(suite, name))
    _write(out / "index.html", _index().render(loads=loads, place=_place, suites=SUITES))
    for old in set(out.glob("validations/*/*/*/index.html")) - {out / _place(load) for load in loads}:
        old.unlink()
        old.parent.rmdir()
    return len(loads)


def _bring_up_to_date(page: Path, made_of: Any, renderer: Any, content: Callable[[], Any]) -> None:
    layout = [(file.name, file.read_bytes()) for file in sorted(TEMPLATES.iterdir())]
    stamp = f"<!-- {sha256(repr((made_of, layout, VERSION)).encode()).hexdigest()} -->"
    if page.exists() and page.read_text(encoding="utf-8").endswith(stamp):
        return
    view: Any = Page(custom_views_directory=str(TEMPLATES))
    _write(page, view.render(renderer.render(content())) + stamp)


def _loads(warehouse: Warehouse, most: int) -> Iterator[Load]:
    rows = warehouse.run(select_text("reporting/judged"), most=most).all()
    for _, said in groupby(rows, key=lambda row: row.load_id):
        lines = list(said)
        first = lines[0]
        yield Load(
            first.load_id, first.source, first.feed, first.batch_date, first.state, first.finished_at, tuple(lines)
        )


def _place(load: Load) -> str:
    """Four folders deep, as Great Expectations' links from a result to its suite expect."""
    return f"validations/{load.feed}/{load.batch_date}/{load.load_id}/index.html"


@cache
def _index() -> jinja2.Template:
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    return templates.get_template("registry_index.j2")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
