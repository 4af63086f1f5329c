"""Every text that a page may ask for is there in every language, with the same values to fill in."""

import ast
import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest

from include import pipeline
from include.basics.errors import CODES
from include.definitions import contracts
from include.definitions.contracts import FEEDS
from include.definitions.described import read_yaml
from include.definitions.expectations.described import described_rules
from include.monitor.rendering import FOLDER
from include.people.languages import wording
from include.people.languages.reasons import reasons, retold, worded
from include.people.languages.texts import PART, languages, rules_in, texts, words
from include.people.reporting.validation import attention as headline
from include.people.reporting.validation.page import HEADLINE_INDICATORS
from include.pipeline import formats
from include.pipeline.formats import excel
from include.pipeline.formats.fhir import scanning
from include.study.paper.comparison import NO_ROW
from include.study.paper.targets import FILE as TARGETS
from include.study.paper.targets import read_targets
from include.warehouse.sql import FOLDER as SQL

ASKED = re.compile(r"\bt\(\"([a-z_]+\.[a-z_]+)\"[,)]")


SENTENCE = re.compile(r"(?:THEN|ELSE) '((?:[^']|'')+ (?:[^']|'')+)'")
"""A sentence of the platform's own in SQL."""
WORD = re.compile(r"[a-z_]+")
WORDS = re.compile(r"[A-Za-z]{2} [A-Za-z]{2}|[0-9] [a-z]{3}|= no")
"""Words beside one another, which a list of codes has not."""
GRADED_BY = "ctcae_v5"
"""The edition of the criteria whose toxicity the pages tell in words."""
HOLDS = re.compile(r"REG-30[1367]|REG-31[02]|NO_EXPORT|CHANGED")
"""The codes of files that are held as a whole, in the code."""
OF_A_FILE = re.compile(r"A file of x (?:of HL7 v2 )?")
OF_PROFILES = {"empty_cell", "empty_row", "joined_row", "other_rows", "unknown_rows"}


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a reference table."""
    with (FOLDER.parent / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def reference(name: str, column: str) -> set[str]:
    """What a column of a reference table says."""
    return {row[column] for row in rows_of(name)}


def sentences(*files: str) -> set[str]:
    """The sentences in SQL files."""
    return {
        said.replace("''", "'") for file in files for said in SENTENCE.findall((SQL / f"{file}.sql").read_text("utf-8"))
    }


def grammars() -> set[str]:
    """Why something of a format leaves no row."""
    files = Path(formats.__file__).parent.glob("*/grammar.yml")
    return {reason for file in files for reason in read_yaml(file).get("left_out", {})}


def descriptions() -> set[str]:
    """What contracts say of columns in words, not in codes alone."""
    said = {field.description for feed in FEEDS for field in contracts.read(feed).fields}
    return set(filter(WORDS.search, said))


SHOWN: dict[str, Callable[[], set[str]]] = {
    "reason": lambda: sentences("quarantine/record", "resolving/keep_fate", "resolving/keep_cells", "ops/file_state"),
    "category": lambda: {rule["category"] for rule in described_rules()},
    "context": lambda: {rule["context"] for rule in described_rules()},
    "owner": lambda: {rule["owner"] for rule in described_rules()},
    "rule": lambda: reference("endpoint", "rule"),
    "criteria": lambda: {*reference("endpoint", "criteria"), GRADED_BY},
    "term": lambda: reference(f"toxicity_limit/{GRADED_BY}", "term"),
    "endpoint": lambda: reference("endpoint_label", "label"),
    "stratification": lambda: reference("stratum_label", "stratification_label"),
    "stratum": lambda: reference("stratum_label", "stratum_label"),
    "item": lambda: {item.name for feed in FEEDS for item in contracts.read(feed).key_items},
    "indicator": lambda: set(HEADLINE_INDICATORS),
    "characteristic": lambda: reference("characteristic", "characteristic"),
    "category_of": lambda: set(filter(WORD.fullmatch, reference("characteristic", "category"))),
    "code": lambda: {code for code in CODES if code[4] in "236"} | {"REG-103", "REG-126", "REG-502", "REG-803"},
    "column": descriptions,
    "feed": lambda: {*FEEDS, "file"},
    "department": lambda: {"all", *(contracts.read(feed).source for feed in FEEDS)},
    "left_out": lambda: grammars() | OF_PROFILES,
}
"""What data may say of each kind, by where it comes from."""


def why_files_are_held() -> set[str]:
    """The reasons with which files are held as a whole, with x for what is filled in."""
    of_json = (scanning.NO_JSON, scanning.CUT_SHORT, scanning.TOO_LARGE, scanning.GOES_ON, scanning.TWICE)
    said = {*excel.PROBLEMS.values(), *of_json}
    for file in Path(pipeline.__file__).parent.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)):
            name, arguments = ast.unparse(call.func).rpartition(".")[2], call.args
            if name == "refused" and len(arguments) == 1 and isinstance(arguments[0], ast.Constant):
                said.add(arguments[0].value)
            if name == "RegistryError" and HOLDS.search(ast.unparse(arguments[0])):
                said.add(as_told(arguments[1]))
    return {OF_A_FILE.sub("", reason).rstrip(".") if OF_A_FILE.match(reason) else reason for reason in said}


def as_told(text: ast.expr) -> str:
    """A text of the code with x for all that is filled in."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)


def is_known(text: str, kind: str) -> bool:
    """Whether a kind has words for a text, by itself or by its parts."""
    found = (re.fullmatch(PART.sub(".+", re.escape(key)), text) for key in words()[kind] if "{" in key)
    return text in words()[kind] or any(found)


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
    asked = {name for file in (FOLDER / "templates").glob("*.j2") for name in ASKED.findall(file.read_text("utf-8"))}

    assert len(asked) > 50
    assert asked <= set(texts())


def test_a_reason_is_one_of_the_list_with_words_or_words_alone() -> None:
    assert len({frozenset(reasons(spoken, "rows", "files")) for spoken in languages()}) == 1
    assert "other_person" not in reasons("en", "files")
    assert "file_wrong" not in reasons("en", "rows")
    assert worded("fr", "document", " vu ") == "Vérifié dans le document source: vu"
    assert worded("en", "test_data", "") == "Test data, not a patient"
    assert worded("en", "other", " because ") == "because"
    assert worded("en", "other", " ") == worded("en", "no such reason", "") == ""


def test_a_reason_of_the_list_is_told_in_the_language_of_who_reads_it() -> None:
    assert retold("de", "Test data, not a patient: seen") == "Testdaten, kein Patient: seen"
    assert retold("en", "Testdaten, kein Patient") == "Test data, not a patient"
    assert retold("fr", "Test data") == "Test data"


@pytest.mark.parametrize("kind", SHOWN)
def test_what_data_say_has_words_in_every_language(kind: str) -> None:
    assert set(words()[kind]) == SHOWN[kind]()


def test_why_a_file_is_held_has_words_in_every_language() -> None:
    reasons = why_files_are_held() - {"x"}

    assert len(reasons) > 40
    assert [reason for reason in reasons if not is_known(reason, "held")] == []


def test_each_printed_number_has_a_name_in_every_language() -> None:
    assert [one.label for one in read_targets(TARGETS) if not is_known(one.label, "printed")] == []


@pytest.mark.parametrize("spoken", list(languages())[1:])
def test_why_a_printed_number_differs_is_told_in_every_language(spoken: str) -> None:
    wording.spoken.set(spoken)
    issues = {NO_ROW, *(one.issue for one in read_targets(TARGETS) if one.issue)}
    sentences = {sentence for issue in issues for sentence in issue.removesuffix(".").split(". ")}
    numbers = {name for one in read_targets(TARGETS) for name in one.printed}

    assert len(sentences) > 40
    assert [one for one in sentences if wording.of_paper(one, "why") == one] == []
    assert numbers <= set(words()["why"])


def test_printed_numbers_are_written_as_the_language_does() -> None:
    wording.spoken.set("fr")

    assert wording.of_paper("5.5 ± 13 (2.1; 0.1 to 63), n 52", "number") == "5,5 ± 13 (2,1; 0,1 à 63), n 52"
    assert wording.of_paper("mean 61.0, sd 11.0, n 50", "number", "why") == "moyenne 61,0, écart-type 11,0, n 50"
    assert wording.of_paper("67 (47 to not reached)", "number") == "67 (47 à non atteint)"
    assert wording.of_paper("pct, lcl. 5 of 52 are 9.62 %, not 8 %.", "why") == (
        "pourcentage, limite inférieure. 5 sur 52 font 9,62 %, et non 8 %."
    )


def test_words_of_data_are_there_in_every_language() -> None:
    others = list(languages())[1:]
    assert [
        (kind, said) for kind, known in words().items() for said, each in known.items() if {*each} < {*others}
    ] == []


@pytest.mark.parametrize("spoken", list(languages())[1:])
def test_each_rule_is_told_in_every_language_and_no_other_is(spoken: str) -> None:
    told, living = rules_in(spoken), {str(rule["rule_id"]) for rule in described_rules()}
    kinds = {rule_id.split(".", 2)[2] for rule_id in living - told["rules"].keys()}

    assert kinds == told["kinds"].keys()
    assert told["rules"].keys() <= living
    assert {len(said) for of in told.values() for said in of.values()} == {2}
