"""Every text is there in every language, and fills in the same names."""

from string import Formatter

from include.monitor.rendering import FOLDER, LANGUAGES, texts


def test_every_text_is_there_in_every_language() -> None:
    assert {key for key, said in texts().items() if set(said) != set(LANGUAGES)} == set()


def test_the_languages_of_a_text_fill_in_the_same() -> None:
    filled = {key: {_names(text) for text in said.values()} for key, said in texts().items()}

    assert {key for key, names in filled.items() if len(names) > 1} == set()


def test_templates_hold_no_style_and_no_script_of_their_own() -> None:
    for template in (FOLDER / "templates").glob("*.j2"):
        text = template.read_text("utf-8")
        assert "style=" not in text, template.name
        assert "onclick" not in text, template.name


def _names(text: str) -> frozenset[str | None]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text))
