"""Messages as they arrive: by a real mail server and a real webhook."""

import logging
import os
from pathlib import Path
from typing import Any

import pytest

from include.basics.errors import RegistryError
from include.people.alarms.channels import configured, tell
from include.people.alarms.current import Alarm
from include.people.alarms.telling import Message
from include.people.alarms.wording import words
from tests.support.receivers import Hook, Mailbox

FACTS: dict[str, Any] = {
    "feed": "results",
    "reason": "REG-302: failed a rule",
    "rows_received": 400,
    "finished_second": 1767600000,
}
RULES = [{"rule_id": f"results.rule.{n}", "rows_failed": 900 - n, "rows_checked": 4000} for n in range(8)]


def held(channel: str, *load_ids: str, is_over: bool = False, night: str = "2026-01-05") -> Message:
    """A message about held files."""
    alarms = [
        Alarm("held", "laboratory", load_id, night, "REG-302", {**FACTS, "subject": load_id}, RULES)
        for load_id in load_ids
    ]
    return Message(channel, "held", is_over, alarms)


def text_of(mailbox: Mailbox) -> str:
    """The HTML of the only mail."""
    (mail,) = mailbox.messages
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_a_mail_says_what_happened_with_its_top_rules_and_where_to_decide(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example.org/")
    monkeypatch.setenv("REPORTS_URL", "https://reports.example.org")

    tell(held("mail", "L1", "L2"))

    (mail,) = mailbox.messages
    assert mail["Subject"] == "[registry] Held files: 2, night of 2026-01-05"
    assert mail["To"] == "manager@example.org, office@example.org"
    assert mail["From"] == "registry@example.org"
    text = text_of(mailbox)
    assert "results: load L1 is held and 400 rows wait. REG-302: failed a rule" in text
    assert "results.rule.0: 900 of 4,000 failed" in text
    assert "results.rule.5" not in text
    assert "and 3 more rules" in text
    page = "https://airflow.example.org/dags/decide_held_file/runs/L1_1767600000/tasks/ask/required_actions"
    assert f'href="{page}"' in text
    assert 'href="https://reports.example.org/"' in text


def test_the_same_message_has_the_same_id(mailbox: Mailbox) -> None:
    for load_id in ("L1", "L1", "L2"):
        tell(held("mail", load_id))

    first, again, other = (mail["Message-ID"] for mail in mailbox.messages)
    assert first == again != other


def test_what_is_over_is_told_shortly(mailbox: Mailbox) -> None:
    tell(held("mail", "L1", is_over=True))

    assert mailbox.messages[0]["Subject"] == "[registry] Held files, over: 1, night of 2026-01-05"
    assert "What to do" not in text_of(mailbox)


def test_what_looks_like_markup_or_a_template_is_shown_as_it_is(mailbox: Mailbox) -> None:
    odd = held("mail", "<b>L1</b>{{ 1 + 1 }}")
    odd.alarms[0].facts["feed"] = "a&b"

    tell(odd)

    assert "a&amp;b: load &lt;b&gt;L1&lt;/b&gt;{{ 1 + 1 }} is held" in text_of(mailbox)


def test_a_long_list_ends_with_how_many_more_there_are(mailbox: Mailbox) -> None:
    tell(held("mail", *(f"L{n}" for n in range(50))))

    assert "and 30 more" in text_of(mailbox)


def test_a_long_list_begins_with_the_latest_nights() -> None:
    nights = [held("log", f"L{n}", night=f"2026-01-{n:02}").alarms[0] for n in range(1, 31)]

    lines = [line for line in words(Message("log", "held", False, nights)).text.splitlines() if "is held" in line]

    assert [line[2:12] for line in lines] == [f"2026-01-{n:02}" for n in range(30, 10, -1)]


def test_a_server_that_refuses_is_an_error_with_a_code(mailbox: Mailbox) -> None:
    mailbox.is_closed = True

    with pytest.raises(RegistryError) as raised:
        tell(held("mail", "L1"))

    assert raised.value.code == "REG-701"
    assert mailbox.messages == []


def test_a_mail_server_that_is_away_is_an_error_with_a_code(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://127.0.0.1:1/?disable_ssl=true&disable_tls=true")

    with pytest.raises(RegistryError) as raised:
        tell(held("mail", "L1"))

    assert raised.value.code == "REG-701"


def test_the_webhook_gets_counts_as_json_and_a_text(hook: Hook) -> None:
    tell(held("webhook", "L1"))

    ((_, payload),) = hook.received
    assert payload["event"] == "alarm"
    assert payload["nights"] == ["2026-01-05"]
    assert payload["subject"] == "[registry] Held files: 1, night of 2026-01-05"
    assert payload["alarms"][0]["rules"][0] == RULES[0]
    assert "results.rule.0: 900 of 4,000 failed" in payload["text"]


def test_a_webhook_that_is_busy_is_asked_again(hook: Hook) -> None:
    hook.answers = [503, 429]

    tell(held("webhook", "L1"))
    tell(held("webhook", "L1"))

    (first, _), (second, _) = hook.received
    assert first == second


@pytest.mark.parametrize("answers", [[404], [500, 500, 500]])
def test_a_webhook_that_refuses_is_an_error_without_its_address(
    hook: Hook, answers: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    hook.answers = list(answers)

    with caplog.at_level(logging.DEBUG), pytest.raises(RegistryError) as raised:
        tell(held("webhook", "L1"))

    assert raised.value.code == "REG-701"
    assert str(answers[-1]) in str(raised.value)
    assert raised.value.__cause__ is None
    assert "T0P-secret" not in str(raised.value) + caplog.text


def test_the_log_is_always_there(caplog: pytest.LogCaptureFixture) -> None:
    assert configured() == ["log"]

    tell(held("log", "L1"))

    assert "Held files: 1, night of 2026-01-05" in caplog.text


def test_a_channel_is_there_when_it_is_configured(mailbox: Mailbox, hook: Hook) -> None:
    assert configured() == ["log", "mail", "webhook"]


def test_the_webhook_s_address_may_be_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: Hook) -> None:
    file = tmp_path / "alarm_webhook_url"
    monkeypatch.setenv("ALARM_WEBHOOK_URL_FILE", str(file))
    address = os.environ["ALARM_WEBHOOK_URL"]
    monkeypatch.setenv("ALARM_WEBHOOK_URL", "")
    assert configured() == ["log"]

    file.write_text(f"{address}\n")
    tell(held("webhook", "L1"))

    assert configured() == ["log", "webhook"]
    assert len(hook.received) == 1


def test_several_nights_in_one_message_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW__API__BASE_URL", raising=False)
    nights = [held("log", f"L{n}", night=f"2026-01-0{n}").alarms[0] for n in range(1, 6)]

    said = words(Message("log", "held", False, nights))

    assert said.subject == "[registry] Held files: 5, 5 nights from 2026-01-01 to 2026-01-05"
    assert "- 2026-01-03 results: load L3 is held" in said.text
    assert "http" not in said.text
