"""An Airflow notifier that posts JSON to a webhook: a chat room, a pager, a ticket system."""

import logging
from collections.abc import Mapping
from typing import Any

import httpx
import tenacity
from airflow.sdk import BaseNotifier

from include.basics.errors import RegistryError

SECONDS = 10.0
ATTEMPTS = 3
WAIT = tenacity.wait_exponential(multiplier=0.5)

# It logs the address of every request, which holds the secret of most webhooks.
logging.getLogger("httpx").setLevel(logging.WARNING)


class WebhookNotifier(BaseNotifier):
    """Posts a payload that is ready; `fingerprint` lets the receiver drop what it has already (Idempotency-Key)."""

    def __init__(self, url: str, payload: Mapping[str, Any], fingerprint: str) -> None:
        super().__init__()
        self.url = url
        self.payload = dict(payload)
        self.fingerprint = fingerprint

    def notify(self, context: Any) -> None:
        """Post it; a server that is busy or away is asked again. Raises RegistryError REG-701, without the address."""
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_may_pass), wait=WAIT, stop=tenacity.stop_after_attempt(ATTEMPTS)
        )
        try:
            attempts(self._post)
        except tenacity.RetryError as error:
            raise _refusal(error.last_attempt.exception()) from None
        except httpx.HTTPError as error:
            raise _refusal(error) from None

    def _post(self) -> None:
        headers = {"Idempotency-Key": self.fingerprint}
        httpx.post(self.url, json=self.payload, headers=headers, timeout=SECONDS).raise_for_status()


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code >= 500 or error.response.status_code == httpx.codes.TOO_MANY_REQUESTS
    return isinstance(error, httpx.TransportError)


def _refusal(error: BaseException | None) -> RegistryError:
    said = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else type(error).__name__
    return RegistryError("REG-701", f"The webhook did not accept a message ({said}).")
