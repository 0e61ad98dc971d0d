"""What a user agent says of itself: a touch device, an automated client."""

from functools import lru_cache
from pathlib import Path

from core.data_files import load_lines

_DATA = Path(__file__).with_name("data")
_TOUCH = load_lines(_DATA / "touch_user_agents.txt")
_SCRIPTED = load_lines(_DATA / "scripted_user_agents.txt")


@lru_cache(maxsize=2048)
def is_touch(user_agent: str) -> bool:
    """Tell whether the user agent is of a device without a mouse, or of an app on one."""
    folded = user_agent.lower()
    return any(fragment in folded for fragment in _TOUCH)


@lru_cache(maxsize=2048)
def is_scripted(user_agent: str) -> bool:
    """Tell whether the user agent is of a headless browser, a program or a crawler."""
    folded = user_agent.lower()
    return any(fragment in folded for fragment in _SCRIPTED)
