"""Layouts of one's own: a TOML file says which of its headers is which column, for one sheet or several.

    name = "某街道企业台账"          # by which `export --layout` asks for it; without: the file's name
    source = "某街道办事处"          # for files that do not say it

    [[sheet]]
    sheet = "企业台账"               # without: any sheet
    kind = "企业"                    # 企业, 楼宇 ...; 关系 for a register of relationships
    title = "某街道企业台账"         # written above the header of an export

    [sheet.columns]                  # in order; "" is not imported
    "序号" = ""
    "单位全称" = "企业名称"
    "帮扶支部" = { relation = "被覆盖于", to = ["党组织"], many = true }
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.mapping import Column, Layout, layouts
from ingest.privacy import refuse_personal
from ingest.sheets import COLUMNS
from schemas.errors import RegisterError
from schemas.identifiers import clean, normal
from schemas.kinds import KINDS, kinds_named
from schemas.relations import RELATIONS, Relation
from schemas.validation import SIZE, in_chinese, text_of, toml_of


class Related(BaseModel):
    """A column of relationships. ``relation``: the name or label of the type, or its reverse label; the label says the direction."""

    model_config = ConfigDict(extra="forbid")
    relation: str
    to: tuple[str, ...]
    role: str = ""
    many: bool = False


class Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sheet: str = ""
    kind: str
    title: str = ""
    columns: dict[str, str | Related]


class File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = ""
    source: str = ""
    sheet: tuple[Sheet, ...]


@dataclass(frozen=True)
class Ledger:
    """A mapping file as read: the layouts of its sheets, in order. A bundled layout is a ledger of one sheet."""

    name: str
    source: str
    sheets: tuple[Layout, ...]


def read_ledger(path: Path) -> Ledger:
    """Raises RegisterError, naming file, sheet and column."""
    try:
        text = text_of(path)
    except UnicodeDecodeError:
        _wrong(path, "不是 UTF-8 编码")
    except (OSError, ValueError):  # ValueError: a NUL in the path
        raise RegisterError("mapping.missing", "没有或无法读取映射文件", where=path.name, hint="请检查路径") from None
    if text is None:
        _wrong(path, f"映射文件超过 {SIZE >> 20} MB")
    return ledger_of(text, path)


def ledger_of(text: str, path: Path) -> Ledger:
    """The text of a mapping file, or of the mapping that a workbook holds. Raises RegisterError, naming file, sheet and column."""
    try:
        told = File.model_validate(toml_of(text))
    except ValidationError as error:
        deepest = max(error.errors(), key=lambda e: len(e["loc"]))  # a column may be text or a table: the one meant goes deeper
        _wrong(path, f"{'.'.join(map(str, deepest['loc'])) or '内容'}：{in_chinese(deepest)}")
    except ValueError as error:
        _wrong(path, *error.args)
    if not told.sheet:
        _wrong(path, "没有 [[sheet]]")
    name = clean(told.name) or path.stem
    return Ledger(name, told.source, tuple(_layout(s, name, i, path) for i, s in enumerate(told.sheet)))


def read_ledgers(folder: Path) -> tuple[Ledger, ...]:
    """All mapping files of a folder, by name."""
    if not folder.is_dir():
        raise RegisterError("mapping.folder", f"没有映射文件夹 {folder}", hint="请检查设置 JINGLUO_MAPPINGS")
    return tuple(read_ledger(p) for p in sorted(folder.glob("*.toml")))


def ledger_named(text: str, own: Sequence[Ledger]) -> Ledger:
    """A ledger by its name; else a bundled register by kind, label or layout name. Raises RegisterError with those there are."""
    for ledger in own:
        if normal(ledger.name) == normal(text):
            return ledger
    for layout in layouts():
        label = KINDS[layout.kind].label if layout.kind else "关系"
        if normal(text) in map(normal, (layout.name, layout.label, layout.kind or "relation", label)):
            return Ledger(layout.label, "", (layout,))
    known = [x.name for x in own] + [KINDS[x.kind].label if x.kind else "关系" for x in layouts()]
    raise RegisterError("layout.unknown", f"没有名为“{text}”的格式", hint=f"可用：{'、'.join(known)}；或用 --mapping 给出映射文件")


def _wrong(path: Path, why: str, hint: str = "请照 docs/registers.md“自己的格式”一节改正") -> NoReturn:
    place = "" if path.suffix.lower() == ".toml" else f" 隐藏的工作表“{COLUMNS}”"
    raise RegisterError("mapping.file", why, where=path.name + place, hint=hint) from None


def _layout(sheet: Sheet, name: str, number: int, path: Path) -> Layout:
    base = _base(sheet.kind, path)
    refuse_personal([h for h, told in sheet.columns.items() if told], path.name)
    order = tuple((clean(h), _column(h, told, base, path)) for h, told in sheet.columns.items())
    if len({normal(h) for h, _ in order}) < len(order):
        _wrong(path, f"“{sheet.sheet or base.label}”里同一表头出现了两次")
    for i, (header, column) in enumerate(order):
        if column and (same := next((h for h, c in order[:i] if c and c.asserts == column.asserts), None)):
            _wrong(path, f"“{same}”和“{header}”是同一列")
    own = {normal(h): replace(c, header=h) for h, c in order if c}
    names = tuple(h for h, c in order if c and c.meaning in ("name", "source"))
    if not names:
        _wrong(path, f"没有写明哪一列是“{base.names[0]}”")
    ignored = frozenset(normal(h) for h, c in order if not c)
    return replace(base, name=f"{name}#{number}", label=base.label, names=names, columns={**base.columns, **own}, own=True,
                   sheet=sheet.sheet, title=sheet.title, ignored=ignored, order=order)


def _base(kind: str, path: Path) -> Layout:
    for layout in layouts():
        if kind in ((layout.kind, KINDS[layout.kind].label) if layout.kind else ("relation", "关系")):
            return layout
    known = "、".join(k.label for k in KINDS.values())
    _wrong(path, f"没有“{kind}”这一类", f"kind 可填：{known}、关系")


def _column(header: str, told: str | Related, base: Layout, path: Path) -> Column | None:
    if isinstance(told, Related):
        return _related(header, told, base, path)
    if not told:
        return None
    column = base.column(told)
    if column is None:
        _wrong(path, f"“{header}”列：{base.label}没有“{told}”这一列", "列名见 docs/registers.md“各登记表的列”")
    return column


def _related(header: str, told: Related, base: Layout, path: Path) -> Column:
    if not base.kind:
        _wrong(path, f"“{header}”列：关系登记表没有关系列")
    to = tuple(k for t in told.to for k in kinds_named(t))
    for relation in RELATIONS.values():
        for forward, names in ((True, (relation.name, relation.label)), (False, (relation.reverse,))):
            if told.relation in names and to and set(to) <= set(relation.others(base.kind, forward)):
                return Column(header, "relation", None, relation.name, forward, to, _role(header, told, relation, path), told.many)
    label = KINDS[base.kind].label
    _wrong(path, f"“{header}”列：{label}不能以“{told.relation}”连接 {'、'.join(told.to)}", "关系名称见 docs/registers.md，或用反方向的名称")


def _role(header: str, told: Related, relation: Relation, path: Path) -> str:
    roles: dict[str, Any] = {**{label: role for role, label in relation.roles.items()}, **{role: role for role in relation.roles}, "": ""}
    if told.role not in roles:
        _wrong(path, f"“{header}”列：“{relation.label}”没有角色“{told.role}”", f"可填：{'、'.join(relation.roles.values())}")
    return str(roles[told.role])
