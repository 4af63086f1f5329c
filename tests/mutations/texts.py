"""Mutations of the written text: delimiters, quotes, line ends, lines and headers."""

import csv
from random import Random

from tests.mutations.good import SENTINEL, Extract, Mutant, Mutation, written

ENDS = ("\n", "\r\n", "\r")
DELIMITERS = (";", "\t", "|", " ", ":", ";,")


def other_delimiter(random: Random, extract: Extract) -> Mutant:
    mark = random.choice(DELIMITERS)
    return written("other delimiter", extract.text().replace(",", mark))


def other_delimiter_in_a_line(random: Random, extract: Extract) -> Mutant:
    lines = extract.text().splitlines(True)
    place = random.randrange(1, len(lines))
    lines[place] = lines[place].replace(",", random.choice(DELIMITERS[:5]))
    return written("other delimiter in a line", "".join(lines), len(extract.rows))


def line_ends_mixed(random: Random, extract: Extract) -> Mutant:
    text = "".join(line + random.choice(ENDS) for line in extract.text().splitlines())
    return written("line ends mixed", text, len(extract.rows))


def one_line_end(random: Random, extract: Extract) -> Mutant:
    return written("one line end", extract.text(line_end=random.choice(ENDS)), len(extract.rows))


def blank_lines(random: Random, extract: Extract) -> Mutant:
    lines = extract.text(line_end=(end := random.choice(ENDS))).splitlines(True)
    for _ in range(random.randrange(1, 5)):
        lines.insert(random.randrange(1, len(lines) + 1), end)
    return written("blank lines", "".join(lines), len(extract.rows))


def all_quoted(_: Random, extract: Extract) -> Mutant:
    return written("all quoted", extract.text(quoting=csv.QUOTE_ALL), len(extract.rows))


def quote_put_in(random: Random, extract: Extract) -> Mutant:
    text = extract.text()
    place = random.randrange(text.index("\n") + 1, len(text))
    return written("quote put in", text[:place] + '"' + text[place:], len(extract.rows))


def quotes_put_in(random: Random, extract: Extract) -> Mutant:
    text = extract.text()
    for _ in range(random.randrange(2, 6)):
        place = random.randrange(len(text))
        text = text[:place] + '"' + text[place:]
    return written("quotes put in", text)


def cells_added(random: Random, extract: Extract) -> Mutant:
    lines = extract.text().splitlines()
    place = random.randrange(1, len(lines))
    lines[place] += f",{SENTINEL}" * random.choice((1, 2, 100))
    return written("cells added to a line", "\n".join(lines), len(extract.rows))


def commas_trailing(random: Random, extract: Extract) -> Mutant:
    header, *lines = extract.text().splitlines()
    lines = [header, *(line + "," * random.randrange(4) for line in lines)]
    return written("commas trailing", "\n".join(lines), len(extract.rows))


def cells_lost(random: Random, extract: Extract) -> Mutant:
    lines = extract.text().splitlines()
    place = random.randrange(1, len(lines))
    lines[place] = lines[place].rsplit(",", random.randrange(1, len(extract.header)))[0]
    return written("cells lost from a line", "\n".join(lines), len(extract.rows))


def cut_short(random: Random, extract: Extract) -> Mutant:
    text = extract.text()
    return written("cut short", text[: random.randrange(len(text))])


def lines_joined(random: Random, extract: Extract) -> Mutant:
    lines = extract.text().splitlines(True)
    place = random.randrange(1, len(lines) - 1)
    lines[place] = lines[place].rstrip("\n")
    return written("two lines joined", "".join(lines), len(extract.rows) - 1)


def line_broken(random: Random, extract: Extract) -> Mutant:
    lines = extract.text().splitlines()
    place, where = random.randrange(1, len(lines)), random.randrange(1, 20)
    lines[place] = lines[place][:where] + random.choice(ENDS) + lines[place][where:]
    return written("a line broken in two", "\n".join(lines), len(extract.rows) + 1)


def lines_shuffled(random: Random, extract: Extract) -> Mutant:
    lines = list(extract.rows)
    random.shuffle(lines)
    return written("rows shuffled", extract.with_rows(lines).text(), len(extract.rows))


def line_repeated(random: Random, extract: Extract) -> Mutant:
    rows = [*extract.rows, random.choice(extract.rows)]
    return written("a row repeated", extract.with_rows(rows).text(), len(rows))


def header_again(random: Random, extract: Extract) -> Mutant:
    rows: list[tuple[str, ...]] = list(extract.rows)
    rows.insert(random.randrange(len(rows) + 1), extract.header)
    return written("the header again", extract.with_rows(rows).text(), len(rows))


def line_before_the_header(random: Random, extract: Extract) -> Mutant:
    line = random.choice(("\n", "sep=,\n", "# export\n", f"{SENTINEL} export of 2012\n", "\n\n"))
    return written("a line before the header", line + extract.text())


def line_behind_the_rows(random: Random, extract: Extract) -> Mutant:
    line = random.choice(("6 rows", "# end", "\x1a", "   ", f"{SENTINEL} total", "-" * 200))
    return written("a line behind the rows", extract.text() + line, len(extract.rows) + 1)


MUTATIONS: tuple[Mutation, ...] = (
    other_delimiter,
    other_delimiter_in_a_line,
    line_ends_mixed,
    one_line_end,
    blank_lines,
    all_quoted,
    quote_put_in,
    quotes_put_in,
    cells_added,
    commas_trailing,
    cells_lost,
    cut_short,
    lines_joined,
    line_broken,
    lines_shuffled,
    line_repeated,
    header_again,
    line_before_the_header,
    line_behind_the_rows,
)
