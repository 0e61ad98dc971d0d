"""Generated requests against the recorded OpenAPI: whatever is sent, the answer is one that the document promises."""

from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from clausum.wsgi import application
from tests.architecture.sources import ROOT
from tests.architecture.world import World

pytestmark = pytest.mark.django_db(transaction=True)

CONFIG = SchemathesisConfig.from_dict({
    "suppress-health-check": ["all"],
    "generation": {
        "max-examples": 12,
        "deterministic": True,
        "allow-x00": False,
        "with-security-parameters": False,
        "no-shrink": True,
    },
})  # fmt: skip
_turn = count()

document = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.yaml", config=CONFIG)
document.app = application


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


@document.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_promises(case: Any, world: World) -> None:
    case.call_and_validate(headers=_credential(case, world))


def _credential(case: Any, world: World) -> dict[str, str]:
    schemes = {name for requirement in case.operation.definition.raw["security"] for name in requirement}
    who = "admin" if "accessToken" in schemes else "secret" if schemes else "nobody"
    headers = world.headers(who)
    return {"Authorization": headers["HTTP_AUTHORIZATION"]} if headers else {}
