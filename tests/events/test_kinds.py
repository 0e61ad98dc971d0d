import re

import pytest

from events.kinds import KINDS, UnknownEventKind, require_kind


def test_every_kind_is_a_thing_and_what_was_done_to_it() -> None:
    assert [kind for kind in KINDS if not re.fullmatch(r"[a-z_]+\.[a-z_]+", kind)] == []
    assert all(KINDS.values())


def test_a_kind_that_is_not_in_the_table_is_refused() -> None:
    require_kind("key.created")
    with pytest.raises(UnknownEventKind):
        require_kind("key.vanished")
