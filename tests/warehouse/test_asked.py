"""What a template asks for is what the dataclass of its file has, which has nothing that no template asks for."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields

import pytest
from jinja2 import meta

from include.basics.templates import Names
from include.definitions.checking.rendering import examples, examples_of, templates
from include.definitions.contracts.feed_sql import OfFeed, feed_sql
from include.pipeline.resolving.scope import Scope
from include.warehouse.sql import FOLDER, OfTable, asked, render, template

FILES = sorted(file.relative_to(FOLDER).with_suffix("").as_posix() for file in FOLDER.rglob("*.sql"))
RESULTS = feed_sql("results", is_duckdb=True)
KINDS = sorted({type(of) for of in (*examples(), *examples_of(RESULTS))}, key=lambda kind: kind.__name__)
OF_FILE = {file: kind for kind in KINDS for file in kind.files}


def parts() -> set[str]:
    """The templates that others include or import."""
    named = (name for file in FILES for name in meta.find_referenced_templates(template(file)))
    return {name.removesuffix(".sql") for name in named if name}


def had(kind: type[Names]) -> set[str]:
    """The fields and properties of a dataclass."""
    made = {name for name, value in vars(kind).items() if not inspect.isfunction(value) and not name.startswith("_")}
    return (made | {field.name for field in fields(kind)}) - {"files"}  # type: ignore[arg-type]


def lacking() -> Iterator[str]:
    """What templates ask for that nobody gives them."""
    alone = set(FILES) - parts()
    for file in FILES:
        if file in OF_FILE:
            yield from (f"{file}: {name}" for name in asked(file) - had(OF_FILE[file]))
        elif file in alone and asked(file):
            yield f"{file}: {', '.join(asked(file))}"


def idle() -> Iterator[str]:
    """The fields of dataclasses that none of their templates asks for."""
    for kind in KINDS:
        wanted = {name for file in kind.files for name in asked(file)}
        yield from (f"{kind.__name__}.{field.name}" for field in fields(kind) if field.name not in wanted)  # type: ignore[arg-type]


def test_every_dataclass_has_an_example() -> None:
    assert {kind.__name__ for kind in Names.__subclasses__() if kind.__module__.startswith("include.")} == {
        kind.__name__ for kind in KINDS
    }


def test_a_template_has_one_dataclass() -> None:
    listed = sorted(file for kind in KINDS for file in kind.files)
    assert listed == sorted(set(listed) & set(FILES))


def test_a_template_is_given_all_that_it_asks_for() -> None:
    assert list(lacking()) == []


def test_a_dataclass_has_nothing_that_no_template_asks_for() -> None:
    assert list(idle()) == []


def test_every_template_that_asks_for_something_is_linted_as_rendered() -> None:
    assert sorted(file for file in OF_FILE if asked(file) and file not in templates()) == []


@dataclass(frozen=True)
class Wrong(Names, files="resolving/forget_reading"):
    """It lacks the table, and has what nobody asks for."""

    schema: str = "resolved"


def test_a_wrong_dataclass_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OF_FILE, "resolving/forget_reading", Wrong)
    monkeypatch.setattr("tests.warehouse.test_asked.KINDS", [Wrong])

    assert list(lacking()) == ["resolving/forget_reading: table"]
    assert list(idle()) == ["Wrong.schema"]


@pytest.mark.parametrize("of", [OfTable("results"), OfFeed(RESULTS)])
def test_a_template_takes_no_other_dataclass(of: Names) -> None:
    with pytest.raises(TypeError, match="resolving/touch"):
        render("resolving/touch", of)


def test_a_template_takes_its_own() -> None:
    assert "received.results" in render("resolving/touched_key", Scope(RESULTS))
