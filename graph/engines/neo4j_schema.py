"""How a Neo4j server keeps a store: constraints, indexes, schema version, and what is refused.

Labels beside the kinds': ``Body`` (a body; one that is only mentioned has an id and no kind), ``Row`` (a row in force or undone:
the truth), ``Claim`` (rows of a relationship that are in none of its spells), ``Key`` (the id registry; ``search`` and what follows
only while the name is in force), ``Closed``, ``Declaration``, ``Import``, ``Record``, and one ``JingluoStore`` with the versions.
``Conflicted`` marks bodies whose sources disagree. Properties of bodies and relationships: ``graph/compile/cypher.py``, and
``data`` and ``rows`` (JSON), as in the embedded store.
"""

from __future__ import annotations

from neo4j import Session

from schemas.errors import NewerStoreError, NotAStoreError, StoreError

SCHEMA = 1
NAMES = "jingluo_names"  # the full-text index
INDEX_SECONDS = 300
STATEMENTS = (
    "CREATE CONSTRAINT jingluo_store IF NOT EXISTS FOR (s:JingluoStore) REQUIRE s.key IS UNIQUE",
    "CREATE CONSTRAINT jingluo_body IF NOT EXISTS FOR (n:Body) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT jingluo_row IF NOT EXISTS FOR (r:Row) REQUIRE r.id IS UNIQUE",
    "CREATE CONSTRAINT jingluo_claim IF NOT EXISTS FOR (c:Claim) REQUIRE (c.source, c.type, c.target) IS UNIQUE",
    "CREATE INDEX jingluo_claim_from IF NOT EXISTS FOR (c:Claim) ON (c.source)",
    "CREATE INDEX jingluo_claim_to IF NOT EXISTS FOR (c:Claim) ON (c.target)",
    "CREATE CONSTRAINT jingluo_key IF NOT EXISTS FOR (k:Key) REQUIRE (k.value, k.scheme, k.kind, k.id) IS UNIQUE",
    "CREATE INDEX jingluo_search IF NOT EXISTS FOR (k:Key) ON (k.search)",
    "CREATE INDEX jingluo_closed IF NOT EXISTS FOR (c:Closed) ON (c.sig, c.id)",
    "CREATE CONSTRAINT jingluo_declaration IF NOT EXISTS FOR (d:Declaration) REQUIRE (d.row, d.position) IS UNIQUE",
    "CREATE CONSTRAINT jingluo_import IF NOT EXISTS FOR (i:Import) REQUIRE i.number IS UNIQUE",
    "CREATE CONSTRAINT jingluo_record IF NOT EXISTS FOR (r:Record) REQUIRE (r.collection, r.id) IS UNIQUE",
    f"CREATE FULLTEXT INDEX {NAMES} IF NOT EXISTS FOR (k:Key) ON EACH [k.grams, k.initials, k.full]"
    " OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}",
)
STATE = "OPTIONAL MATCH (s:JingluoStore {key: 'store'}) RETURN s.schema AS schema, EXISTS { MATCH () } AS used"


def prepare(session: Session, *, create: bool, where: str) -> None:
    """See to it that the database is a store of this version; an empty one becomes one if ``create``.

    Raises NotAStoreError, NewerStoreError, StoreError (older, or empty and not to be made); what is refused is left alone. A backup
    holds the rows and is read by every later version, so an older store is moved by one and needs no migration on the server."""
    schema, used = session.run(STATE).single(strict=True).values()
    if schema is None and used:
        raise NotAStoreError("store.not-a-store", f"{where} 里已有别的程序的数据，不是经络数据库",
                             hint="请用 JINGLUO_NEO4J_DATABASE 或 --store 指定另一个空数据库；该数据库未被改动")
    if schema is not None and schema > SCHEMA:
        raise NewerStoreError("store.newer", f"{where} 由更新版本的经络写成（结构第 {schema} 版，本程序支持到第 {SCHEMA} 版）",
                              hint="请升级经络后再打开；该数据库未被改动")
    if schema is not None and schema < SCHEMA:
        raise StoreError("store.older", f"{where} 由较早版本的经络写成（结构第 {schema} 版，本程序用第 {SCHEMA} 版），不在服务器上就地升级",
                         hint="请用原来的版本运行 jingluo backup，再用本版本恢复（jingluo restore）到另一个空数据库；该数据库未被改动")
    if schema is None and not create:
        raise StoreError("store.missing", f"{where} 还是空的", hint="请先用 jingluo load 导入登记表")
    if schema is None:
        for statement in STATEMENTS:
            session.run(statement).consume()
        session.run("CALL db.awaitIndexes($seconds)", seconds=INDEX_SECONDS).consume()
        session.run("MERGE (s:JingluoStore {key: 'store'}) ON CREATE SET s.schema = $schema, s.version = 0", schema=SCHEMA).consume()
