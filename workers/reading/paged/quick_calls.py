"""pdfium's functions, called with plain addresses: an object of ctypes for each handle takes longer than the call.

A page asks some of them of each of its thousands of glyphs. The interpreter stays locked meanwhile, which takes less
than letting it go: a reading process has one thread.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as raw

_INT, _FLOAT, _DOUBLE = ctypes.c_int, ctypes.c_float, ctypes.c_double
_ADDRESS, _UNSIGNED = ctypes.c_void_p, ctypes.c_uint


def _quick(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, _ADDRESS).value or 0)


def address_of(handle: Any) -> int:
    """The address of what a handle of pdfium's stands for."""
    return ctypes.cast(handle, _ADDRESS).value or 0


def handle_of(address: int) -> Any:
    """The handle of an object of a page, by its address."""
    return ctypes.cast(address, raw.FPDF_PAGEOBJECT)


object_of_page = _quick(raw.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
object_of_form = _quick(raw.FPDFFormObj_GetObject, _ADDRESS, _ADDRESS, ctypes.c_ulong)
kind_of = _quick(raw.FPDFPageObj_GetType, _INT, _ADDRESS)
count_marks = _quick(raw.FPDFPageObj_CountMarks, _INT, _ADDRESS)
bounds = _quick(raw.FPDFPageObj_GetBounds, _INT, _ADDRESS, *[_ADDRESS] * 4)
fill_colour = _quick(raw.FPDFPageObj_GetFillColor, _INT, _ADDRESS, *[_ADDRESS] * 4)
has_transparency = _quick(raw.FPDFPageObj_HasTransparency, _INT, _ADDRESS)
placed = _quick(raw.FPDFPageObj_GetMatrix, _INT, _ADDRESS, _ADDRESS)
draw_mode = _quick(raw.FPDFPath_GetDrawMode, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
count_segments = _quick(raw.FPDFPath_CountSegments, _INT, _ADDRESS)
segment_of_path = _quick(raw.FPDFPath_GetPathSegment, _ADDRESS, _ADDRESS, _INT)
kind_of_segment = _quick(raw.FPDFPathSegment_GetType, _INT, _ADDRESS)
point_of_segment = _quick(raw.FPDFPathSegment_GetPoint, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
closes = _quick(raw.FPDFPathSegment_GetClose, _INT, _ADDRESS)
clip_path = _quick(raw.FPDFPageObj_GetClipPath, _ADDRESS, _ADDRESS)
count_clips = _quick(raw.FPDFClipPath_CountPaths, _INT, _ADDRESS)
count_clip_segments = _quick(raw.FPDFClipPath_CountPathSegments, _INT, _ADDRESS, _INT)
segment_of_clip = _quick(raw.FPDFClipPath_GetPathSegment, _ADDRESS, _ADDRESS, _INT, _INT)
render_mode = _quick(raw.FPDFTextObj_GetTextRenderMode, _INT, _ADDRESS)
unicode_of = _quick(raw.FPDFText_GetUnicode, _UNSIGNED, _ADDRESS, _INT)
text_object = _quick(raw.FPDFText_GetTextObject, _ADDRESS, _ADDRESS, _INT)
without_map = _quick(raw.FPDFText_HasUnicodeMapError, _INT, _ADDRESS, _INT)
loose_box = _quick(raw.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
font_size = _quick(raw.FPDFText_GetFontSize, _DOUBLE, _ADDRESS, _INT)
matrix = _quick(raw.FPDFText_GetMatrix, _INT, _ADDRESS, _INT, _ADDRESS)
