"""A register that was torn on its way, or made to hurt, is one sentence and never a traceback."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.agencies import table
from config.agencies.importing import CannotImport, planned_import
from config.agencies.spreadsheet import book_of, lines_of, table_of
from config.in_force import load_register
from tests.monitor.factory import write_register

PARTS = (
    *("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"),
    "xl/_rels/workbook.xml.rels",
)
ODD = (
    *(b'<c t="d"><v>99999999999</v></c>', b'<c t="e"><v>x</v></c>', b"&x;", b"\0", b't="d"', b's="999"'),
    *(b'r="ZZZ99999999"', b"<v>1e999</v>", b"<v>nan</v>", b"<is><t>x</t></is>"),
)


def torn(content: bytes, chance: random.Random) -> bytes:
    """A byte changed, some left out, something odd put in, or a piece of it twice; up to six times."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(made))
        match chance.randrange(4):
            case 0:
                made[place] = chance.randrange(256)
            case 1:
                del made[place : place + chance.randint(1, 40)]
            case 2:
                made[place:place] = chance.choice(ODD)
            case _:
                made[place:place] = made[: chance.randrange(len(made))][-30:]
    return bytes(made)


def with_part_torn(book: bytes, part: str, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in packed.namelist():
            content = packed.read(name)
            made.writestr(name, torn(content, chance) if name == part else content)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_however_a_table_is_torn_it_is_told_in_lines(home: Path) -> None:
    write_register(home)
    files = [load_register(home).districts["云山区"]]
    book, text = book_of(files, datetime(2024, 1, 1, tzinfo=UTC)), table_of(files).encode()
    told = 0
    for seed in range(120):
        chance = random.Random(seed)
        for content in (torn(book, chance), with_part_torn(book, chance.choice(PARTS), chance), torn(text, chance)):
            _, bad = lines_of(content)
            told += bool(bad)
    assert told > 100


def test_a_workbook_that_unpacks_to_more_than_a_register_is_not_unpacked(home: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/sharedStrings.xml", b"<si><t/></si>" * (table.LARGEST_UNPACKED // 13 + 1))
    assert len(out.getvalue()) < 1024 * 1024
    with pytest.raises(CannotImport) as error:
        planned_import(out.getvalue(), load_register(home), 2024)
    assert "解开后过大" in str(error.value.lines[0])
