"""What an event says: whose files have changed, and no more. Which files are new is for the listing and the ledger."""

from urllib.parse import unquote

from include.running.nightly.names import SOURCES


def sources_told(text: str) -> tuple[str, ...]:
    """The sources whose folder an event's text names, whatever text it is; all of them when it names none.

    Every S3 server writes its events in its own way, and whoever reaches the queue may write anything: nothing is
    parsed. Who is woken for nothing finds nothing to do.
    """
    plain = unquote(text).replace("\\/", "/")
    return tuple(source for source in SOURCES if f"{source}/" in plain) or SOURCES
