"""Lists by numbered pages: which page a query asks for, its rows, and what the list's foot says and links to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

PAGE_ROWS = 50
_LONGEST_NUMBER = 5


def read_page[R](
    query: QueryDict,
    fetch: Callable[[int, int], tuple[Sequence[R], int]],
    *,
    kept: Mapping[str, str] | None = None,
    most: int | None = None,
) -> tuple[Sequence[R], dict[str, Any]]:
    """Return the rows of the page that `?page=` names and the list's foot.

    `fetch(limit, offset)` returns rows and how many there are in all. A page that is no number, or has no rows, is the
    first. The links carry `kept` along. With `most` there is no page beyond that many rows, and no exact total.
    """
    page = _read_number(query.get("page", ""))
    if most is not None and page > most // PAGE_ROWS:
        page = 1
    rows, total = fetch(PAGE_ROWS, (page - 1) * PAGE_ROWS)
    if not rows and page > 1:
        page = 1
        rows, total = fetch(PAGE_ROWS, 0)
    return rows, _describe(page, shown=len(rows), total=total, kept=kept or {}, most=most)


def _read_number(word: str) -> int:
    return max(int(word), 1) if word.isascii() and word.isdigit() and len(word) <= _LONGEST_NUMBER else 1


def _describe(page: int, *, shown: int, total: int, kept: Mapping[str, str], most: int | None) -> dict[str, Any]:
    first = (page - 1) * PAGE_ROWS
    is_cut = most is not None and total > most
    reachable = min(total, most) if most is not None else total
    said = _("más de %(total)s") % {"total": f"{most:,}"} if is_cut else f"{total:,}"
    return {
        "range": _("%(first)s a %(last)s de %(total)s") % {"first": first + 1, "last": first + shown, "total": said},
        "is_needed": total > PAGE_ROWS,
        "former": _address(kept, page - 1) if page > 1 else "",
        "next": _address(kept, page + 1) if first + shown < reachable else "",
    }


def _address(kept: Mapping[str, str], page: int) -> str:
    query = QueryDict(mutable=True)
    query.update({**kept, "page": str(page)})
    return f"?{query.urlencode()}"
