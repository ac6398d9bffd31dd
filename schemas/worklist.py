"""What to look at on a walk through a building (扫楼). Shapes as in ``schemas.answers``."""

from __future__ import annotations

from schemas.parts import Answer, BodyRef, Frame


class WorklistUnit(Answer):
    """A unit in the building: where, what is known of it, and what to ask. Posts and organisations by name, never persons.

    ``role``: operating, registered, or "" where the store does not tell; ``confirmed``: ISO to its precision."""

    unit: BodyRef
    role: str
    floor: str
    room: str
    credit_code: str
    status: str
    organisations: tuple[BodyRef, ...]
    posts: tuple[BodyRef, ...]
    coverage: str
    confirmed: str
    ask: tuple[str, ...]


class Worklist(Answer):
    """The units of one building or park by floor and room, as people count them; ``total`` of them, at most a limit is listed."""

    frame: Frame
    place: BodyRef
    units: tuple[WorklistUnit, ...]
    total: int
