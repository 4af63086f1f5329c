"""Mutations of the bytes and of what they are wrapped in: encodings, NUL, noise, gzip."""

import gzip
import io
import zipfile
from random import Random

from tests.mutations.good import Extract, Mutant, Mutation, written

ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp037", "utf-7")
BAD_UTF8 = (b"\xe8", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80")


def other_encoding(random: Random, extract: Extract) -> Mutant:
    return written("another encoding", extract.text(), encoding=random.choice(ENCODINGS))


def bad_utf8(random: Random, extract: Extract) -> Mutant:
    """Bytes that are not UTF-8 in one row."""
    content = extract.text().encode()
    place = random.randrange(content.index(b"\n") + 1, len(content))
    return Mutant("bytes that are not UTF-8", content[:place] + random.choice(BAD_UTF8) + content[place:], ".csv", None)


def latin_1_everywhere(_: Random, extract: Extract) -> Mutant:
    rows = [(*row[:-1], "réglé") for row in extract.rows]
    return written("Latin-1", extract.with_rows(rows).text(), encoding="latin-1")


def nul(random: Random, extract: Extract) -> Mutant:
    return _with(random, "NUL", extract, b"\0" * random.choice((1, 3)))


def byte_changed(random: Random, extract: Extract) -> Mutant:
    content = bytearray(extract.text().encode())
    for _ in range(random.choice((1, 1, 4, 30))):
        content[random.randrange(len(content))] = random.randrange(256)
    return Mutant("bytes changed", bytes(content))


def noise_put_in(random: Random, extract: Extract) -> Mutant:
    return _with(random, "noise put in", extract, random.randbytes(random.choice((1, 2, 40))))


def bytes_lost(random: Random, extract: Extract) -> Mutant:
    content = extract.text().encode()
    place = random.randrange(len(content))
    return Mutant("bytes lost", content[:place] + content[place + random.choice((1, 1, 5, 60)) :])


def block_repeated(random: Random, extract: Extract) -> Mutant:
    content = extract.text().encode()
    start, end = sorted(random.sample(range(len(content)), 2))
    return Mutant("a block repeated", content[:end] + content[start:])


def noise_alone(random: Random, _: Extract) -> Mutant:
    return Mutant("noise alone", random.randbytes(random.choice((1, 100, 5000))), random.choice((".csv", ".csv.gz")))


def nearly_nothing(random: Random, _: Extract) -> Mutant:
    content = random.choice((b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b" ", b",", b'"', b"\0", b"\x1f\x8b", b"PAR1"))
    return Mutant("nearly nothing", content, random.choice((".csv", ".csv.gz", ".parquet")))


def gzipped(random: Random, extract: Extract) -> Mutant:
    content = extract.text().encode()
    half = random.randrange(len(content))
    parts = (gzip.compress(content[:half]), gzip.compress(b""), gzip.compress(content[half:]))
    return Mutant("gzip in parts", b"".join(parts) + b"\0" * random.choice((0, 512)), ".csv.gz", len(extract.rows))


def gzip_broken(random: Random, extract: Extract) -> Mutant:
    content = bytearray(gzip.compress(extract.text().encode()))
    if random.random() < 0.5:
        return Mutant("gzip cut short", bytes(content[: random.randrange(1, len(content))]), ".csv.gz")
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return Mutant("gzip with a bit changed", bytes(content), ".csv.gz")


def gzip_of_a_broken_text(random: Random, extract: Extract) -> Mutant:
    broken = random.choice((byte_changed, bytes_lost, noise_put_in, bad_utf8))(random, extract)
    return Mutant(f"gzip, {broken.name}", gzip.compress(broken.content), ".csv.gz")


def wrong_ending(random: Random, extract: Extract) -> Mutant:
    content = extract.text().encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", content)
    content = random.choice((content, gzip.compress(content), gzip.compress(gzip.compress(content)), packed.getvalue()))
    return Mutant("another container", content, random.choice((".csv", ".csv.gz", ".parquet")))


def _with(random: Random, name: str, extract: Extract, more: bytes) -> Mutant:
    content = extract.text().encode()
    place = random.randrange(len(content))
    return Mutant(name, content[:place] + more + content[place:])


MUTATIONS: tuple[Mutation, ...] = (
    other_encoding,
    bad_utf8,
    latin_1_everywhere,
    nul,
    byte_changed,
    noise_put_in,
    bytes_lost,
    block_repeated,
    noise_alone,
    nearly_nothing,
    gzipped,
    gzip_broken,
    gzip_of_a_broken_text,
    wrong_ending,
)
