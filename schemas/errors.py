"""Every error of the product, in one tree.

    JingluoError                     code, message (Chinese), hint, where
    ├── InputError                   what was given is wrong: mend it and ask again      exit 3
    │   ├── MetapathError            a metapath that cannot be read or is not allowed
    │   ├── PolicyError              a policy file
    │   ├── DeclarationError         a declaration file
    │   ├── RegisterError            a register file as a whole (encoding, header, privacy)
    │   ├── QuestionError            an option of a question (date, cursor, scope, rule)
    │   ├── BackupError              a backup: missing, damaged, no backup, or in the way
    │   │   └── NewerBackupError     written by a newer version
    │   ├── ReviewError              a question of the review that there is not, or a decision that cannot be
    │   └── UndoError                a load that cannot be taken back
    ├── UnknownBodyError             no body of that name; carries the nearest           exit 4
    └── StoreError                   the store itself                                    exit 5
        ├── StoreAddressError        no address of a store: mend it and ask again    exit 3
        ├── NotAStoreError           the file is something else
        ├── NewerStoreError          written by a newer version
        ├── StoreBusyError           another process is writing
        ├── StoreMovedError          the data changed while it was read: ask again
        └── StoreTimeoutError        no answer within the time that was given

Rows of a register that are refused are no exceptions: see ``schemas.facts.Reject``.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence

FULL = "磁盘空间不足"
FILE_PROBLEMS = {errno.ENOSPC: FULL, errno.EFBIG: FULL, errno.EDQUOT: FULL, errno.EACCES: "没有权限",
                 errno.ENOENT: "没有这个文件或文件夹", errno.ENAMETOOLONG: "名称太长", errno.EISDIR: "它是文件夹",
                 errno.EROFS: "磁盘是只读的", errno.ENOTDIR: "上级不是文件夹", errno.EEXIST: "已有同名的文件", errno.ELOOP: "链接循环",
                 errno.EPERM: "没有权限", errno.EBUSY: "正被占用", errno.EIO: "磁盘读写出错"}


def why(error: OSError) -> str:
    """What the system says of a file that cannot be read or written."""
    return FILE_PROBLEMS.get(error.errno or 0) or error.strerror or str(error)


class JingluoError(Exception):
    """An error with a stable ``code`` for programs and a Chinese ``message`` and ``hint`` for staff."""

    exit_code = 5

    def __init__(self, code: str, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.where = code, message, hint, where

    def __str__(self) -> str:
        place = f"（{self.where}）" if self.where else ""
        advice = f" → {self.hint}" if self.hint else ""
        return f"[{self.code}] {self.message}{place}{advice}"


class InputError(JingluoError):
    exit_code = 3


class MetapathError(InputError):
    """``position`` is the 0-based character at which the metapath goes wrong."""

    def __init__(self, code: str, message: str, *, text: str = "", position: int = 0, hint: str = "") -> None:
        where = f"第 {position + 1} 个字符：{text[:position]}▶{text[position:]}" if text else ""
        super().__init__(code, message, hint=hint, where=where)
        self.text, self.position = text, position


class PolicyError(InputError):
    pass


class DeclarationError(InputError):
    pass


class RegisterError(InputError):
    pass


class QuestionError(InputError):
    pass


class ReviewError(InputError):
    pass


class UndoError(InputError):
    pass


class BackupError(InputError):
    pass


class NewerBackupError(BackupError):
    pass


class UnknownBodyError(JingluoError):
    """``nearest`` holds (public id, name) of what was probably meant."""

    exit_code = 4

    def __init__(self, text: str, nearest: Sequence[tuple[str, str]] = (), *, several: bool = False) -> None:
        names = "、".join(f"{name}（{public_id}）" for public_id, name in nearest)
        message = f"“{text}”对应多个对象" if several else f"没有找到“{text}”"
        hint = (f"是否指：{names}" if names else "名称的任意一段、简称、信用代码、全拼或拼音首字母都可以查找")
        super().__init__("body.ambiguous" if several else "body.unknown", message, hint=hint)
        self.text, self.nearest = text, tuple(nearest)


class StoreError(JingluoError):
    pass


class StoreAddressError(StoreError):
    exit_code = InputError.exit_code


class NotAStoreError(StoreError):
    pass


class NewerStoreError(StoreError):
    pass


class StoreBusyError(StoreError):
    pass


class StoreMovedError(StoreError):
    pass


class StoreTimeoutError(StoreError):
    pass
