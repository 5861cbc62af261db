"""Days and moments as they stand in JSON: ISO 8601, moments in UTC with their offset."""

from __future__ import annotations

from typing import Annotated

from pydantic import WithJsonSchema

Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
