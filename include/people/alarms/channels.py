"""The channels by which alarms are told: the log of the task, e-mail and a webhook.

Which of them there are is said by the environment: ALARM_MAIL_TO (addresses, comma-separated; the server is Airflow's
connection `smtp_default`) and ALARM_WEBHOOK_URL, or the content of the file ALARM_WEBHOOK_URL_FILE. The log is always
there.
"""

import logging
import os
from pathlib import Path
from typing import Any

from include.people.alarms.telling import Message
from include.people.alarms.wording import Words, words
from include.people.mailing import addresses, send_mail


def configured() -> list[str]:
    """The channels that there are."""
    said = {"mail": os.environ.get("ALARM_MAIL_TO"), "webhook": _webhook()}
    return ["log", *(channel for channel, address in said.items() if address)]


def tell(message: Message) -> str:
    """Tell one channel; its subject line. Raises RegistryError REG-701 when the channel does not accept it."""
    said = words(message)
    if message.channel == "log":
        logging.getLogger("registry").warning("%s", said.text)
    elif message.channel == "mail":
        _send_mail(said)
    else:
        _post(message, said)
    return said.subject


def _webhook() -> str:
    """Its address, which mostly holds a secret; a file that is not there, or is empty, names none."""
    file = Path(os.environ.get("ALARM_WEBHOOK_URL_FILE", ""))
    return os.environ.get("ALARM_WEBHOOK_URL") or (file.read_text("utf-8").strip() if file.is_file() else "")


def _send_mail(said: Words) -> None:
    known = {"Message-ID": f"<{said.fingerprint}@registry>"}
    send_mail(addresses(os.environ["ALARM_MAIL_TO"]), said.subject, said.html, headers=known)


def _post(message: Message, said: Words) -> None:
    from include.people.alarms.webhook import WebhookNotifier

    WebhookNotifier(_webhook(), payload(message, said), said.fingerprint).notify({})


def payload(message: Message, said: Words) -> dict[str, Any]:
    """What the webhook gets; `text` is what chat services show."""
    return {
        "event": "over" if message.is_over else "alarm",
        "cause": message.cause,
        "nights": message.nights,
        "subject": said.subject,
        "text": said.text,
        "alarms": [alarm.__dict__ for alarm in message.alarms],
        "links": said.links,
    }
