"""What a backup holds and what was done with it, for people."""

from __future__ import annotations

from api.output.paper import DIM, Paper
from schemas.backups import Kept

STATES = {"made": "√ 已备份到 ", "verified": "√ 备份完好：", "restored": "√ 已恢复，内容与备份一致："}
COUNTS = {"imports": "次导入", "rows": "行", "bodies": "个对象", "relationships": "条关系", "records": "条记录"}


def kept(paper: Paper, done: Kept) -> None:
    paper.line((STATES[done.state], "green"), f"{done.store if done.state == 'restored' else done.file}")
    paper.line("、".join(f"{done.counts[name]} {label}" for name, label in COUNTS.items()), indent=2)
    header = done.header
    made = header.made[:16].replace("T", " ")
    paper.line((f"备份于 {made}，{_size(done.bytes)}，结构第 {header.schema_version} 版，经络 {header.program}", DIM), indent=2)
    paper.line((f"校验和 {done.checksum}", DIM), indent=2)
    paper.line((f"内容摘要 {header.digest}" if header.digest else "升级前自动备份，没有内容摘要", DIM), indent=2)


def _size(number: int) -> str:
    return f"{number / 1e6:,.1f} MB" if number >= 1e6 else f"{max(number // 1000, 1)} KB"
