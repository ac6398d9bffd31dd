"""Search hits, one body's profile, findings of the check and the network of alliances, for people."""

from __future__ import annotations

from api.output.paper import DIM, Paper, Part, name
from api.output.paths import hop
from schemas.answers import Profile, SearchResult
from schemas.overviews import AllianceMember, AllianceNetwork, Committee, Directory, Held, Listed, MemberGroup, SharedMembers, Stats
from schemas.reports import CheckReport

HOW = {"key": "信用代码等", "exact": "名称相同", "prefix": "开头相同", "contained": "包含", "initials": "拼音首字母", "pinyin": "全拼"}
LEVELS: dict[str, Part] = {"error": ("× 错误", "bold red"), "warning": ("！ 警告", "yellow"), "information": ("· 提示", "cyan")}
SCHEMES = {"name": "名称", "credit_code": "统一社会信用代码", "alias": "别名", "former": "曾用名", "brand": "品牌", "unnamed": "识别依据"}


def search(paper: Paper, answer: SearchResult) -> None:
    if not answer.hits:
        paper.line(f"没有找到“{answer.query}”。可试名称中的任意一段、信用代码、全拼或拼音首字母（如 fzcm）")
        return
    paper.table(("名称", "类别", "编号", "匹配", "匹配方式"),
                [[name(h.body), h.body.kind_label, (h.body.id, DIM), h.matched, HOW[h.how]] for h in answer.hits])
    paper.more(answer.page, len(answer.hits))


def directory(paper: Paper, answer: Directory) -> None:
    where = f"（{name(answer.scope)}）" if answer.scope else ""
    paper.heading(f"名录{where}", (f"  按 {answer.frame.as_of}：共 {answer.page.total} 个", DIM))
    paper.table(("名称", "类别", "统一社会信用代码", "所在", "登记内容"), [_listed(b) for b in answer.bodies])
    paper.more(answer.page, len(answer.bodies))


def _listed(listed: Listed) -> list[Part]:
    fields = "；".join(f"{label}：{value}" for label, value in listed.fields.items())
    return [name(listed.body), listed.body.kind_label, "、".join(listed.codes), "、".join(listed.places), fields]


def profile(paper: Paper, answer: Profile) -> None:
    paper.heading(name(answer.body), (f"  {answer.body.kind_label} {answer.body.id} {paper.marks(answer.evidence)}", DIM))
    for label, value in answer.fields.items():
        paper.line((f"{label}：", DIM), value, indent=2)
    for scheme, values in answer.keys.items():
        paper.line((f"{SCHEMES.get(scheme, scheme)}：", DIM), "、".join(values), indent=2)
    if answer.relationships:
        paper.heading("关系", (f"  {answer.page.total} 条", DIM))
    for step in answer.relationships:
        hop(paper, step, indent=2)
    paper.more(answer.page, len(answer.relationships))


def check(paper: Paper, answer: CheckReport) -> None:
    paper.heading("检查", (f"  按 {answer.frame.as_of}，口径 {answer.frame.policy}：共 {answer.page.total} 项", DIM))
    for finding in answer.findings:
        where = f"（{finding.where}）" if finding.where else ""
        paper.item(LEVELS[finding.level], finding.message, (f" {where} [{finding.code}]", DIM))
    if not answer.findings:
        paper.line(("√ 没有发现问题", "green"), indent=2)
    paper.more(answer.page, len(answer.findings))


def network(paper: Paper, answer: AllianceNetwork) -> None:
    paper.heading("联盟网络", (f"  按 {answer.frame.as_of}：载体和商圈党委共 {answer.page.total} 个", DIM))
    paper.table(("载体或商圈党委", "类别", "成员"), [[name(b), b.kind_label, str(n)] for b, n in answer.alliances], numbers=(2,))
    paper.more(answer.page, len(answer.alliances))
    paper.heading("同属多个的成员", (f"  {answer.shared_total} 个", DIM))
    _shared(paper, answer.shared)
    _cut(paper, answer.shared_total, len(answer.shared), "；全部：jingluo network --shared")
    for one, other, shared in answer.pairs:
        paper.item("·", f"{name(one)} 与 {name(other)} 共有 {shared} 个成员")
    _cut(paper, answer.pairs_total, len(answer.pairs), "，共有成员最多的在前")
    if answer.bridges:
        paper.heading("桥梁（缺了它，网络就断开）", (f"  {answer.bridges_total} 个", DIM))
        paper.line("、".join(name(b, kind=True) for b in answer.bridges), indent=2)
        _cut(paper, answer.bridges_total, len(answer.bridges))


def shared_members(paper: Paper, answer: SharedMembers) -> None:
    paper.heading("同属多个的成员", (f"  按 {answer.frame.as_of}：共 {answer.page.total} 个", DIM))
    _shared(paper, answer.members)
    paper.more(answer.page, len(answer.members))


def _shared(paper: Paper, members: tuple[AllianceMember, ...]) -> None:
    for member in members:
        paper.item("·", name(member.body, kind=True), "：" + "、".join(name(a) for a in member.alliances))


def _cut(paper: Paper, total: int, shown: int, more: str = "") -> None:
    """Where a list beside the one that pages was cut."""
    if shown < total:
        paper.line((f"共 {total} 个，此处 {shown} 个{more}", DIM), indent=2)


def committee(paper: Paper, answer: Committee) -> None:
    note = f"  {answer.as_of.note}" if answer.as_of else ""
    paper.heading(name(answer.body), (f"  {answer.body.kind_label} {answer.body.id}  按 {answer.frame.as_of}{note}", DIM))
    for step in answer.around:
        hop(paper, step, indent=2)
    for group in answer.groups:
        paper.heading(group.label, (f"  {_told(group)}", DIM))
        for step in group.members:
            hop(paper, step, indent=2)
    paper.more(answer.page, sum(len(g.members) for g in answer.groups))


def _told(group: MemberGroup) -> str:
    """Registered, and where something was published of these members: that, and what is still to come."""
    counted = group.count
    if counted is None:
        return f"登记 {group.total}"
    more = f"，待补录 {counted.placeholder_text}" if counted.compared else ""
    return f"公布 {counted.published}{counted.unit}，登记 {group.total}{more}"


def stats(paper: Paper, answer: Stats) -> None:
    loading = "，正在导入" if answer.loading else ""
    made_up = "，其中有虚构数据" if answer.synthetic else ""
    paper.heading("数据库", (f"  数据版本 {answer.data_version}，导入 {answer.imports} 次{made_up}{loading}", DIM))
    for title, held in (("对象", answer.bodies), ("关系", answer.relationships)):
        paper.table((title, "数量"), [_held(h) for h in held if h.number], numbers=(1,))
    paper.line(("来源：", DIM), "、".join(answer.sources) or "没有", indent=2)


def _held(held: Held) -> list[Part]:
    return [held.label, str(held.number)]
