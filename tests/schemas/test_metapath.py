"""What users rely on: the notation reads back, and an error points at the wrong step and says what is allowed there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import MetapathError
from schemas.metapath import Metapath, parse
from tests.schemas.strategies import metapaths


@given(metapaths())
def test_a_metapath_reads_back_as_it_was_written(path: Metapath) -> None:
    assert parse(str(path)) == path


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        parse(text)
    except MetapathError as error:
        assert 0 <= error.position <= len(text)
        assert error.code.startswith("metapath.")


@given(metapaths(), st.data())
def test_a_damaged_metapath_is_read_or_refused(path: Metapath, data: st.DataObject) -> None:
    text = str(path)
    at = data.draw(st.integers(0, len(text) - 1))
    try:
        parse(text[:at] + data.draw(st.sampled_from(["", "(", ")", "|", "}", "'", "[", "x"])) + text[at + 1:])
    except MetapathError as error:
        assert error.code.startswith("metapath.")


ERRORS = [
    ("(:Enterprise)-[:LOCATED_IN]->(:Industry)", "metapath.not-allowed", "Industry", "Building、Park"),
    ("(:Enterpris)", "metapath.unknown-kind", "Enterpris", "Enterprise"),
    ("(:Enterprise)-[:COVERS]->(:Building)", "metapath.not-allowed", "COVERS", "LOCATED_IN"),
    ("(:Enterprise)-[:COVRS]->(:Building)", "metapath.unknown-relation", "COVRS", "LOCATED_IN"),
    ("(:Building {ky: true})", "metapath.unknown-field", "ky", "key"),
    ("(:Building {key: maybe})", "metapath.unknown-value", "maybe", "true"),
    ("(:LiaisonPost {holder: 某人})", "metapath.unknown-field", "holder", "sort"),
    ("(:Building", "metapath.syntax", "", "写法"),
]


@pytest.mark.parametrize(("text", "code", "at", "hint"), ERRORS)
def test_an_error_points_at_the_wrong_step(text: str, code: str, at: str, hint: str) -> None:
    with pytest.raises(MetapathError) as caught:
        parse(text)
    assert caught.value.code == code
    assert text[caught.value.position:].startswith(at)
    assert hint in caught.value.hint


def test_at_most_six_hops() -> None:
    hop = "-[:SUBORDINATE_TO]->(:PartyOrganization)"
    assert len(parse("(:PartyOrganization)" + hop * 6).hops) == 6
    with pytest.raises(MetapathError, match="最多 6 步"):
        parse("(:PartyOrganization)" + hop * 7)
