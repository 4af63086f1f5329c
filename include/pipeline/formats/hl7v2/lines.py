"""The lines of a file of messages, decoded strictly in the encoding that the messages, or the profile, say.

Segments end with CR, LF or CRLF; frames of MLLP (VT, FS) count as line ends, too. An encoding cannot be guessed, but a
wrong one can be seen: bytes that it has not, control characters where it has no letters, text that is UTF-8 throughout.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from include.basics.errors import RegistryError
from include.pipeline.formats.hl7v2.grammar import words
from include.pipeline.staging.content import NOT_GZIP, open_bytes
from include.pipeline.staging.limits import limits, too_large

BLOCK = 1 << 20
HEAD = 1 << 16
MSH = re.compile(r"(?:\A|[\r\n\v\x1c])MSH([^\r\n\v\x1c]*)")
SIGNS = re.compile("[^A-Z0-9]")
CONTROLS = re.compile("[\x80-\x9f]")
FRAMES = {0x0B: "\n", 0x1C: "\n"}
SELF_CHECKING = ("ascii", "utf-8", "utf-16", "gb18030", "big5")


class Lines:
    """A file's lines without their ends, in blocks; one that is longer than the registry takes is cut behind that."""

    def __init__(self, file: Path, feed: str, encoding: str | None = None) -> None:
        self.file = file
        self.feed = feed
        self.given = self._known(encoding) if encoding else None
        try:
            with self._opened() as content:
                head = content.read(HEAD)
        except NOT_GZIP:
            raise self.refused("is not a whole gzip file") from None
        self.encoding = self._encoding(head)
        self.codec = _codec(self.encoding, head)

    def __iter__(self) -> Iterator[list[str]]:
        tail, ended = "", False
        for text in self._texts():
            whole = text[1:] if ended and text.startswith("\n") else text
            ended = text.endswith("\r")
            *lines, tail = (tail + _with_line_feeds(whole)).split("\n")
            tail = tail[: limits().longest_line + 1]
            if lines:
                yield lines
        yield [tail]

    def refused(self, why: str) -> RegistryError:
        """The error of a file that cannot be read as a whole."""
        return RegistryError("REG-301", f"A file of {self.feed} of HL7 v2 {why}.")

    def check(self, charset: str) -> None:
        """Check what a message says in MSH-18; raises RegistryError REG-301 when it is another encoding."""
        named = self._named(charset) if charset else self.encoding
        if named != self.encoding and self.encoding not in words()["wider"].get(named, []):
            raise self.refused("says in MSH-18 another encoding than it is read in")

    def _texts(self) -> Iterator[str]:
        try:
            with self._opened() as content:
                yield from self._decoded(iter(lambda: content.read(BLOCK), b""))
        except UnicodeError:
            raise self.refused("is not in the encoding that MSH-18 or the profile says, else UTF-8") from None
        except NOT_GZIP:
            raise self.refused("is not a whole gzip file") from None

    def _decoded(self, blocks: Iterator[bytes]) -> Iterator[str]:
        decoder, doubt = codecs.getincrementaldecoder(self.codec)(), _Doubt(self)
        size, allowed = 0, limits().allowed(self.file.stat().st_size)
        for block in blocks:
            size += len(block)
            if size > allowed:
                raise too_large(self.feed)
            text = decoder.decode(block)
            doubt.look(block, text)
            if "\0" in text:
                raise self.refused("has NUL characters")
            yield text
        yield decoder.decode(b"", final=True)
        doubt.close()

    def _opened(self) -> BinaryIO:
        try:
            return open_bytes(self.file)
        except OSError:
            raise self.refused("cannot be opened") from None

    def _encoding(self, head: bytes) -> str:
        """The encoding: of the first message that says one, else the profile's, else UTF-8."""
        if b"\0" in head[:8]:
            return "utf-16"
        said = [_charset(found[1]) for found in MSH.finditer(head.decode("latin-1").removeprefix("ï»¿"))]
        named = next((self._named(charset) for charset in said if charset), None)
        if self.given and named and self.given in words()["wider"].get(named, []):
            return self.given
        return named or self.given or "utf-8"

    def _named(self, charset: str) -> str:
        """What MSH-18 means; of a name that nobody knows what the profile says."""
        name = words()["charsets"].get(SIGNS.sub("", charset.upper()).removeprefix("ISO")) or self.given
        if name is None:
            raise self.refused("names an encoding in MSH-18 that the reader does not know")
        return str(name)

    def _known(self, encoding: str) -> str:
        try:
            return codecs.lookup(encoding).name
        except LookupError:
            raise RegistryError("REG-401", "A profile names an encoding that is none.") from None


class _Doubt:
    """Whether text of an encoding that takes any bytes may be of another one."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.is_asked = lines.encoding not in SELF_CHECKING
        self.has_letters = False
        self.utf_8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()

    def look(self, block: bytes, text: str) -> None:
        """Look at a block; raises RegistryError REG-301 when it has control characters where there are no letters."""
        if self.is_asked and not block.isascii():
            self.has_letters = True
            if CONTROLS.search(text):
                raise UnicodeError
        self._try(block)

    def close(self) -> None:
        """Raise UnicodeError when all of the text is UTF-8, too, and not only ASCII."""
        self._try(b"", final=True)
        if self.has_letters and self.utf_8:
            raise UnicodeError

    def _try(self, block: bytes, final: bool = False) -> None:
        if self.is_asked and self.utf_8:
            try:
                self.utf_8.decode(block, final)
            except UnicodeDecodeError:
                self.utf_8 = None


def _with_line_feeds(text: str) -> str:
    if "\v" in text or "\x1c" in text:
        text = text.translate(FRAMES)
    if "\n" in text:
        text = text.replace("\r\n", "\n")
    return text.replace("\r", "\n")


def _charset(msh: str) -> str:
    """MSH-18 of what stands behind MSH."""
    fields = msh.split(msh[0]) if msh else []
    return first_charset(fields[17], fields[1][1:2] or "~") if len(fields) > 17 else ""


def first_charset(said: str, repetition: str) -> str:
    """Of several encodings the first that is named: it is the message's; an empty one before it is the usual one."""
    return next(filter(None, map(str.strip, said.split(repetition))), "")


def _codec(encoding: str, head: bytes) -> str:
    if encoding == "utf-8":
        return "utf-8-sig"
    if encoding != "utf-16" or head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return encoding
    return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
