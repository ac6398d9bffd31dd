"""Credit codes, public ids, name normalisation and sort keys. Source: GB 32100-2015, semantics 6 and 22-23."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from operator import mul

from schemas.kinds import KINDS

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
CREDIT_PLACES = {c: i for i, c in enumerate(CREDIT_ALPHABET)}
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # of public ids
PAIRS = [a + b for a in DIGITS for b in DIGITS]
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\xad"
                       r"\u034f\u061c\u180b-\u180f\ufe00-\ufe0f\ufff9-\ufffb\U000e0000-\U000e0fff]")
PUNCTUATION = re.compile(r"[\s\u3000·•“”\"'‘’`（）()\[\]【】〔〕《》<>,，.。、:：;；\-—_/\\|+&!！?？~～*#@]+")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SHOWN = 60  # characters of a cell in a message
PUBLIC = re.compile(r"[a-z]{2}-[0-9a-hjkmnp-tv-z]{13}")
BY_PREFIX = {k.prefix: k.name for k in KINDS.values()}
PUBLIC_ID = re.compile(r"\b[a-z]{2}-[0-9a-hjkmnp-tv-z]{13}(?![0-9a-z])")  # in a text
SCHEMES = ("name", "credit_code", "alias", "former", "brand", "unnamed")


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """A cell as it is kept: NFKC-normalised spaces, no invisible or direction marks, trimmed."""
    if text.isalnum():
        return text
    return re.sub(r"\s+", " ", INVISIBLE.sub("", text.replace("\u3000", " ").replace("\n", " "))).strip()


def harmless(text: str) -> str:
    """A text for a terminal: signs that command it, or turn the order of others round, are shown as �."""
    return CONTROL.sub("�", text)


def shown(text: str) -> str:
    """A cell as a message shows it: clean, and not longer than one can read."""
    plain = clean(text)
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}…"


@lru_cache(maxsize=65536)
def normal(name: str) -> str:
    """A name as it is compared: NFKC, case folded, without spaces and punctuation (HONG空间·党群之家 -> hong空间党群之家)."""
    if name.isascii() and name.isalnum():
        return name.lower()
    if name.isalnum() and unicodedata.is_normalized("NFKC", name) and name.casefold() == name:
        return name
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", name)).casefold()
    plain = unicodedata.normalize("NFKC", PUNCTUATION.sub("", folded) or folded.strip())
    return plain if plain == name else normal(plain)  # what was taken away may leave marks that now combine


def credit_check(first17: str) -> str:
    """The check character of a credit code's first 17 characters (GB 32100-2015, modulus 31)."""
    total = sum(map(mul, map(CREDIT_PLACES.__getitem__, first17), CREDIT_WEIGHTS))
    return CREDIT_ALPHABET[-total % 31]


def credit_code(text: str) -> tuple[str, str]:
    """(normalised code, "") or (what was read, what is wrong in Chinese)."""
    plain = text.isascii() and text.isalnum()
    code = (text if plain else re.sub(r"[\s'’‘`\"=-]", "", unicodedata.normalize("NFKC", INVISIBLE.sub("", text)))).upper()
    if len(code) != 18:
        return code, f"统一社会信用代码应为 18 位，实为 {len(code)} 位"
    if wrong := [c for c in code if c not in CREDIT_PLACES]:
        return code, f"统一社会信用代码含有不允许的字符“{wrong[0]}”"
    if (right := credit_check(code[:17])) != code[17]:
        return code, f"统一社会信用代码校验位不符（末位应为 {right}，实为 {code[17]}）"
    return code, ""


def public_id(kind: str, scheme: str, value: str) -> str:
    """The id of a body whose first key is (kind, scheme, value): its kind's prefix and 13 characters of a hash (65 bits)."""
    digest = hashlib.sha256(f"{kind}\x1f{scheme}\x1f{value}".encode()).digest()
    number = int.from_bytes(digest[:9], "big") >> 7
    digits = "".join([PAIRS[number >> place & 1023] for place in range(60, -1, -10)])
    return f"{KINDS[kind].prefix}-{digits[1:]}"


def unnamed_key(relation: str, forward: bool, other_id: str, role: str = "") -> str:
    """The first key of a body known only by one relationship, e.g. the organisation FORMED_IN a given enterprise."""
    return f"{relation}{'>' if forward else '<'}{other_id}{'#' + role if role else ''}"


def kind_of(public: str) -> str | None:
    """The kind that a public id's prefix names, ``None`` if it is no public id."""
    return BY_PREFIX.get(public[:2]) if PUBLIC.fullmatch(public) else None
