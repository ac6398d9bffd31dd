"""The file of a backup: two lines that say what it is, the store packed by gzip, and a checksum over all of it.

    JINGLUO BACKUP 1                 the format's version
    {"schema_version": 2, ...}       ``schemas.backups.BackupHeader``
    <gzip>                           an embedded store, a SQLite file
    SHA256 <64 hexadecimal digits>   of everything before this line

Written under another name and renamed when all of it is on the disk, so a file of that name is whole or it is not there.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from graph.engine import Progress
from schemas.backups import FORMAT, BackupHeader
from schemas.errors import BackupError, NewerBackupError, why

MAGIC = b"JINGLUO BACKUP "
SUM = b"\nSHA256 "
TAIL = len(SUM) + 64 + 1
CHUNK = 1 << 20
HEADER_MOST = 1 << 20
LEVEL = 3  # of 9: a store packs to a fifth of its size at the speed of a disk
GZIP = 16 + zlib.MAX_WBITS


def pack(store: Path, header: BackupHeader, to: Path, *, force: bool = False, progress: Progress | None = None) -> str:
    """Write a backup of the store file ``store``; its checksum. ``force``: over a backup that is there.

    Raises BackupError: something is there, or cannot be written."""
    refuse_other(to, force=force)
    with written(to, force=force) as file:
        digest, packer, done = hashlib.sha256(), zlib.compressobj(LEVEL, wbits=GZIP), 0

        def put(data: bytes) -> None:
            digest.update(data)
            file.write(data)

        put(MAGIC + str(FORMAT).encode() + b"\n" + header.model_dump_json().encode() + b"\n")
        with store.open("rb") as source:
            while data := source.read(CHUNK):
                put(packer.compress(data))
                done += len(data)
                if progress:
                    progress(done, header.size)
        put(packer.flush())
        file.write(SUM + digest.hexdigest().encode() + b"\n")
    return digest.hexdigest()


def unpack(path: Path, to: Path, progress: Progress | None = None) -> tuple[BackupHeader, str]:
    """Check all of a backup, then write the store that it holds to ``to``. (header, checksum).

    Raises BackupError: missing, no backup, damaged; NewerBackupError."""
    with _opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        checksum = _checked(file, size, path, progress)
        file.seek(0)
        header = _header(file, path)
        with to.open("wb") as out:
            for data in _unpacked(file, size - TAIL - file.tell(), path):
                out.write(data)
                if out.tell() > header.size:
                    break
            if out.tell() != header.size:
                raise _damaged(path)
    return header, checksum


def refuse_broken(path: Path) -> None:
    """Raise BackupError or NewerBackupError as ``unpack`` does, without unpacking."""
    with _opened(path) as file:
        _checked(file, os.fstat(file.fileno()).st_size, path, None)


def refuse_other(path: Path, *, force: bool) -> None:
    """Raise BackupError where a file is there that must stay: any, or with ``force`` one that is no backup."""
    if not os.path.lexists(path):
        return
    if not force:
        raise BackupError("backup.exists", f"文件 {path} 已存在，未作改动", hint="请换一个文件名，或加 --force 覆盖旧的备份")
    with _opened(path) as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise BackupError("backup.exists", f"文件 {path} 不是经络的备份，不覆盖", hint="请换一个文件名")


@contextmanager
def written(to: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """A file that appears under its name when all of it is on the disk, or not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=to.parent, prefix=f".{to.name}.", suffix=".part", delete=False) as file:
            part = Path(file.name)
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                file.close()
                _appear(part, to, force=force)
            finally:
                part.unlink(missing_ok=True)
    except FileExistsError:
        raise BackupError("backup.exists", f"文件 {to} 已存在，未作改动", hint="请换一个文件名，或加 --force 覆盖旧的备份") from None
    except OSError as error:
        raise BackupError("backup.write", f"无法写入备份 {to}（{why(error)}）",
                          hint="请检查文件夹是否存在、是否有写权限、磁盘空间是否足够；没有留下不完整的备份") from error


def _appear(part: Path, to: Path, *, force: bool) -> None:
    if force:
        part.replace(to)
    else:
        try:
            os.link(part, to)  # fails where somebody else has made it meanwhile; renaming would not
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if to.exists():
                raise FileExistsError(to) from None
            part.rename(to)
    with suppress(OSError):  # not on Windows
        folder = os.open(to.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # else the name may be lost in a power cut
        finally:
            os.close(folder)


# -- reading ---------------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise BackupError("backup.missing", f"没有备份文件 {path}", hint="请检查路径和文件名") from None
    except OSError as error:
        raise BackupError("backup.unreadable", f"无法读取备份 {path}（{why(error)}）",
                          hint="请检查它是否是文件、是否有读取权限、磁盘空间是否足够") from None


def _checked(file: IO[bytes], size: int, path: Path, progress: Progress | None) -> str:
    """The checksum, that of the last line; all of the file is read before anything of it is believed."""
    start = file.read(len(MAGIC) + 12)
    if not start.startswith(MAGIC):
        raise BackupError("backup.not-a-backup", f"{path} 不是经络的备份", hint="请检查路径和文件名；备份由 jingluo backup 写成")
    version = start[len(MAGIC):].partition(b"\n")[0]
    if version.isdigit() and int(version) > FORMAT:
        raise NewerBackupError("backup.newer", f"{path} 由更新版本的经络写成（备份格式第 {int(version)} 版，本程序支持到第 {FORMAT} 版）",
                               hint="请升级经络后再用")
    file.seek(0)
    digest, left = hashlib.sha256(), size - TAIL
    while left > 0 and (data := file.read(min(CHUNK, left))):
        digest.update(data)
        left -= len(data)
        if progress:
            progress(size - TAIL - left, size - TAIL)
    if left or file.read() != SUM + digest.hexdigest().encode() + b"\n":
        raise _damaged(path)
    return digest.hexdigest()


def _header(file: IO[bytes], path: Path) -> BackupHeader:
    file.readline(64)
    try:
        return BackupHeader.model_validate_json(file.readline(HEADER_MOST))
    except ValidationError:
        raise _damaged(path) from None


def _unpacked(file: IO[bytes], left: int, path: Path) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=GZIP)
    try:
        while left > 0 and (data := file.read(min(CHUNK, left))):
            left -= len(data)
            while data:
                yield unpacker.decompress(data, CHUNK)
                data = unpacker.unconsumed_tail
        if left or not unpacker.eof or unpacker.unused_data:
            raise _damaged(path)
    except zlib.error:
        raise _damaged(path) from None


def _damaged(path: Path) -> BackupError:
    return BackupError("backup.damaged", f"备份 {path} 已损坏或不完整", hint="请换一份备份；每份备份都可用 jingluo verify 核对")
