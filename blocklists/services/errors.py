"""What adding and changing an entry have to refuse alike."""

import uuid

from core.errors import Duplicate, StaleForm


class DuplicateEntry(Duplicate):
    """This type, value and scope are listed already; `entry_id` says where."""

    message = "This value is on the list already."

    def __init__(self, entry_id: uuid.UUID) -> None:
        super().__init__(details={"id": str(entry_id)})
        self.entry_id = entry_id


class EntryChanged(StaleForm):
    """Somebody changed the entry first; `details.fields` has `theirs` and `yours` of each field that differs."""

    message = "Somebody changed the entry after it was read; nothing was saved."
