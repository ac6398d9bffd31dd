"""Tables on terminals of any width: nothing is cut, no code or number is broken, no line is longer than the terminal."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from api.output.paper import Paper

TITLES = ("范围", "代号", "单位", "覆盖率", "单独组建", "组织覆盖", "工作覆盖")
ROWS = (("民营", "key-building-worker", "5", "20-100%", "20-100%", "20-100%", "0-100%"),
        ("有3名以上正式党员的单位应单独建立党组织（应建未建）", "no-coverage", "11", "45.5-100%", "45.5-100%", "45.5-100%", ""))


def printed(width: int) -> list[str]:
    out = io.StringIO()
    Paper(Console(file=out, width=width, highlight=False, emoji=False, markup=False)).table(TITLES, ROWS, numbers=range(2, 7))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100, 160])
def test_nothing_is_cut_or_broken(width: int) -> None:
    lines = printed(width)
    assert max(map(cell_len, lines)) <= width
    words = " ".join(lines).split()
    for row in ROWS:
        assert [cell for cell in row[1:] if cell and cell not in words] == []
    assert "民营" in words
    assert all(part in "".join(lines) for part in ("有3名以上", "应建未建）"))


def test_a_table_where_there_is_room_else_a_value_after_its_title() -> None:
    assert printed(160)[0].split() == list(TITLES)
    assert "    代号 key-building-worker  单位 5" in printed(60)[1]
    assert not any(line.lstrip().startswith("）") for line in printed(100)), "no closing mark at the start of a line"
