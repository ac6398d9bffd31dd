"""What a list shows can be saved as a file that office programs open rightly."""

from __future__ import annotations

import csv
import io

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.output import spreadsheet
from api.web import exports
from tests.web.stores import ALLIANCE, HOSTILE, MANY

FILES = ("/directory.csv?kind=Station", "/search.csv?q=楼", "/entities/分众传媒/relationships.csv", "/paths.csv?from=区税务局&to=分众传媒", "/networks/alliances.csv",
         "/networks/shared.csv", "/networks/committees/天山商圈党委.csv", "/gaps.csv?state=not_known", "/statistics.csv?by=type",
         "/reconciliation.csv", "/imports.csv")


def rows(answer: Response) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel takes it for utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("address", FILES)
def test_a_file_has_a_chinese_header_and_name(changning: TestClient, address: str) -> None:
    answer = changning.get(address)
    header, *body = rows(answer)
    assert all(len(row) == len(header) for row in body) and (body or "shared" in address or "committees" in address)
    assert "filename*=UTF-8''" in answer.headers["content-disposition"] and "csv" in answer.headers["content-type"]


def test_a_file_holds_all_rows_of_the_filter(made: TestClient) -> None:
    header, *body = rows(made.get("/gaps.csv?rule=no-coverage"))
    assert len(body) > 50 and {row[header.index("状态")] for row in body} == {"薄弱项"}
    assert len({row[header.index("对象编号")] for row in body}) == len(body)


def test_a_file_that_is_cut_says_so(made: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "EACH", 20)
    monkeypatch.setattr(exports, "MOST", 40)
    *body, last = rows(made.get("/gaps.csv?rule=no-coverage"))[1:]
    assert len(body) == 40 and last[0].startswith("（已截断：共 ") and "前 40 行" in last[0]


def test_a_file_that_takes_too_long_holds_what_was_there_by_then(made: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "EACH", 20)
    monkeypatch.setattr(exports, "SECONDS", -1.0)
    *body, last = rows(made.get("/gaps.csv?rule=no-coverage"))[1:]
    assert len(body) == 20 and last[0].startswith("（已截断：共 ")


def test_nothing_is_taken_for_another_number_or_a_date(changning: TestClient) -> None:
    header, *body = rows(changning.get("/reconciliation.csv"))
    assert "\t7-9" in [row[header.index("待补录")] for row in body] and "0" in [row[header.index("台账数")] for row in body]
    header, *body = rows(changning.get("/imports.csv"))
    assert {row[header.index("截至")] for row in body} == {"\t2020-09"}
    for text in ("913100000000000001", "7-9", "2020-09", "0012", "12e34", "1.2.3"):
        assert spreadsheet.kept(text) == "\t" + text
    for text in ("0", "18", "1.5", "2020-09-01", "2020-09-01 12:30", "-", "18个", "20-100%"):
        assert spreadsheet.kept(text) == text
    assert spreadsheet.kept("-1+cmd") == "'-1+cmd"


def test_no_cell_runs_as_a_formula(hostile: TestClient) -> None:
    found = [cell for row in rows(hostile.get(f"/networks/committees/{ALLIANCE}.csv")) for cell in row]
    assert "'" + HOSTILE[6] in found and not [c for c in found if c.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("list", ["/networks/alliances", "/networks/shared", "/reconciliation"])
def test_a_list_of_several_pages_is_one_file(many: TestClient, monkeypatch: pytest.MonkeyPatch, list: str) -> None:
    monkeypatch.setattr(exports, "EACH", 25)
    body = rows(many.get(f"{list}.csv"))[1:]
    assert len({row[0] for row in body}) == len(body) == MANY
