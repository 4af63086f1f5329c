"""Real receivers of alarms on this machine: a mail server and a webhook."""

import email
import email.policy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from include.running.nightly.home import free_port


class Mailbox:
    """What the mail server has received; while `is_closed` it takes no message."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.is_closed = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message, or refuse it."""
        if self.is_closed:
            return "451 not now"
        assert isinstance(envelope.content, bytes)
        self.messages.append(email.message_from_bytes(envelope.content, _class=EmailMessage, policy=email.policy.SMTP))
        return "250 kept"


class Hook(ThreadingHTTPServer):
    """A webhook: what it has received, and the status with which it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        """Its address, with a secret as most webhooks have."""
        return f"http://127.0.0.1:{self.server_port}/services/T0P-secret"


class _Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status == 200:
            self.server.received.append((self.headers["Idempotency-Key"], json.loads(body)))
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def content_of(mail: EmailMessage) -> bytes:
    """Everything that a mail says, decoded."""
    parts = (part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart())
    return str(mail["Subject"]).encode() + b"".join(part for part in parts if isinstance(part, bytes))


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, dict[str, str]]]:
    """A running mail server, and the environment that points the channel `mail` to it."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    connection = {
        "conn_type": "smtp",
        "host": "127.0.0.1",
        "port": controller.port,
        "extra": {"disable_ssl": True, "disable_tls": True, "retry_limit": 0},
    }
    yield (
        box,
        {
            "AIRFLOW_CONN_SMTP_DEFAULT": json.dumps(connection),
            "ALARM_MAIL_TO": "manager@example.org, office@example.org",
            "ALARM_MAIL_FROM": "registry@example.org",
        },
    )
    controller.stop()


@contextmanager
def web_server() -> Iterator[tuple[Hook, dict[str, str]]]:
    """A running webhook, and the environment that points the channel `webhook` to it."""
    with Hook() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server, {"ALARM_WEBHOOK_URL": server.url}
        server.shutdown()
