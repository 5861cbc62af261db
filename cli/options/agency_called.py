"""The one agency that a person means, by whatever name; with the names that are near where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from cli.shown.output import CannotBeDone, plain
from config.agencies import AgencyEntry, DistrictFile
from report.agency_names import same_agency
from report.numerals import fold_width, without_space

MOST_SUGGESTIONS = 5


def agency_called(
    districts: Iterable[DistrictFile], called: str, district: str | None
) -> tuple[DistrictFile, AgencyEntry]:
    """The agency with this id, name, short name or alias. Raises CannotBeDone with the names that are near."""
    wanted = _letters(called)
    files = [one for one in districts if district is None or one.district == district]
    if not files:
        raise CannotBeDone(f"名册中没有“{plain(district)}”；请用 nianbao agencies export 查看已登记的区")
    entries = [(file, entry) for file in files for entry in file.agencies]
    exact = [pair for pair in entries if wanted == pair[1].id or wanted in map(_letters, pair[1].names)]
    if len(exact) == 1:
        return exact[0]
    if exact:
        where = "、".join(f"{file.district}的{entry.name}（{entry.id}）" for file, entry in exact)
        raise CannotBeDone(f"叫“{plain(called)}”的机关不止一个：{where}；请加 --district，或写 id")
    names = {_letters(name): entry for _, entry in entries for name in entry.names}
    near = [name for name in names if wanted and (wanted in name or same_agency(wanted, name))]
    near += get_close_matches(wanted, names, 20, 0.5)
    shown = list(dict.fromkeys(f"{names[name].name}（{names[name].id}）" for name in near))[:MOST_SUGGESTIONS]
    hint = f"相近的有：{'、'.join(shown)}" if shown else "请用 nianbao agencies export 查看名册"
    raise CannotBeDone(f"名册中没有叫“{plain(called)}”的机关；{hint}")


def _letters(name: str) -> str:
    return without_space(fold_width(name))
