"""The characters that show nothing: they are cut off around a cell, and count for nothing in a unit."""

BLANKS = (
    *range(0x09, 0x0E),
    *(0x20, 0x85, 0xA0, 0xAD, 0x1680, 0x180E),
    *range(0x2000, 0x2010),
    *(0x2028, 0x2029, 0x202F, 0x205F, *range(0x2060, 0x2065), 0x3000, 0xFEFF),
)
"""Code points of Unicode: white space, zero-width characters, soft hyphen, byte-order mark."""

BLANKS_SQL = " || ".join(f"CHR({code})" for code in BLANKS)
"""A SQL expression of them all, the same on both engines."""
