"""Names as they fit into a box: without invisible characters, wrapped like Chinese text, cut with an ellipsis.

Widths are in em and computed here, so that the same data give the same picture on every machine.
"""

from __future__ import annotations

import unicodedata

CLOSING = "，。、；：！？）》”’」】…,.;:!?)]}%"  # no line begins with these
OPENING = "（《“‘「【(["  # nor ends with these
LATIN, DIGIT, SPACE, FULL, EMOJI = 0.62, 0.57, 0.3, 1.0, 1.3


def clean(text: str) -> str:
    """Without control, bidirectional and other invisible characters, which could make a picture say something else."""
    kept = (" " if c in "\t\r\n\u2028\u2029" else c for c in text if c in "\t\r\n\u2028\u2029" or unicodedata.category(c) not in
            ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join("".join(kept).split())


def em(text: str) -> float:
    return sum(map(_em, text))


def _em(c: str) -> float:
    if unicodedata.combining(c) or unicodedata.category(c) == "Mn":
        return 0.0
    if ord(c) >= 0x1F000:
        return EMOJI
    if unicodedata.east_asian_width(c) in "WFA":
        return FULL
    return DIGIT if c.isdigit() else SPACE if c == " " else LATIN


def wrap(text: str, width: float, lines: int) -> list[str]:
    """At most ``lines`` lines of at most ``width`` em, of about equal length. Line breaks in ``text`` are kept; of the part
    before the first one (a name) what does not fit ends in an ellipsis."""
    name, *rest = (_balanced(clean(part), width) for part in text.split("\n"))
    below = [line for part in rest for line in part]
    room = max(1, lines - len(below))
    if len(name) > room:
        last = name[room - 1]
        while last and em(last) + FULL > width:
            last = last[:-1]
        name = [*name[:room - 1], last + "…"]
    return [*name, *below]


def _balanced(text: str, width: float) -> list[str]:
    full = _filled(text, width)
    if len(full) < 2:
        return full
    even = _filled(text, max(em(text) / len(full) + FULL, width * 0.5))
    return even if len(even) == len(full) and all(em(line) <= width for line in even) else full


def _filled(text: str, width: float) -> list[str]:
    lines, line = list[str](), ""
    for piece in _pieces(text, width):
        if line and em(line) + em(piece) > width:
            moved = ""
            while len(line) > 1 and (line[-1] in OPENING or (piece[0] in CLOSING and not moved)):
                moved, line = line[-1] + moved, line[:-1]
            lines.append(line.rstrip())
            line = moved
        line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str, width: float) -> list[str]:
    """Single wide characters, and Latin words as a whole where they fit into a line."""
    pieces, word = list[str](), ""
    for c in text:
        narrow = _em(c) in (LATIN, DIGIT, 0.0) and c != " "
        if narrow and em(word) + _em(c) <= width:
            word += c
            continue
        if word:
            pieces.append(word)
        word = c if narrow else ""
        if not narrow:
            pieces.append(c)
    return [*pieces, word] if word else pieces
