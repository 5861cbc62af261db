"""The process in which documents are read: ``python -m workers.reading.child PARENT READER MEGABYTES``.

Started by :mod:`workers.reading.child.process`. First come the forms. Then a document comes in a frame on standard
input, its report (or why there is none) goes out on standard output, until standard input ends. Other work on what
strangers wrote (judging it, writing into its file) is a task: a function that the question names.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from config.forms import FormFile
from config.loading import loading
from report.as_json import report_to_json
from report.form import Form, make_form
from report.report import Report
from report.storable import storable
from workers.reading.child.frames import receive, send
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.hints import Hints
from workers.reading.scans.recognition import scans_left_to_others

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>


def main(parent: str, reader: str, megabytes: str) -> None:
    """Answers one document after another until there are no more."""
    _end_with(int(parent))
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.basicConfig(level=logging.ERROR)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not come between the frames.
    os.dup2(2, 1)
    try:
        first, _ = receive(questions)
    except EOFError:
        return
    files = [FormFile.model_validate(one) for one in first["forms"]]
    forms = {file.form: make_form(file) for file in files}
    module, _, function = reader.partition(":")
    with loading():
        read: Callable[..., Report] = getattr(import_module(module), function)
    while True:
        try:
            question, data = receive(questions)
        except EOFError:
            return
        send(answers, *_answer(read, question, data, forms))


def _answer(
    read: Callable[..., Report], question: dict[str, Any], data: bytes, forms: Mapping[str, Form]
) -> tuple[dict[str, Any], bytes]:
    try:
        if "task" in question:
            return _done(question["task"], question["values"], data, forms)
        hints = Hints(**question["hints"])
        with scans_left_to_others(question["scans_left"]):
            report = read(data, source=question["source"], forms=forms, hints=hints)
        return {"report": storable(report_to_json(report))}, b""
    except ReadError as error:
        return {"kind": error.kind, "sentence": error.sentence}, b""
    except MemoryError:
        return {"kind": ReadErrorKind.MEMORY, "sentence": "读取时内存超过上限，已中止；请人工查看"}, b""
    except Exception as error:  # noqa: BLE001 - the edge of the process: a fault of the reader is told, not lost
        traceback.print_exc()
        return {
            "kind": ReadErrorKind.CRASHED,
            "sentence": f"读取程序出错（{type(error).__name__}）；请人工查看，并报告给维护者",
        }, b""


def _done(task: str, values: dict[str, Any], data: bytes, forms: Mapping[str, Form]) -> tuple[dict[str, Any], bytes]:
    module, _, function = task.partition(":")
    answer, file = getattr(import_module(module), function)(values, data, forms)
    return {"answer": storable(answer)}, file


def _end_with(parent: int) -> None:
    """Sees to it that this process does not outlive its parent, even where it never reads its input again."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("parent is gone")


if __name__ == "__main__":
    main(*sys.argv[1:])
