"""How errors reach people and programs: on stderr, in Chinese, with a stable code; with ``--json`` as a JSON document.

Exit codes: 0 answered, 2 wrong use of the command line, 3 bad input, 4 not found, 5 failure.
"""

from __future__ import annotations

import json
import re
import sys
import traceback

import typer

from api.settings import settings
from schemas.errors import JingluoError, UnknownBodyError, why
from schemas.identifiers import harmless

USAGE, FAILURE = 2, 5
LONGEST = 2_000  # characters of a message on a terminal: of a header of thousands of columns, or an argument of as many signs


def report(error: BaseException, *, as_json: bool) -> int:
    """Tell an error on stderr and give its exit code."""
    if type(error).__name__ == "NoArgsIsHelpError" and not as_json:
        return USAGE  # the help page was the answer
    document, code = _told(error)
    if as_json:
        sys.stderr.write(json.dumps({"error": document}, ensure_ascii=False, indent=2) + "\n")
        return code
    place = f"（{document['where']}）" if document.get("where") else ""
    message = str(document["message"])
    told = message if len(message) <= LONGEST else f"{message[:LONGEST]}…（共 {len(message)} 字）"
    sys.stderr.write(harmless(f"错误[{document['code']}] {told}{place}\n"))
    if document.get("hint"):
        sys.stderr.write(harmless(f"  提示：{document['hint']}\n"))
    if settings().debug and code == FAILURE:
        traceback.print_exception(error)
    return code


def _told(error: BaseException) -> tuple[dict[str, object], int]:
    if isinstance(error, JingluoError):
        nearest = [{"id": i, "name": n} for i, n in error.nearest] if isinstance(error, UnknownBodyError) else None
        return {"code": error.code, "message": error.message, "hint": error.hint, "where": error.where,
                **({"nearest": nearest} if nearest is not None else {})}, error.exit_code
    if isinstance(error, typer.TyperException):
        return {"code": "usage", "message": _usage(error), "hint": "加 --help 查看用法"}, error.exit_code
    if isinstance(error, OSError) and error.errno:
        place = f" {error.filename}" if error.filename else ""
        return {"code": "file", "message": f"无法读写文件{place}：{why(error)}",
                "hint": "请检查路径、权限和磁盘空间；已导入的数据不受影响"}, FAILURE
    return {"code": "internal", "message": f"程序内部错误：{type(error).__name__}: {error}",
            "hint": "设置环境变量 JINGLUO_DEBUG=1 后重试可看到详情；已导入的数据不受影响"}, FAILURE


SAYINGS = (
    (r"path '(.*)' is not readable\.?", r"\1 没有读取权限"),
    (r".*less than or equal to (\S+)", r"不得大于 \1"),
    (r".*greater than or equal to (\S+)", r"不得小于 \1"),
    (r".*valid (?:integer|number).*", "应为整数"),
    (r".*unable to parse raw data.*", "含有不能识别的字符"),
    (r".*is not one of (.*?)\.?", r"可填 \1"),
    (r"Option (\S+) requires an argument\.?", r"选项 \1 后面要写值"),
    (r"Option (\S+) does not take a value\.?", r"选项 \1 后面不用写值"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", r"多出了参数 \1（含空格的名称请加引号）"),
)


def _in_chinese(message: str) -> str:
    """What the parser says of a value, as far as it is known here."""
    told = next((said.expand(chinese) for english, chinese in SAYINGS if (said := re.fullmatch(english, message, re.DOTALL))), message)
    return told.replace("', '", "、").replace("'", "")


def _usage(error: typer.TyperException) -> str:
    """A usage error in Chinese; what the parser adds beyond that stays in its own words."""
    name = type(error).__name__
    parameter = getattr(error, "param", None)
    label = parameter.get_error_hint() if parameter else ""
    if name == "MissingParameter":
        return f"缺少参数 {label}"
    if name == "NoSuchOption":
        near = getattr(error, "possibilities", None)
        return f"没有选项 {getattr(error, 'option_name', '')}" + (f"，是否指：{'、'.join(sorted(near))}" if near else "")
    if name == "BadParameter" and label:
        return f"选项或参数 {label} 的值不正确：{_in_chinese(error.message)}"
    if command := re.match(r"No such command '(.*?)'\.(?: Did you mean (.*)\?)?", error.message):
        return f"没有命令 {command[1]}" + (f"，是否指：{'、'.join(re.findall(r'[a-z-]+', command[2]))}" if command[2] else "")
    return f"命令用法有误：{_in_chinese(error.format_message())}"
