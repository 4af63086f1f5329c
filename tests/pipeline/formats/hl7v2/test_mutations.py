"""However a file is damaged, it is read with every segment accounted for, or held with a code; no message quotes it."""

import re
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats import hl7v2
from tests.pipeline.formats.hl7v2.messages import OBR, PID, Found, message, read_file
from tests.support.examples import TIMES

SECRET = "SENTINELLE"
OBSERVATIONS = (
    "OBX|1|NM|ASAT^AST^L^1920-8^AST^LN||62|U/L|5 - 34|H|||F|||202305090812",
    f"OBX|2|ST|BILT^{SECRET}^L|1|< 3|µmol/l^^UCUM|3 - 17||||P",
    "OBX|3|SN|CGA^Chromogranine^L|2|>^900|ug/L|<102||||C",
    f"OBX|4|TX|COM^Commentaire^L||{SECRET}\\.br\\\\T\\\\XC3A9\\||||||F",
    "OBX|5|ED|PDF^Rapport^L||^application^pdf^Base64^QUJD||||||F",
    "OBX|6|CWE|POS^Statut^L||P^Positif^L~N||||||D",
)
GOOD = "".join(
    (
        "FHS|^~\\&|LIMS\rBHS|^~\\&|LIMS\r",
        *(message(PID, "PV1|1|O", "ORC|RE", OBR, *OBSERVATIONS, "NTE|1||note", number=n) for n in range(3)),
        message("EVN|A40|20240302", PID, "MRG|Q-1^^^SITE^PI", kind="ADT^A40"),
        "BTS|4\rFTS|1\r",
    )
)
HELD = ("REG-301", "REG-306")
PIECES = ["|", "^", "~", "\\", "&", '"', '""', ",", "\r", "\n", "\r\n", "\x0b", "\x1c", "\0", " ", "OBX", "MSH|^~\\&|"]
LETTERS = ["é", "\ud7ff", "\u2028", "\x85", "\x1a", "￾", "\\X", "\\X41\\", "9" * 400, "-1", "€", "\ufeff"]


def put_in(random: Random, text: str) -> str:
    place = random.randrange(len(text))
    return text[:place] + random.choice(PIECES + LETTERS) + text[place:]


def taken_out(random: Random, text: str) -> str:
    place = random.randrange(len(text))
    return text[:place] + text[place + random.choice((1, 1, 3, 20, 200)) :]


def cut_off(random: Random, text: str) -> str:
    return text[: random.randrange(len(text))]


def lines_moved(random: Random, text: str) -> str:
    lines = text.split("\r")
    random.shuffle(lines)
    return "\r".join(lines)


def line_doubled(random: Random, text: str) -> str:
    lines = text.split("\r")
    return "\r".join(lines[:place] + lines[place - 1 :]) if (place := random.randrange(1, len(lines))) else text


def field_changed(random: Random, text: str) -> str:
    lines = text.split("\r")
    place = random.randrange(len(lines))
    fields = lines[place].split("|")
    fields[random.randrange(len(fields))] = random.choice(PIECES + LETTERS + ["F", "ED", "8859/1", "ASCII", "99999"])
    return "\r".join([*lines[:place], "|".join(fields), *lines[place + 1 :]])


def bytes_changed(random: Random, text: str) -> bytes:
    content = bytearray(text.encode())
    for _ in range(random.choice((1, 1, 5, 40))):
        content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content)


MUTATIONS: list[Callable[[Random, str], str | bytes]] = [
    put_in, taken_out, cut_off, lines_moved, line_doubled, field_changed, bytes_changed,
]  # fmt: skip
BESIDE = ("unknown_rows", "no_observation")
"""Reasons of what is counted beside the segments that make rows."""
ROWS = {"results": "OBX", "merges": "MRG", "exams": "OBR"}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_mutant_is_read_with_all_its_segments_or_held(
    tmp_path: Path, mutation: Callable[[Random, str], str | bytes]
) -> None:
    outcomes = {"read": 0, "held": 0}
    for time in range(40 * TIMES):
        random = Random(f"{mutation.__name__} {time}")  # noqa: S311
        mutant: str | bytes = GOOD
        for _ in range(random.choice((1, 1, 2, 4))):
            mutant = mutation(random, mutant or GOOD) if isinstance(mutant, str) else mutant
        content = mutant if isinstance(mutant, bytes) else mutant.encode("utf-8", "surrogatepass")
        outcomes["read" if outcome(tmp_path, content, random) else "held"] += 1
    assert outcomes["read"] > 0


def outcome(folder: Path, content: bytes, random: Random) -> Found | None:
    """What is read of a mutant; None when it is held. Fails when a segment is lost or the file is quoted."""
    feed = random.choice(list(ROWS))
    file, copy = folder / "extract.hl7", folder / "copy.hl7"
    file.write_bytes(content)
    found = found_or_refusal(file, feed)
    if isinstance(found, RegistryError):
        assert found.code in HELD
        assert SECRET not in "".join(traceback.format_exception(found))
        return None
    check(content, feed, found)
    if hl7v2.without_personal(file, copy, (), Dialect()):
        again = read_file(copy, feed)
        assert (len(again.rows), again.left_out) == (len(found.rows), found.left_out)
    return found


def found_or_refusal(file: Path, feed: str) -> Found | RegistryError:
    try:
        return read_file(file, feed)
    except RegistryError as error:
        return error


def check(content: bytes, feed: str, found: Found) -> None:
    """Segments that make rows are rows, set aside or left out: as many as a plain count says."""
    lines = re.split(r"\r\n|[\r\n\v\x1c]", content.decode("utf-16" if content[:1] == b"\xff" else "utf-8-sig"))
    rejected = {number for number, _ in found.rejected}
    counted = sum(line.startswith(ROWS[feed]) for line in lines)
    aside = sum(text.startswith(ROWS[feed]) for _, text in found.rejected)
    made = len(found.rows) + sum(count for reason, count in found.left_out.items() if not reason.startswith(BESIDE))
    if "~" in "".join(line for line in lines if line.startswith("MRG")) and feed == "merges":
        assert made + aside >= counted
    else:
        assert made + aside == counted
    assert all(0 < number <= len(lines) for number in rejected)
    assert len(rejected) == len(found.rejected)
