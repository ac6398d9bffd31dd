"""Declaration files as rows of an import: bodies are named by public ids from here on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from schemas.dates import Precision, number, today
from schemas.dates import read as read_date
from schemas.declarations import Completeness, Count, Doubt, Exemption, read_file
from schemas.errors import DeclarationError
from schemas.validation import SIZE, text_of

AnyDeclaration = Count | Completeness | Exemption | Doubt


@dataclass(frozen=True)
class Declarations:
    """A declaration file as opened; each entry with its 1-based number."""

    path: Path
    source: str
    as_of: int
    as_of_precision: Precision
    synthetic: bool
    entries: tuple[tuple[int, AnyDeclaration], ...]


def open_declarations(path: Path) -> Declarations:
    """Raises DeclarationError, naming the file and the entry."""
    try:
        content = text_of(path)
    except UnicodeDecodeError:
        raise DeclarationError("declaration.encoding", "声明文件应为 UTF-8 编码", where=path.name, hint="请用 UTF-8 编码另存") from None
    except (OSError, ValueError):  # ValueError: a NUL in the path
        raise DeclarationError("declaration.missing", "没有或无法读取声明文件", where=path.name, hint="请检查路径") from None
    if content is None:
        raise DeclarationError("declaration.too-large", f"声明文件超过 {SIZE >> 20} MB", where=path.name, hint="请拆成几个文件")
    file = read_file(content, path.name)
    as_of, precision = read_date(file.as_of) or (0, "day")  # read_file has checked it
    if as_of > number(today()):
        raise DeclarationError("declaration.date", f"as_of“{file.as_of}”在今天之后", where=path.name, hint="请写资料实际截至的日期")
    return Declarations(path, file.source, as_of, precision, file.synthetic, file.declarations)


def with_body(entry: AnyDeclaration, find: Callable[[str], str]) -> AnyDeclaration:
    """The declaration with the body it speaks of named by its public id; ``find`` raises where there is none."""
    if isinstance(entry, Exemption | Doubt):
        return entry.model_copy(update={"body": find(entry.body)})
    return entry
