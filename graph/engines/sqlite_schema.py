"""The tables of the embedded store, its versions and how it is opened."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from graph.engines.sqlite_backup import before_migration
from schemas.errors import NewerStoreError, NotAStoreError, StoreBusyError, StoreError

LOG = logging.getLogger("jingluo.store")
APPLICATION = 0x4A4C0001  # marks a file as ours
BUSY_MS = 10_000
ELSEWHERE = "请检查 --store 是否指向了别的文件；该文件未被改动"

# one entry a schema version: what brings a store from the version before to this one. A version that was landed never changes
# any more (a test holds their checksums): what is new is one more entry
MIGRATIONS = ("""
CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
INSERT INTO meta VALUES ('version', 0);
CREATE TABLE import(number INTEGER PRIMARY KEY, digest TEXT, file TEXT, source TEXT, as_of INTEGER, as_of_precision TEXT,
    who TEXT, at TEXT, state TEXT, counts TEXT, synthetic INTEGER);
CREATE TABLE sheet(import INTEGER, position INTEGER, name TEXT, PRIMARY KEY(import, position)) WITHOUT ROWID;
-- id = import << 40 | sheet position << 28 | row number
CREATE TABLE row(id INTEGER PRIMARY KEY, hash TEXT, facts TEXT);
-- which rows in force assert a body (type 0, b 0) or a relationship (source a, type, target b)
CREATE TABLE claim(a INTEGER, type INTEGER, b INTEGER, row INTEGER, PRIMARY KEY(a, type, b, row)) WITHOUT ROWID;
CREATE TABLE declaration(row INTEGER, position INTEGER, data TEXT, PRIMARY KEY(row, position)) WITHOUT ROWID;
-- completeness statements of single bodies; until 0 = no end given
CREATE TABLE closed(sig TEXT, id INTEGER, start INTEGER, until INTEGER, as_of INTEGER, row INTEGER, position INTEGER,
    PRIMARY KEY(sig, id, row, position)) WITHOUT ROWID;
-- the id registry, which outlives undo: id = kind number << 40 | sequence
CREATE TABLE body(public TEXT PRIMARY KEY, id INTEGER UNIQUE) WITHOUT ROWID;
CREATE TABLE key(value TEXT, scheme TEXT, kind INTEGER, id INTEGER, original TEXT, PRIMARY KEY(value, scheme, kind, id)) WITHOUT ROWID;
CREATE TABLE node(id INTEGER PRIMARY KEY, public TEXT, name TEXT, sort_key TEXT, ended INTEGER, unnamed INTEGER, synthetic INTEGER,
    data TEXT, rows TEXT);
CREATE INDEX node_ended ON node(id, ended) WHERE ended <> 99991231;
CREATE TABLE value(id INTEGER, field TEXT, value TEXT, stated INTEGER, PRIMARY KEY(id, field, value)) WITHOUT ROWID;
CREATE INDEX value_of ON value(field, value, id, stated);
CREATE TABLE edge(type INTEGER, src INTEGER, dst INTEGER, role TEXT, nth INTEGER, start INTEGER, since INTEGER, until INTEGER,
    stated INTEGER, data TEXT, rows TEXT, PRIMARY KEY(type, src, dst, role, nth)) WITHOUT ROWID;
CREATE INDEX edge_in ON edge(type, dst, src, role, nth, since, until, stated, start);
-- names to search by; values normalised. scheme as in key
CREATE TABLE name(rowid INTEGER PRIMARY KEY, id INTEGER, value TEXT, scheme TEXT, original TEXT);
CREATE INDEX name_value ON name(value, scheme, id);
CREATE INDEX name_id ON name(id);
CREATE VIRTUAL TABLE gram USING fts5(grams, content='', tokenize='ascii', columnsize=0);
CREATE TABLE pinyin(value TEXT, how TEXT, id INTEGER, PRIMARY KEY(value, how, id)) WITHOUT ROWID;
CREATE INDEX pinyin_id ON pinyin(id);
CREATE TABLE record(collection TEXT, id TEXT, value TEXT, PRIMARY KEY(collection, id)) WITHOUT ROWID;
""", """
-- the first stores of version 1 lack this index and what is told of the shape of a district, the later ones have them
CREATE INDEX IF NOT EXISTS claim_to ON claim(b, type, a) WHERE type > 0;
-- the shape of a district, told once: without it the planner takes a kind's range for narrower than an equality, and with a
-- real ANALYZE plans would depend on when it was run
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 VALUES ('edge', 'edge', '250000 12000 2 1 1 1'), ('edge', 'edge_in', '250000 12000 7 1 1 1 1 1 1 1'),
    ('value', 'value', '700000 7 1 1'), ('value', 'value_of', '700000 25000 100 1 1'), ('node', NULL, '120000'),
    ('node', 'node_ended', '2000 1 1'), ('body', 'body', '120000 1'), ('body', 'sqlite_autoindex_body_2', '120000 1'),
    ('key', 'key', '220000 1 1 1 1'), ('row', NULL, '140000'), ('claim', 'claim', '340000 3 1 1 1'),
    ('claim', 'claim_to', '220000 7 1 1 1'), ('closed', 'closed', '1000 100 1 1 1'),
    ('name', 'name_value', '220000 1 1 1'), ('name', 'name_id', '220000 2'), ('pinyin', 'pinyin', '900000 2 2 1'),
    ('pinyin', 'pinyin_id', '900000 8');
ANALYZE sqlite_schema;
""",)


def open_store(path: Path, *, create: bool, read_only: bool = False) -> sqlite3.Connection:
    """A connection to the store, made or brought to the current version where needed.

    Raises NotAStoreError, NewerStoreError, StoreBusyError, StoreError (missing, not writable)."""
    path = path.absolute()  # or ":memory:" would be no file
    if not create and not _exists(path) and _exists(path.parent):
        raise StoreError("store.missing", f"数据库文件不存在：{path.name}",
                         hint="请先用 jingluo load 导入登记表，或用 --store 指定已有数据库")
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False, cached_statements=512)
    except sqlite3.Error as error:
        raise StoreError("store.open", f"无法打开数据库：{path.name}（{error}）", hint="请检查文件夹是否存在、是否有写权限") from None
    try:
        _prepare(db, path)
    except sqlite3.OperationalError as error:
        db.close()
        raise _operational(error, path) from None
    except UnicodeDecodeError:
        db.close()
        raise damaged(path) from None
    except sqlite3.DatabaseError as error:
        db.close()
        if "malformed" in str(error):
            raise damaged(path) from None
        raise NotAStoreError("store.not-a-store", f"{path.name} 不是经络数据库文件", hint=ELSEWHERE) from None
    except StoreError:
        db.close()
        raise
    if read_only:
        db.execute("PRAGMA query_only = ON")
        db.execute("PRAGMA mmap_size = 1073741824")  # not for the writer, to which the whole file would be resident memory
    return db


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # e.g. a name longer than names can be
        return False


def damaged(path: Path) -> StoreError:
    return StoreError("store.damaged", f"数据库 {path.name} 已损坏", hint="请用备份替换；没有备份的，请换一个数据库重新导入登记表")


def busy(path: Path) -> StoreBusyError:
    return StoreBusyError("store.busy", f"数据库 {path.name} 正被另一程序写入",
                          hint="请等它写完再试，已写入的数据完好；一直如此的，请关掉还开着这个文件的其他程序（如数据库查看工具）")


def _operational(error: sqlite3.OperationalError, path: Path) -> StoreError:
    if "no such" in str(error):
        return damaged(path)
    if "locked" in str(error) or "busy" in str(error):
        return busy(path)
    if "disk I/O" in str(error) or "full" in str(error):
        return StoreError("store.failed", f"读写数据库 {path.name} 失败，可能是磁盘空间不足", hint="请检查磁盘后重新运行，已导入的数据完好")
    if "readonly" in str(error):
        return StoreError("store.read-only", f"数据库 {path.name} 不可写", hint="请检查文件和文件夹的写权限；只查询也须能写其所在文件夹")
    return StoreError("store.open", f"无法打开数据库：{path.name}（{error}）", hint="请检查文件夹是否存在、是否有写权限")


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION:
        if application or version or db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise NotAStoreError("store.not-a-store", f"{path.name} 是别的程序的数据库", hint=ELSEWHERE)
    elif version < 0:
        raise damaged(path)
    elif version > len(MIGRATIONS):
        raise NewerStoreError("store.newer", f"{path.name} 由更新版本的经络写成（结构第 {version} 版，"
                              f"本程序支持到第 {len(MIGRATIONS)} 版）",
                              hint="请升级经络后再打开；该文件未被改动")
    if application != APPLICATION or version < len(MIGRATIONS):
        _migrate(db, path)
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA cache_size = -65536")  # KiB
    db.execute("PRAGMA temp_store = MEMORY")


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN IMMEDIATE")
    version = db.execute("PRAGMA user_version").fetchone()[0]  # another process may have been faster
    if 0 < version < len(MIGRATIONS):
        kept = before_migration(path, version)  # nobody else writes while this transaction is open
        LOG.warning("数据库 %s 由结构第 %s 版升级到第 %s 版；升级前的备份：%s", path.name, version, len(MIGRATIONS), kept)
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        for statement in script.split(";\n"):
            if statement.strip():
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {number:d}")
    db.execute(f"PRAGMA application_id = {APPLICATION:d}")
    db.execute("COMMIT")
