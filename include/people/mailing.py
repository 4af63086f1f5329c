"""Sends mail by Airflow's notifier and its connection `smtp_default`."""

import os
import smtplib
from collections.abc import Mapping, Sequence

from include.basics.errors import RegistryError


def addresses(text: str) -> list[str]:
    """The addresses of a comma-separated list."""
    return [address.strip() for address in text.split(",") if address.strip()]


def send_mail(
    to: Sequence[str], subject: str, html: str, *, files: Sequence[str] = (), headers: Mapping[str, str] | None = None
) -> None:
    """Send a mail, from ALARM_MAIL_FROM where it is given. Raises RegistryError REG-701 when it is not accepted.

    `notify` sends the text as it stands; a call of the notifier would render it once more.
    """
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    notifier = SmtpNotifier(
        to=list(to),
        from_email=os.environ.get("ALARM_MAIL_FROM") or None,
        subject=subject,
        html_content=html,
        files=list(files),
        custom_headers={**(headers or {}), "Auto-Submitted": "auto-generated"},
    )
    try:
        notifier.notify({})
    except (smtplib.SMTPException, OSError) as error:
        raise RegistryError("REG-701", f"The mail server did not accept a message ({type(error).__name__}).") from None
    except ValueError:
        if notifier.from_email:
            raise
        raise RegistryError("REG-701", "A mail has no sender: set ALARM_MAIL_FROM.") from None
