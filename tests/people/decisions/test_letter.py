"""Letters to departments, as a real mail server gets them."""

import pytest

from include.basics.errors import RegistryError
from include.people.decisions import Selection, note_records
from include.people.decisions.letter import mail_letter
from tests.support.extracts import row
from tests.support.receivers import content_of, mail_server
from tests.support.registry import Registry, duckdb_registry

__all__ = ["duckdb_registry"]

LABORATORY = Selection(source="laboratory", state="open")


def test_a_letter_is_mailed_with_rules_and_remedies_and_no_patient(
    duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb_registry.deliver("patients", "2020-01-01", row("patients", "P-secret"), row("patients", "P-odd", sex="X"))
    duckdb_registry.deliver("results", "2020-01-01", row("results", "L1", patient_id="P-secret", value="90000"))
    with mail_server() as (mailbox, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("LETTER_MAIL_TO", "laboratory=lab@example.org; clinic = a@example.org, b@example.org")
        sent = [mail_letter(duckdb_registry.warehouse, Selection(source=name)) for name in ("laboratory", "clinic")]
        of_laboratory, of_clinic = mailbox.messages

    assert sent == [{"rows": 1, "addresses": 1}, {"rows": 1, "addresses": 2}]
    assert (of_laboratory["To"], of_clinic["To"]) == ("lab@example.org", "a@example.org, b@example.org")
    assert b"L1" in content_of(of_laboratory)
    assert b"results.value.impossible" in content_of(of_laboratory)
    assert not any(
        cell in content_of(of_laboratory) + content_of(of_clinic) for cell in (b"90000", b"P-secret", b"P-odd")
    )


def test_a_letter_is_in_the_language_of_who_sends_it(
    duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb_registry.deliver("patients", "2020-01-01", row("patients"))
    duckdb_registry.deliver("results", "2020-01-01", row("results", "L1", value="90000"))
    note_records(duckdb_registry.warehouse, LABORATORY, "mg", "Please correct it and send it again: today")
    with mail_server() as (mailbox, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("LETTER_MAIL_TO", "laboratory=lab@example.org")
        mail_letter(duckdb_registry.warehouse, LABORATORY, "fr")
        (letter,) = mailbox.messages

    assert letter["Subject"] == "[registry] Lignes du service laboratoire : 1"
    said = content_of(letter).decode("utf-8")
    for told in ("est possible chez un vivant", "Demander valeur et unité", "Merci de corriger et de renvoyer: today"):
        assert told in said


def test_a_department_without_an_address_gets_none(duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LETTER_MAIL_TO", "clinic=a@example.org")

    with pytest.raises(RegistryError) as refused:
        mail_letter(duckdb_registry.warehouse, LABORATORY)

    assert refused.value.code == "REG-702"
