"""pdfium's functions, called with as little around each call as ctypes allows: a page has thousands of glyphs.

What a call is given is not looked at: an :class:`Address` where pdfium wants one, a plain int where it wants a number.
To be told the kinds of its arguments makes a call take twice as long; here their annotations say them. The interpreter
stays locked meanwhile, which takes less than letting it go: a reading process has one thread.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from typing import Any, cast

import pypdfium2.raw as raw


class Address(ctypes.c_void_p):
    """Where something of pdfium's stands, or where pdfium puts what it tells; false for nowhere."""

    __slots__ = ()


_INT, _UNSIGNED = ctypes.c_int, ctypes.c_uint


def _quick(function: Any, result: Any) -> Any:
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(function, ctypes.c_void_p).value or 0)


def address_of(handle: Any) -> Address:
    """The address of what a handle of pdfium's stands for."""
    return ctypes.cast(handle, Address)


def handle_of(address: Address | int) -> Any:
    """The handle of an object of a page, by its address."""
    return ctypes.cast(address, raw.FPDF_PAGEOBJECT)


def ready(address: Address) -> Address:
    """An address in the form in which ctypes hands it on as it is; worth it for one that many calls are given."""
    return cast(Address, ctypes.byref(ctypes.c_char.from_address(address.value or 0)))


def all_ready(numbers: Iterable[int]) -> list[Address]:
    """Addresses in that form, by their numbers: worth it where several questions are asked of each."""
    return cast(list[Address], list(map(ctypes.byref, map(ctypes.c_char.from_address, numbers))))


def room_in(array: ctypes.Array[Any]) -> tuple[Address, ...]:
    """The addresses of an array's elements, for what pdfium tells; good as long as the array is."""
    size = ctypes.sizeof(array._type_)
    return tuple(cast(Address, ctypes.byref(array, size * index)) for index in range(len(array)))


_OfOne = Callable[[Address], int]
_OfOneAndNumber = Callable[[Address, int], int]

object_of_page: Callable[[Address, int], Address] = _quick(raw.FPDFPage_GetObject, Address)
object_of_form: Callable[[Address, ctypes.c_ulong], Address] = _quick(raw.FPDFFormObj_GetObject, Address)
kind_of: _OfOne = _quick(raw.FPDFPageObj_GetType, _INT)
count_marks: _OfOne = _quick(raw.FPDFPageObj_CountMarks, _INT)
bounds: Callable[[Address, Address, Address, Address, Address], int] = _quick(raw.FPDFPageObj_GetBounds, _INT)
fill_colour: Callable[[Address, Address, Address, Address, Address], int] = _quick(raw.FPDFPageObj_GetFillColor, _INT)
has_transparency: _OfOne = _quick(raw.FPDFPageObj_HasTransparency, _INT)
placed: Callable[[Address, Address], int] = _quick(raw.FPDFPageObj_GetMatrix, _INT)
draw_mode: Callable[[Address, Address, Address], int] = _quick(raw.FPDFPath_GetDrawMode, _INT)
count_segments: _OfOne = _quick(raw.FPDFPath_CountSegments, _INT)
segment_of_path: Callable[[Address, int], Address] = _quick(raw.FPDFPath_GetPathSegment, Address)
kind_of_segment: _OfOne = _quick(raw.FPDFPathSegment_GetType, _INT)
point_of_segment: Callable[[Address, Address, Address], int] = _quick(raw.FPDFPathSegment_GetPoint, _INT)
closes: _OfOne = _quick(raw.FPDFPathSegment_GetClose, _INT)
clip_path: Callable[[Address], Address] = _quick(raw.FPDFPageObj_GetClipPath, Address)
count_clips: _OfOne = _quick(raw.FPDFClipPath_CountPaths, _INT)
count_clip_segments: _OfOneAndNumber = _quick(raw.FPDFClipPath_CountPathSegments, _INT)
segment_of_clip: Callable[[Address, int, int], Address] = _quick(raw.FPDFClipPath_GetPathSegment, Address)
render_mode: _OfOne = _quick(raw.FPDFTextObj_GetTextRenderMode, _INT)
unicode_of: _OfOneAndNumber = _quick(raw.FPDFText_GetUnicode, _UNSIGNED)
# As a number: most of them are known by it.
text_object: _OfOneAndNumber = _quick(raw.FPDFText_GetTextObject, ctypes.c_size_t)
without_map: _OfOneAndNumber = _quick(raw.FPDFText_HasUnicodeMapError, _INT)
loose_box: Callable[[Address, int, Address], int] = _quick(raw.FPDFText_GetLooseCharBox, _INT)
outline: Callable[[Address, int, Address, Address, Address, Address], int] = _quick(raw.FPDFText_GetCharBox, _INT)
size_of: Callable[[Address, Address], int] = _quick(raw.FPDFTextObj_GetFontSize, _INT)
matrix: Callable[[Address, int, Address], int] = _quick(raw.FPDFText_GetMatrix, _INT)
