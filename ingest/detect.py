"""Finds the header among the first rows of a sheet and says which register it is: in one row or in two, merged or not; exact, or
by the nearest known header, which is then a guess."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.guidance import Guidance
from ingest.mapping import Column, Layout, layouts
from ingest.readers.table import Merge, RawRow
from ingest.walk_layout import walk_layouts
from schemas.errors import RegisterError
from schemas.identifiers import clean, normal

PREAMBLE = ("来源", "截至", "虚构数据", "全量")
NEAR_NAME, NEAR, NEAR_ALONE = 0.6, 0.7, 0.8  # how alike headers are: of a name column, of others, of a name column without others
WIDE = 200  # places looked through for what is near
LONGEST = 60  # characters of a header that may be near one
GENERIC = ("名称", "全称", "名", "单位名称")  # below 党组织 it is the 党组织 that is named
HEADING = re.compile("(单位|企业|机构|组织)?(基本)?(情况|信息)")  # groups that say nothing of the columns below them
UNCOUNTED = ("序号", "编号", "行号")  # columns that nobody misses
NOTE = re.compile(r"^(.+?)\s*[（(【\[]([^（(【\[\]】)）]*)[\]】)）]$")  # 员工人数（人）
HARMLESS = re.compile(r"全称|名称|[必选]填|可?多选|单选|如有|[人名个家户]|(\d\d|十八)位|年([-/.、]?月)?([-/.、]?日)?|[是有]/[否无]|√|盖章")
# what such columns hold is no body, whatever they are near to: 党组织书记 is no 党组织, 注册地址 no 注册地
NO_BODY = re.compile("^(是否|有无)|(地址|书记|负责人|联系人|代表人|姓名|电话|方式|类型|类别|性质|级别|时间|日期|年月|数量?|情况|面积)$")
UNITS = ["Enterprise", "SocialOrganization"]
BOTH = ("企业和社会组织在一张表里：信用代码以 5 或 31 开头的，和类别写明是社会组织的，看作社会组织，其余各行看作企业",)
OTHERS = ("上级党组织", "所在党组织", "牵头单位", "联系单位", "联建单位", "所属社区", "所在社区")  # and these are other bodies


@dataclass(frozen=True)
class Header:
    """``at``: place of the first header row; ``span``: 1 or 2 rows. ``headers`` as people would say them, by place; ``columns``
    what they mean; ``guesses`` in words what is not certain."""

    at: int
    span: int
    headers: tuple[str, ...]
    layout: Layout
    columns: tuple[Column | None, ...]
    guesses: tuple[str, ...] = ()
    grouped: bool = False  # whether texts of the upper row stand, merged, for several of the lower
    beside: Header | None = None  # the same read as a register of social organisations, where some rows may be of those

    @property
    def score(self) -> int:
        """How many columns are known, those among them that are known to be of no use here."""
        return sum(c is not None or normal(h) in self.layout.ignored for h, c in zip(self.headers, self.columns, strict=True))

    @property
    def fingerprint(self) -> str:
        """The same for every file with these headers in this order."""
        return hashlib.sha256("\x1f".join(map(normal, self.headers)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def find(top: Sequence[RawRow], merges: Sequence[Merge], names: Sequence[str], where: str, guidance: Guidance) -> Header:
    """The header of a table. ``names``: of the sheet, its titles, the file: they tell registers apart whose headers do not.

    Raises RegisterError: none found (with the nearest), or several that fit as well."""
    sheet = names[0] if names else ""
    own = [o for o in guidance.layouts if not o.sheet or not sheet or normal(o.sheet) == normal(sheet)]
    known = [*own, *layouts(), *walk_layouts(c for row in top for c in row.cells)]
    places = list(_places(top, merges))
    exact = [h for layout in known for h in _headers(places, layout)]
    if exact:
        return _nearer(_best(exact, names, where))
    near = [h for layout in known for h in _by_nearest_name(top, layout)]
    if near:
        return _nearer(_best(near, names, where))
    raise RegisterError("register.header", "没有找到登记表的表头", where=where,
                        hint="表头须有名称列，如 企业名称、党组织名称、楼宇名称；或 起点类别、起点、关系、终点类别、终点")


def _best(found: list[Header], names: Sequence[str], where: str) -> Header:
    """The header that knows the most columns, the first of them, one's own layout before a bundled one."""
    best = [h for h in found if _rank(h) == max(map(_rank, found))]
    if len(best) == 1:
        return best[0]
    names = [names[0], *names[1:1 + best[0].at], names[-1]]  # of the sheet, what stands above the header, of the file
    told = [h for h in best if any(_stem(h.layout) in normal(n) for n in names)]
    if sorted(h.layout.kind for h in best) == UNITS and len(told) != 1:
        one, other = sorted(best, key=lambda h: h.layout.kind)
        return replace(one, beside=other, guesses=(*one.guesses, *BOTH))
    if told:
        longest = max(told, key=lambda h: len(_stem(h.layout)))
        return replace(longest, guesses=(*longest.guesses, f"按标题、工作表名或文件名看作{longest.layout.label}"))
    raise RegisterError("register.which", f"分不清是哪种登记表：{'、'.join(h.layout.label for h in best)}", where=where,
                        hint=f"请把名称列写明，如 {'、'.join(h.layout.names[0] for h in best[:3])}")


def _rank(h: Header) -> tuple[int, bool, bool, int, int, bool]:
    """The more columns known the better; then a name that says of what, as 楼宇名称 does and 名称 does not."""
    specific = any(c and c.meaning == "name" and normal(c.called) == normal(h.layout.names[0]) for c in h.columns)
    return h.score, specific, h.grouped, -h.span, -h.at, h.layout.own


def _stem(layout: Layout) -> str:
    return normal(layout.label.removesuffix("登记表"))


Place = tuple[int, int, bool, list[tuple[str, ...]], set[str]]  # place of the first row, span, grouped, texts, all texts normalised


def _places(top: Sequence[RawRow], merges: Sequence[Merge]) -> Iterator[Place]:
    """Every row, and every two rows one below the other, as they may be a header."""
    for at, row in enumerate(top):
        single: list[tuple[str, ...]] = [(clean(c),) for c in row.cells]
        pairs = [(1, False, single)]
        if at + 1 < len(top) and (texts := two_rows(row, top[at + 1], merges)):
            pairs.append((2, bool(_groups(row, top[at + 1], merges)), texts))
        yield from ((at, span, grouped, texts, {normal(x) for ts in texts for t in ts if t for x in (t, bare(t)[0])})
                    for span, grouped, texts in pairs)


def bare(header: str) -> tuple[str, str]:
    """A header without the note behind it, and the note: 员工人数（人）, 企业名称（全称）."""
    match = NOTE.match(header) if header.endswith(("）", ")", "】", "]")) and len(header) <= LONGEST else None
    return (match[1], match[2].strip()) if match else (header, "")


def _headers(places: Sequence[Place], layout: Layout) -> Iterator[Header]:
    """The places that have the name column of a layout."""
    names = {n for n, c in layout.columns.items() if c.meaning in ("name", "source")} | set(map(normal, layout.names))
    for at, span, grouped, texts, all_texts in places:
        if not names.isdisjoint(all_texts):
            yield from (replace(h, grouped=grouped) for h in _named(at, span, texts, layout))


def _named(at: int, span: int, texts: Sequence[tuple[str, ...]], layout: Layout) -> Iterator[Header]:
    """The header, if the name is among its columns. ``texts``: for each place what may be its header, the likeliest first."""
    meant = [_meant(t, layout) for t in texts]
    guesses = () if layout.own else tuple(f"“{t[0]}”看作“{h}”列" for t, (h, c) in zip(texts, meant, strict=True)
                                          if c and h != t[0] and c.meaning == "name")
    doubtful = _without_notes(texts, meant, layout)
    columns = tuple(c and replace(c, header=h) for h, c in meant)
    if any(c and c.meaning in ("name", "source") for c in columns):
        yield Header(at, span, tuple(h for h, _ in meant), layout, columns, (*guesses, *doubtful))


def _without_notes(texts: Sequence[tuple[str, ...]], meant: list[tuple[str, Column | None]], layout: Layout) -> list[str]:
    """Fill in ``meant`` what is known but for a note behind it, where the table has no such column; what of that is a guess."""
    guesses, taken = list[str](), {c.asserts for _, c in meant if c}
    for i, each in enumerate(texts):
        for text, (plain, note) in ((t, bare(t)) for t in each if not meant[i][1] and normal(t) not in layout.ignored):
            column = layout.column(plain) if note and not layout.column(note) else None
            if column and column.asserts not in taken:
                taken.add(column.asserts)
                meant[i] = text, column
                if not HARMLESS.fullmatch(unicodedata.normalize("NFKC", note)):
                    guesses.append(f"“{text}”看作“{column.called}”")
                break
    return guesses


def _meant(texts: tuple[str, ...], layout: Layout) -> tuple[str, Column | None]:
    for text in texts:
        if text and (column := layout.column(text)):
            return text, column
    return texts[0], None


def two_rows(upper: RawRow, lower: RawRow, merges: Sequence[Merge]) -> list[tuple[str, ...]]:
    """What may be the header of each place: both texts joined, then the lower one (the upper, where the lower says 名称); a single
    text where there is only one. Empty, where these are no two rows of one header."""
    if lower.number != upper.number + 1 or next((c for c in map(clean, upper.cells) if c), "") in PREAMBLE:
        return []
    wide = max(len(upper.cells), len(lower.cells))
    above, below = ([clean(c) for c in r.cells] + [""] * (wide - len(r.cells)) for r in (upper, lower))
    if not any(below[i] and not above[i] for i in range(wide)):
        return []
    spans = {m.left: m.right for m in merges if m.top == upper.number - 1 and m.right > m.left}
    found, last, until = list[tuple[str, ...]](), "", -1
    for i in range(wide):
        if above[i]:
            last, until = above[i], spans.get(i, i if spans else wide)
        text = above[i] or (last if i <= until and below[i] else "")
        if not text or not below[i] or text == below[i]:
            found.append((text or below[i],))
        elif HEADING.fullmatch(text):
            found.append((below[i],))
        else:
            found.append((text + below[i], text if below[i] in GENERIC else below[i]))
    return found


def _groups(upper: RawRow, lower: RawRow, merges: Sequence[Merge]) -> list[Merge]:
    """The merges of the upper row that have several texts below, but for a title over them all."""
    texts = [i for i, c in enumerate(lower.cells) if clean(c)]
    own = [m for m in merges if m.top == m.bottom == upper.number - 1]
    return [m for m in own if 1 < sum(m.left <= i <= m.right for i in texts) < 0.8 * len(texts)]


# -- what is near ------------------------------------------------------------------------------------------------------------


def _by_nearest_name(top: Sequence[RawRow], layout: Layout) -> Iterator[Header]:
    """Rows whose name column is only nearly called as it should be, and that have another column of the layout."""
    for at, row in enumerate(top):
        headers = tuple(clean(c) for c in row.cells)
        columns = [layout.column(h) if h else None for h in headers]
        alike = NEAR_NAME if any(columns) else NEAR_ALONE
        near = [(i, m[0]) for i, h in enumerate(headers[:WIDE]) if h and len(h) <= LONGEST and not columns[i]
                and (m := difflib.get_close_matches(h, layout.names, 1, alike))]
        if near:
            i, name = near[0]
            columns[i] = layout.column(name)
            shown = tuple(c and replace(c, header=h) for h, c in zip(headers, columns, strict=True))
            yield Header(at, 1, headers, layout, shown, (f"“{headers[i]}”看作“{name}”",))


def _nearer(header: Header) -> Header:
    """Unknown headers that resemble a column which the table has not: a guess."""
    if header.layout.kind == "":
        return header
    columns, guesses = list(header.columns), list(header.guesses)
    for i, text in enumerate(header.headers[:WIDE]):
        if columns[i] or not text or normal(text) in (*header.layout.ignored, *map(normal, UNCOUNTED)):
            continue
        if column := _nearest(text, header.layout, columns):
            guesses.append(f"“{text}”看作“{column.header}”")
            columns[i] = replace(column, header=text)
    beside = header.beside and _nearer(header.beside)
    return replace(header, columns=tuple(columns), guesses=tuple(guesses), beside=beside)


def _nearest(text: str, layout: Layout, taken: Sequence[Column | None]) -> Column | None:
    if len(text) > LONGEST:
        return None
    if normal(text) in OTHERS:
        return None
    no_body = NO_BODY.search(bare(text)[0])
    free = {n: c for n, c in layout.columns.items() if not any(t and t.asserts == c.asserts for t in taken)
            and not (no_body and c.meaning in ("name", "relation"))}
    close = difflib.get_close_matches(normal(text), free, 1, NEAR)
    return free[close[0]] if close else None
