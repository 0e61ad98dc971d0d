"""Files of the runner: private by mode, whole or absent."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def make_private_folder(folder: Path) -> Path:
    """Make the folder, open to its owner only, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    return folder


def write_private(path: Path, text: str) -> None:
    """Write the file in one step, readable by its owner only: a reader sees the old text or the new, never half."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def read_or_make_secret(path: Path) -> str:
    """Return the secret kept in the file (48 random bytes, URL-safe); made on first use."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()


def read_state(path: Path) -> dict[str, Any]:
    """Return the JSON object kept in the file; empty when it is missing or was damaged."""
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(path: Path, state: dict[str, Any]) -> None:
    write_private(path, json.dumps(state, indent=2) + "\n")


def open_log(path: Path) -> int:
    """Return a descriptor of an empty private log; the log of the run before is kept beside it as `<name>.1`."""
    if path.exists():
        path.replace(path.with_name(path.name + ".1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)


def read_tail(path: Path, *, lines: int = 40) -> str:
    """Return the last lines of a log, reading at most 64 KiB of it; empty when there is none."""
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - 65_536))
            text = stream.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
