"""Whether a file is what its name says: offices rename, export HTML as .xls, and copy files half."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import NoReturn

from schemas.errors import RegisterError

OTHER_OFFICE = (".xlsb", ".ods", ".ett", ".xlt", ".xltx", ".xltm", ".doc", ".docx", ".wps", ".pdf", ".ofd")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARK = re.compile(rb"\A(\xef\xbb\xbf|\xff\xfe|\xfe\xff)")
OTHERS = ((b"mime-version:", "网页（MHT）"), (b"{\\rtf", "RTF 文档"), (b"%pdf", "PDF 文档"), (b"rar!", "压缩包"), (b"7z\xbc\xaf", "压缩包"),
          (b"\x1f\x8b", "压缩包"))
HEAD, CHUNK = 4096, 1 << 20  # bytes
MARKUP = re.compile(rb"\s*<(!doctype\s+html|html|head|body|table|meta|\?xml|workbook)", re.I)
SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再导入"
PASSWORD = "请用 Excel 或 WPS 打开，取消打开密码（文件—信息—保护工作簿），保存后再导入"  # noqa: S105 - tells of passwords, holds none


def check(path: Path, suffix: str) -> None:
    """Raise RegisterError where the content is something else than the extension says, or nothing."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not MARK.sub(b"", head).strip(b"\0 \t\r\n"):  # NULs are what a disk holds where a file was never written
        raise RegisterError("register.empty", "文件是空的", where=path.name, hint="请检查是否选错了文件，或文件是否没有下载完")
    workbook = suffix in (".xlsx", ".xlsm", ".xls", ".et")
    if head.startswith(ZIP):
        _zipped(path, suffix)
    elif head.startswith(OLE):
        _compound(path, suffix)
    elif workbook and not head.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")):  # BIFF before it had streams
        _text(path, head, suffix)


def _zipped(path: Path, suffix: str) -> None:
    if suffix in (".xlsx", ".xlsm"):
        return
    found = _inside(path)
    if found == ".xlsx":
        _named_wrongly(path, suffix, "Excel 工作簿（.xlsx）", ".xlsx")
    raise RegisterError("register.extension", f"扩展名是 {suffix}，内容却是{_what(found)}", where=path.name, hint=SAVE_AS)


def _inside(path: Path) -> str:
    """The extension that a zip archive should have; "" where that cannot be told."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):  # the last: packed in a way that zipfile does not know
        return ""
    marks = (("xl/workbook.bin", ".xlsb"), ("xl/", ".xlsx"), ("word/", ".docx"), ("ppt/", ".pptx"), ("content.xml", ".ods"))
    return next((extension for mark, extension in marks if any(n.startswith(mark) for n in names)), "")


def _what(extension: str) -> str:
    told = {".xlsb": "二进制工作簿（.xlsb）", ".docx": "Word 文档", ".pptx": "演示文稿", ".ods": "ODS 电子表格"}
    return told.get(extension, "压缩包")


def not_a_workbook(path: Path) -> NoReturn:
    """Raise what is wrong with a zip archive that has no workbook in it."""
    what = _what(_inside(path))
    raise RegisterError("register.extension", f"扩展名是 {path.suffix.lower()}，内容却是{what}", where=path.name, hint=SAVE_AS)


def _compound(path: Path, suffix: str) -> None:
    """Files of the old formats, and encrypted ones of the new, are small file systems; their parts are named in UTF-16."""
    parts = {name for name in ("EncryptedPackage", "Workbook", "Book", "WordDocument") if _holds(path, name.encode("utf-16-le"))}
    if "EncryptedPackage" in parts:
        raise RegisterError("register.password", "文件设有打开密码，无法读取", where=path.name, hint=PASSWORD)
    if not parts:
        _damaged(path, suffix)
    if not parts & {"Workbook", "Book"}:
        raise RegisterError("register.extension", f"扩展名是 {suffix}，内容却是 Word 文档", where=path.name, hint=SAVE_AS)
    if suffix not in (".xls", ".et"):
        _named_wrongly(path, suffix, "旧版 Excel 工作簿（.xls）", ".xls")


def _holds(path: Path, part: bytes) -> bool:
    kept = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if part in kept + chunk:
                return True
            kept = chunk[-len(part):]
    return False


def _text(path: Path, head: bytes, suffix: str) -> None:
    """No workbook at all, though it is named so."""
    utf_16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    plain = head.decode("utf-16", "ignore").encode() if utf_16 else head.removeprefix(b"\xef\xbb\xbf")
    if MARKUP.match(plain):
        what = "XML 表格" if plain.lstrip()[:5].lower() == b"<?xml" and b"<html" not in plain.lower() else "网页（HTML）"
        raise RegisterError("register.extension", f"扩展名是 {suffix}，内容却是{what}，多半是从网页系统导出的", where=path.name,
                            hint=SAVE_AS)
    if other := next((what for mark, what in OTHERS if plain.lstrip()[:16].lower().startswith(mark)), ""):
        raise RegisterError("register.extension", f"扩展名是 {suffix}，内容却是{other}", where=path.name, hint=SAVE_AS)
    if utf_16 or b"\0" not in head:
        _named_wrongly(path, suffix, "文本（CSV）", ".csv")
    _damaged(path, suffix)


def _damaged(path: Path, suffix: str) -> NoReturn:
    raise RegisterError("register.damaged", f"不是有效的 {suffix} 文件，或已损坏", where=path.name,
                        hint=f"请重新下载或拷贝这个文件；还能打开的，{SAVE_AS[1:]}")


def _named_wrongly(path: Path, suffix: str, what: str, right: str) -> NoReturn:
    raise RegisterError("register.extension", f"扩展名是 {suffix}，内容却是{what}", where=path.name,
                        hint=f"请把扩展名改为 {right}（{path.stem}{right}）后再导入")
