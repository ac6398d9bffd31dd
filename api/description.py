"""/openapi.json: what FastAPI knows of the endpoints, with problems, the meaning of fields, and examples."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA, Problem, problem

SUMMARY = "一个区的关系知识库：谁覆盖一家企业，经谁能联系上，哪里有薄弱项，每个回答都附依据。"
TEXT = """只读：所有问题都用 GET，提问不改变数据。

- **时间**：`as_of` 是按哪一天回答，默认今天（上海时间）。
- **口径**：`policy` 是规则的名称，默认为服务器的口径。
- **三种结果**：成立、不成立、情况不明。没有登记的不当作没有；登记齐全的声明（完整性声明）才使“没有”成立。
- **翻页**：`page.total` 是准确的总数；`page.cursor` 给出下一页。数据更新后旧的翻页标记失效（410）。
- **缓存**：回答带 ETag；请求带 If-None-Match，没有变化时回答 304。
- **出错**：RFC 9457 格式（application/problem+json），`code` 固定不变，`title` 和 `detail` 说明问题和办法。"""
PROBLEMS = {  # status -> what it says, and an example: code, title, detail
    "400": ("请求有误", "question.date", "日期“明天”无法识别", "请写成 2024-03-01、2024-03 或 2024"),
    "404": ("没有这个对象", "body.unknown", "没有找到“分众”", "是否指：分众传媒（en-bzwmse8cmfntt）"),
    "409": ("名称对应多个对象，见 nearest", "body.ambiguous", "“党建联盟”对应多个对象", "请用编号"),
    "410": ("数据已更新，翻页标记失效", "question.cursor-stale", "数据已更新，翻页标记已失效", "请从第一页重新查询"),
    "422": ("参数不正确，见 errors", "request.parameters", "参数不正确", "query.limit：不得小于 1"),
    "429": ("提问太频繁，见 Retry-After", "request.too-many", "提问太频繁", "请稍候再试"),
    "503": ("数据库暂时不能回答", "store.busy", "数据库正被另一程序写入", "请稍候再试"),
    "504": ("超过时限", "store.timeout", "在规定时间内没有得到回答", "请缩小范围后再问，或稍候再试；数据没有变化"),
    "default": ("其他错误", "internal", "程序内部错误", "请把 request_id 告诉管理员；数据没有变化"),
}
SAME = {"304": {"description": "没有变化（If-None-Match）"}}
ETAG = {"ETag": {"description": "回答的标记", "schema": {"type": "string"}}}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    whole = get_openapi(title=app.title, version=app.version, summary=SUMMARY, description=TEXT, routes=app.routes)
    parts = whole["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    parts["schemas"] |= _problem()
    parts["responses"] = {_name(status): _response(status, *told) for status, told in PROBLEMS.items()}
    _explain(parts["schemas"])
    for path, operations in whole["paths"].items():
        for operation in operations.values():
            _complete(operation, question=path.startswith("/api/"))
    return whole


def _problem() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    return {**schema.pop("$defs", {}), "Problem": schema}


def _name(status: str) -> str:
    return f"Problem-{status}"


def _response(status: str, text: str, code: str, title: str, detail: str) -> dict[str, Any]:
    told = problem(500 if status == "default" else int(status), code, title, detail, request_id="5f0c2c2f9a3b4d1e")
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": told.model_dump(mode="json")}
    return {"description": text, "content": {MEDIA: content}}


def _explain(schemas: dict[str, Any]) -> None:
    told = tomllib.loads(files("api").joinpath("descriptions.toml").read_text(encoding="utf-8"))
    for name, schema in schemas.items():
        schema["description"] = told["documents"].get(name, schema.get("description", ""))
        for field, value in schema.get("properties", {}).items():
            text = told.get(name, {}).get(field) or told["fields"].get(field)
            if text and "description" not in value:
                value["description"] = text


def _complete(operation: dict[str, Any], *, question: bool) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    answers["200"]["description"] = "回答"
    if question:
        answers["200"]["headers"] = ETAG
        answers |= SAME
        answers["200"]["content"]["application/json"]["example"] = example(operation["operationId"])
    answers |= {status: {"$ref": f"#/components/responses/{_name(status)}"} for status in (PROBLEMS if question else ("503", "default"))}
    for parameter in operation.get("parameters", ()):
        if parameter["required"] and parameter["schema"].get("examples"):
            parameter["example"] = parameter["schema"]["examples"][0]


def example(question: str) -> Any:
    """An answer of the bundled data (made by tools/api-examples)."""
    return json.loads(files("api").joinpath("examples", f"{question}.json").read_text(encoding="utf-8"))
