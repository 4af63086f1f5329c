"""Does beforehand what the first page of a process would wait for: texts, templates, and what the start page shows."""

from contextlib import suppress

from include.monitor import reading
from include.monitor.pages import tonight
from include.monitor.rendering import compile_templates
from include.people.languages.texts import languages, rules_in, words


def warm() -> None:
    """Read and compile it; a warehouse that cannot be read now is read by the first page that asks."""
    compile_templates()
    words()
    for spoken in languages():
        rules_in(spoken)
    with suppress(Exception), reading.record() as warehouse:
        tonight.as_it_is(warehouse)
