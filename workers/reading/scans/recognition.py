"""What is written in the picture of one line: PP-OCRv6 on onnxruntime, with the model that the rapidocr wheel carries.

The model is run directly, not through rapidocr's own classes: those pad every line to the width of ten characters,
which takes five times as long for a cell with one digit, and keep from the caller how sure each character is. Nothing
is ever downloaded. numpy, onnxruntime and OpenCV are loaded with the first line to be read.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.reading.errors import ReadError, ReadErrorKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOW_TO_INSTALL = (
    "但没有安装文字识别组件；请在安装目录执行 .venv/bin/pip install -e '.[ocr]' 后再试，或提供有文字的版本。"
)
_LIBRARIES = ("numpy", "onnxruntime", "cv2", "rapidocr")
_MODEL = "models/PP-OCRv6_rec_small.onnx"
_HEIGHT = 48
# Widths are rounded up, so that pictures go through the model together; the model halves a width three times.
_STEP, _NARROWEST = 24, 48
_TIGHT_STEP, _TIGHT_NARROWEST = 8, 24
_WIDEST = 2400
# Numbers that go through the model at once, as pixels of width: wide enough to be fast, small enough for its memory.
_BATCH_WIDTH = 1536
_BLANK = 0
# Address space, in bytes: 1.2 GB was measured, of which 0.35 GB were in use.
_ADDRESSES = 1280 * 2**20
# What can stand in a number, each with the characters that look like it.
_ALIKE = ("0OoDQ〇○", "1Il|", *"23456789", ".", ",", "-—一", "/", "%")
_FULL_WIDTH = 0xFEE0


@dataclass(frozen=True, slots=True)
class Written:
    """What was read in one line: its characters, and how sure (0 to 1) each of them is."""

    text: str
    sureness: tuple[float, ...]

    @property
    def least(self) -> float:
        """How sure the least sure character is; 0 where there is none."""
        return min(self.sureness, default=0.0)


def recognition_is_installed() -> bool:
    """Whether the extra ``ocr`` is there; nothing is loaded to find out."""
    return all(find_spec(name) is not None for name in _LIBRARIES)


_SCANS_ARE_LEFT: ContextVar[bool] = ContextVar("scans_are_left", default=False)


@contextmanager
def scans_left_to_others(are_left: bool = True) -> Iterator[None]:
    """While this lasts, a document of which a picture has to be read raises ReadError (scan), before that is begun.

    Only where pictures could be read here: elsewhere it is read as far as it can be.
    """
    token = _SCANS_ARE_LEFT.set(are_left)
    try:
        yield
    finally:
        _SCANS_ARE_LEFT.reset(token)


def leave_scan() -> None:
    """Raises ReadError (scan) where scans are left to others."""
    if _SCANS_ARE_LEFT.get():
        raise ReadError(ReadErrorKind.SCAN, "这是扫描件或图片，由专门识别文字的读取进程处理")


def check_recognition() -> None:
    """Raises ReadError where the extra ``ocr`` is not installed, or this process may not use the memory that it takes.

    And where scans are left to others. To be asked before numpy and OpenCV are loaded, which end the process where they
    find no room.
    """
    if not recognition_is_installed():
        raise ReadError(ReadErrorKind.KIND_NOT_READ, f"这是扫描件或图片，{HOW_TO_INSTALL}")
    leave_scan()
    if not recognition_is_possible():
        raise ReadError(
            ReadErrorKind.MEMORY,
            f"识别扫描件的内存上限不能低于 {_ADDRESSES // 2**20} MB；请调大 NIANBAO_READ_MEMORY_MEGABYTES 后再试。",
        )


def recognition_is_possible() -> bool:
    """Whether the extra ``ocr`` is there and this process may use the memory that it takes."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return recognition_is_installed() and (limit == resource.RLIM_INFINITY or limit >= _ADDRESSES)


def read_lines(pictures: Sequence[NDArray[Any]], *, numbers: bool = False, tight: bool = False) -> list[Written]:
    """What is written in each picture: one line of dark characters on light ground (grey, uint8), of any height.

    With ``numbers`` only digits and what stands beside them are thought of, letters that look like a digit counted as
    it; how sure a character is stays measured against all there are. With ``tight`` next to no ground is put beside a
    picture: what the model takes is measured in pixels of width. Raises ReadError where the extra ``ocr`` is not
    installed.
    """
    if not pictures:
        return []
    recogniser = _recogniser()
    written: list[Written] = [Written("", ())] * len(pictures)
    # Of 192 numbers on a page that was never on paper some 80 look different.
    alike: dict[bytes, list[int]] = {}
    prepared: list[tuple[NDArray[Any], int]] = []
    for index, picture in enumerate(pictures):
        ready = recogniser.prepare(picture, tight)
        same = alike.setdefault(ready.tobytes(), [])
        if not same:
            prepared.append((ready, index))
        same.append(index)
    prepared.sort(key=lambda pair: pair[0].shape[1])
    batch: list[tuple[NDArray[Any], int]] = []
    for one in prepared:
        if batch and (one[0].shape[1] != batch[0][0].shape[1] or one[0].shape[1] * (len(batch) + 1) > _BATCH_WIDTH):
            recogniser.read(batch, written, numbers)
            batch = []
        batch.append(one)
    if batch:
        recogniser.read(batch, written, numbers)
    for first, *others in alike.values():
        for index in others:
            written[index] = written[first]
    return written


class _Recogniser:
    """The model in memory."""

    def __init__(self, model: Path) -> None:
        import cv2
        import numpy
        import onnxruntime

        from workers.reading.scans.writing import ground_of

        self._ground_of = ground_of
        self._cv2, self._numpy = cv2, numpy
        # One worker process a core is how this scales: a second thread takes an eighth more of the cores' time, and
        # OpenCV's own would only cost address space.
        cv2.setNumThreads(1)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # An arena keeps the memory of the widest line for ever.
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        characters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *characters, " "]
        place = {character: index for index, character in enumerate(self._characters)}
        self._alike = {
            place[group[0]]: [place[each] for each in (*group, chr(ord(group[0]) + _FULL_WIDTH)) if each in place]
            for group in _ALIKE
        }

    def prepare(self, picture: NDArray[Any], tight: bool) -> NDArray[Any]:
        """The picture at the model's height, its width rounded up with ground to one of a few widths."""
        height, width = picture.shape
        wanted = min(max(round(width * _HEIGHT / height), 8), _WIDEST)
        method = self._cv2.INTER_AREA if height > _HEIGHT else self._cv2.INTER_CUBIC
        scaled = self._cv2.resize(picture, (wanted, _HEIGHT), interpolation=method)
        step, narrowest = (_TIGHT_STEP, _TIGHT_NARROWEST) if tight else (_STEP, _NARROWEST)
        room = max(narrowest, -(-wanted // step) * step) - wanted
        return self._cv2.copyMakeBorder(
            scaled,
            0,
            0,
            room // 2,
            room - room // 2,
            self._cv2.BORDER_CONSTANT,
            value=[self._ground_of(scaled.astype(self._numpy.uint8, copy=False))],
        )

    def read(self, batch: Sequence[tuple[NDArray[Any], int]], written: list[Written], numbers: bool) -> None:
        """Reads pictures of one width and puts what they say to their places in ``written``."""
        numpy = self._numpy
        grey = numpy.stack([picture for picture, _ in batch]).astype(numpy.float32) / 127.5 - 1
        images = numpy.repeat(grey[:, None], 3, axis=1)
        output: Any = self._session.run(None, {self._input: images})[0]
        if numbers:
            output = self._as_numbers(output)
        best, sure = output.argmax(axis=2), output.max(axis=2)
        for (_, index), classes, chances in zip(batch, best, sure, strict=True):
            written[index] = self._decode(classes, chances)

    def _as_numbers(self, output: NDArray[Any]) -> NDArray[Any]:
        """The chances of what can stand in a number, and none for the rest."""
        numbers = self._numpy.zeros_like(output)
        numbers[..., _BLANK] = output[..., _BLANK]
        for index, alike in self._alike.items():
            numbers[..., index] = output[..., alike].sum(axis=2)
        return numbers

    def _decode(self, classes: NDArray[Any], chances: NDArray[Any]) -> Written:
        """CTC: a class that goes on is one character, the blank parts two that are equal."""
        letters: list[str] = []
        sureness: list[float] = []
        last = _BLANK
        for each, chance in zip(classes.tolist(), chances.tolist(), strict=True):
            if each != _BLANK and each != last:
                letters.append(self._characters[each])
                sureness.append(chance)
            elif each != _BLANK:
                sureness[-1] = max(sureness[-1], chance)
            last = each
        return Written("".join(letters), tuple(sureness))


@lru_cache(maxsize=1)
def _recogniser() -> _Recogniser:
    """The model, loaded once and kept. Raises ReadError where it cannot be."""
    package = find_spec("rapidocr")
    assert package is not None and package.origin is not None  # noqa: S101 - narrows the type; it was found above
    return _Recogniser(Path(package.origin).parent / _MODEL)
