"""The JSON Schemas (draft 2020-12) of what commands print: made of the shapes, and kept in config/schemas.

``python -m monitor.outputs.schemas`` writes the files anew; ``nianbao schema`` prints one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from monitor.outputs.figures import FigureRowShape
from monitor.outputs.standings import StatusShape
from monitor.outputs.why_shapes import WhyShape
from report.check_shape import CheckShape

FOLDER = Path(__file__).resolve().parents[2] / "config" / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
# By name: what is printed, and what it is called.
SHAPES: dict[str, tuple[Any, str]] = {
    "check": (list[CheckShape], "nianbao check --format json"),
    "status": (StatusShape, "nianbao status --format json"),
    "export": (list[FigureRowShape], "nianbao export --format json"),
    "why": (WhyShape, "nianbao why --format json"),
}


def make_schema(name: str) -> dict[str, Any]:
    """The schema of a name, out of its shape. KeyError where there is none."""
    shape, title = SHAPES[name]
    made = closed(TypeAdapter(shape).json_schema(mode="serialization"))
    return {"$schema": DRAFT, "$id": f"urn:nianbao:schema:{name}", **made, "title": title}


def closed(schema: Any) -> Any:
    """A schema whose maps take no key of another form, without what is said of enumerations in the code."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items() if not (key == "description" and "enum" in schema)}
    return made | ({"additionalProperties": False} if "patternProperties" in schema else {})


def schema_text(name: str) -> str:
    """The file of a schema as it is shipped. KeyError where there is none of the name."""
    if name not in SHAPES:
        raise KeyError(name)
    return (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def written(name: str) -> str:
    """What ought to stand in the file of a schema."""
    return json.dumps(make_schema(name), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in SHAPES:
        (FOLDER / f"{each}.json").write_text(written(each), encoding="utf-8")
