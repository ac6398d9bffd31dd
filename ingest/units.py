"""Ledgers that list enterprises and social organisations below one another (两新组织台账): which rows are of which register."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ingest.detect import Header, bare
from ingest.readers.table import RawRow, Rows
from schemas.identifiers import clean, normal

SORTS = frozenset(("单位类型", "单位类别", "单位性质", "组织类型", "组织类别", "两新类型", "两新类别", "类型", "类别", "性质"))
SOCIAL = re.compile("社会组织|社会团体|社团|基金会|民办非企业|民非|社会服务机构|律师事务所|律所")
SOCIAL_CODE = re.compile("5|31")  # registered by civil affairs; law firms, by justice (GB 32100-2015)


def parted(header: Header, read: Callable[[], Rows], skipped: int) -> list[tuple[Header, Callable[[], Rows]]]:
    """The tables of a header: one, or two, each with its rows below the header, where it lists both sorts of units."""
    if header.beside is None:
        return [(header, read)]
    social = _is_social(header)

    def rows(wanted: bool) -> Rows:
        return (row for i, row in enumerate(read()) if i < skipped or social(row) == wanted)

    beside = replace(header.beside, beside=None, guesses=())
    return [(replace(header, beside=None), lambda: rows(False)), (beside, lambda: rows(True))]


def _is_social(header: Header) -> Callable[[RawRow], bool]:
    codes = [i for i, c in enumerate(header.columns) if c and c.meaning == "credit_code"]
    sorts = [i for i, h in enumerate(header.headers) if normal(bare(h)[0]) in SORTS]

    def is_social(row: RawRow) -> bool:
        texts = [clean(c) for c in row.cells]
        return (any(SOCIAL_CODE.match(texts[i]) for i in codes if i < len(texts))
                or any(SOCIAL.search(texts[i]) for i in sorts if i < len(texts)))

    return is_social
