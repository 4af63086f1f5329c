"""Whether XML parts of a workbook are whole: of a broken one calamine skips what it cannot read, and says nothing."""

import re
import zipfile
from xml.parsers import expat

BLOCK = 1 << 20
CONTROLS = bytes(code if code > 31 or code in b"\t\n\r" else 32 for code in range(256))
"""Characters that XML forbids and cells have nonetheless, as blanks."""
REFERENCE = re.compile(rb"&#x?[0-9A-Fa-f]+;")
WIDE = (b"\xff\xfe", b"\xfe\xff")


def is_whole(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether each element of a part ends where it should."""
    parser = expat.ParserCreate()
    with archive.open(part) as content:
        try:
            while block := content.read(BLOCK):
                parser.Parse(block if block[:2] in WIDE else REFERENCE.sub(b" ", block.translate(CONTROLS)), False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            return False
    return True
