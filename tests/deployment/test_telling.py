"""The profile `mail`: an alarm of the stack arrives by SMTP, with the file's place and no value of a patient."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from include.definitions import contracts
from tests.deployment.stack import SLOW, Stack, until
from tests.deployment.test_platform import deliver
from tests.support.extracts import as_csv, row
from tests.support.receivers import content_of

STAND_IN = "registry-test-mail"
CHOSEN = {
    "COMPOSE_PROFILES": "mail",
    "MAIL_IMAGE": STAND_IN,
    "ALARM_MAIL_TO": "registry@example.org",
    "ALARM_MAIL_FROM": "nights@example.org",
}
SERVER = ("--conn-type", "smtp", "--conn-host", "mail", "--conn-port", "1025")
PLAIN = ("--conn-extra", '{"disable_tls": true, "disable_ssl": true}')


def test_an_alarm_arrives_by_mail_without_a_value(stack: Stack, tmp_path: Path) -> None:
    stack.docker("build", "--tag", STAND_IN, "tests/deployment/mail", timeout=SLOW)
    stack.compose("up", "-d", "--wait", "--no-deps", "mail", "worker", timeout=SLOW, **CHOSEN)
    stack.inside("scheduler", "airflow", "connections", "add", "smtp_default", *SERVER, *PLAIN)
    columns = [name for name in contracts.read("visits").names if name != "vital_status"]
    (tmp_path / "held.csv").write_bytes(as_csv([row("visits", "V-secret", patient_id="P-secret")], columns))
    deliver(stack, tmp_path / "held.csv", "clinic/visits/2020-11-11/P-secret.csv")
    held = "SELECT load_id FROM ops.load WHERE batch_date = '2020-11-11' AND state = 'held'"
    until(lambda: len(stack.query(held)) == 1)
    ((load_id,),) = stack.query(held)
    stack.admin().post("/api/v2/dags/watch/dagRuns", json={"logical_date": None}).raise_for_status()

    until(lambda: any(f"load {load_id} is held".encode() in content_of(mail) for mail in mails(stack)))
    assert all(f"{stack.url}/dags/".encode() in content_of(mail) for mail in mails(stack))
    assert {mail["To"] for mail in mails(stack)} == {"registry@example.org"}
    assert not any(b"secret" in content_of(mail) for mail in mails(stack))


def mails(stack: Stack) -> list[EmailMessage]:
    """What the mail server has got."""
    log = stack.compose("logs", "--no-log-prefix", "mail", **CHOSEN).stdout
    texts = [
        text.partition("\n")[2].partition("\n------------ END MESSAGE")[0] for text in log.split("MESSAGE FOLLOWS")[1:]
    ]
    return [email.message_from_string(text, _class=EmailMessage, policy=email.policy.SMTP) for text in texts]
