"""What adding and changing an entry have to refuse alike."""

import uuid

from core.errors import Duplicate


class DuplicateEntry(Duplicate):
    """This type, value and scope are listed already; `entry_id` says where."""

    message = "This value is on the list already."

    def __init__(self, entry_id: uuid.UUID) -> None:
        super().__init__(details={"id": str(entry_id)})
        self.entry_id = entry_id
