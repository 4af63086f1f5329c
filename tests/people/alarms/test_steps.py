"""The steps of the DAG, from a file with secrets in it to the mails that arrive."""

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.smtp.notifications.smtp import SmtpNotifier

from include.basics.settings import Settings
from include.definitions import contracts
from include.people import alarms
from tests.support.extracts import as_csv, row
from tests.support.receivers import Hook, Mailbox, content_of
from tests.support.registry import opened
from tests.support.warehouses import Templates

NIGHT = "2026-01-05"


@pytest.fixture
def settings(tmp_path: Path, templates: Templates) -> Settings:
    """A registry with 400 rows that fail two rules, and a held file that fails two; every cell has a secret."""
    secrets = {"patient_id": "P-secret", "unit": "secret-unit", "value": "secret"}
    with opened(templates.duckdb(tmp_path / "registry.duckdb"), tmp_path) as registry:
        bad = [row("results", f"L-secret-{number}", **secrets) for number in range(400)]
        good = [row("results", f"L-secret-good-{number}", patient_id="P-secret") for number in range(1700)]
        registry.send("results", NIGHT, *bad, *good, name="P-secret.csv")
        columns = [name for name in contracts.read("visits").names if name != "vital_status"]
        registry.put("visits", NIGHT, as_csv([row("visits", "V-secret")], columns), name="P-secret.csv")
        registry.load()
        return registry.settings


def night(settings: Settings) -> list[str]:
    """One run of the DAG; what the channels refused."""
    outcomes = [alarms.tell(json.loads(json.dumps(batch))) for batch in alarms.assess(settings)]
    return alarms.remember(settings, outcomes)


def test_whether_a_department_is_late_is_asked_beside_a_step_that_has_the_turn(
    tmp_path: Path, templates: Templates, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCK_WAIT_SECONDS", "0")
    url = templates.postgresql(postgres_server)
    with opened(url, tmp_path) as registry:
        registry.send("results", NIGHT, row("results"))
        registry.load()
        registry.warehouse.run("UPDATE received.file SET received_at = :then", then=datetime(2020, 1, 2))
        registry.warehouse.connection.commit()

        late = {source: alarms.is_late(registry.settings, source) for source in ("laboratory", "pathology")}
    assert late == {"laboratory": True, "pathology": False}


def test_one_mail_a_cause_and_none_the_second_time(settings: Settings, mailbox: Mailbox) -> None:
    night(settings)
    subjects = sorted(str(mail["Subject"]) for mail in mailbox.messages)
    night(settings)

    assert subjects == [
        f"[registry] Held files: 1, night of {NIGHT}",
        f"[registry] Rules that set rows or cells aside: 2, night of {NIGHT}",
    ]
    assert len(mailbox.messages) == 2


def test_four_hundred_rows_of_a_rule_are_one_line(settings: Settings, mailbox: Mailbox) -> None:
    night(settings)

    (mail,) = (mail for mail in mailbox.messages if "aside" in mail["Subject"])
    body = mail.get_body(("html",))
    assert body is not None
    assert body.get_content().count("400 of 2,100 rows failed") == 2


def test_no_value_leaves_the_warehouse(
    settings: Settings, mailbox: Mailbox, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        batches = alarms.assess(settings)
        for batch in batches:
            alarms.tell(batch)
    written = json.dumps(batches) + json.dumps(hook.received) + caplog.text
    written += "".join(content_of(mail).decode() for mail in mailbox.messages)

    assert len(batches) == 3
    assert "results.unit" in written
    assert "secret" not in written.replace("T0P-secret", "")


def test_a_channel_that_is_away_gets_it_the_next_time_and_the_others_do_not(
    settings: Settings, mailbox: Mailbox, hook: Hook
) -> None:
    mailbox.is_closed = True
    assert [error[:7] for error in night(settings)] == ["REG-701", "REG-701"]
    assert (len(mailbox.messages), len(hook.received)) == (0, 2)

    mailbox.is_closed = False
    assert night(settings) == []
    assert (len(mailbox.messages), len(hook.received)) == (2, 2)


def test_a_mail_channel_without_its_connection_is_an_error_with_a_code(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT")

    assert {error[:7] for error in night(settings)} == {"REG-701"}


def test_an_address_that_is_none_is_an_error_that_does_not_quote_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALARM_WEBHOOK_URL", "http://hooks.example.org:T0P-secret/")

    refused = night(settings)

    assert {error[:7] for error in refused} == {"REG-701"}
    assert "secret" not in "".join(refused)


def test_a_mail_without_a_sender_says_what_to_set(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALARM_MAIL_FROM")

    refused = night(settings)

    assert refused
    assert all("A mail has no sender: set ALARM_MAIL_FROM." in error for error in refused)
    assert mailbox.messages == []


def test_what_was_accepted_before_a_failure_is_not_told_again(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    notify = SmtpNotifier.notify

    def fail_the_second_time(notifier: SmtpNotifier, context: Any) -> None:
        if mailbox.messages:
            raise ValueError("not foreseen")
        notify(notifier, context)

    with monkeypatch.context() as patched:
        patched.setattr(SmtpNotifier, "notify", fail_the_second_time)
        assert len(night(settings)) == 1
    assert night(settings) == []

    assert len({mail["Subject"] for mail in mailbox.messages}) == len(mailbox.messages) == 2


def test_a_crash_before_it_is_noted_tells_it_again_with_the_same_id(settings: Settings, mailbox: Mailbox) -> None:
    for batch in alarms.assess(settings):
        alarms.tell(batch)

    night(settings)

    ids = [mail["Message-ID"] for mail in mailbox.messages]
    assert len(ids) == 4
    assert len(set(ids)) == 2


def test_without_channels_the_log_says_it(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    assert night(settings) == []

    assert f"Held files: 1, night of {NIGHT}" in caplog.text
