"""Every text that a page may ask for is there in every language, with the same values to fill in."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from include.definitions.described import read_yaml
from include.monitor.reasons import reasons, worded
from include.monitor.rendering import FOLDER, languages, texts
from include.people.reporting.validation import attention as headline

ASKED = re.compile(r"\bt\(\"([a-z_]+\.[a-z_]+)\"[,)]")


def filled(text: str) -> Iterator[str]:
    """What is filled into a text."""
    return (name for _, name, _, _ in Formatter().parse(text) if name)


def test_each_text_is_there_in_every_language() -> None:
    for name, said in texts().items():
        assert set(said) == set(languages()), name
        assert (
            len({frozenset(field for _, field, _, _ in Formatter().parse(text) if field) for text in said.values()})
            == 1
        )


def test_each_line_of_the_headline_is_there_in_every_language() -> None:
    for line, said in read_yaml(Path(headline.__file__).with_name("headline.yml")).items():
        assert set(said) == set(languages()), line


def test_templates_ask_for_texts_that_there_are() -> None:
    asked = {name for file in (FOLDER / "templates").iterdir() for name in ASKED.findall(file.read_text("utf-8"))}

    assert len(asked) > 50
    assert asked <= set(texts())


def test_a_reason_is_one_of_the_list_with_words_or_words_alone() -> None:
    assert len({frozenset(reasons(spoken)) for spoken in languages()}) == 1
    assert worded("fr", "document", " vu ") == "Vérifié dans le document source: vu"
    assert worded("en", "test_data", "") == "Test data, not a patient"
    assert worded("en", "other", " because ") == "because"
    assert worded("en", "other", " ") == worded("en", "no such reason", "") == ""
