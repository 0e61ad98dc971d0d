"""The Nu Html Checker (https://validator.github.io/validator/), which scripts/fetch_validator.sh brings."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

JAR = Path(settings.BASE_DIR) / ".bootstrap/vnu-26.9.27.jar"


def find_validator() -> list[str]:
    """Return the command, or skip the test and say what is missing; CI has everything."""
    java = shutil.which("java")
    is_there = java is not None and JAR.is_file()
    if not is_there:
        assert os.environ.get("CI") != "true", "CI has no HTML validator, so no page was checked"
        pytest.skip("no HTML validator on this machine (scripts/fetch_validator.sh; needs java and npm)")
    return [str(java), "-jar", str(JAR)]
