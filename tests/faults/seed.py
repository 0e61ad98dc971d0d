"""Makes a bank with two keys in the database that DATABASE_URL names, and prints them: `python -m tests.faults.seed`."""

import json

import django


def seed() -> dict[str, str]:
    """Return a key without limits, one whose calls are counted, and the organization."""
    from tests.factories.accounts import make_api_key, make_organization  # noqa: PLC0415  apps must be loaded first

    organization = make_organization()
    _, free = make_api_key(organization=organization)
    _, counted = make_api_key(organization=organization, rate_limit_per_minute=1_000_000)
    return {"organization": str(organization.id), "free": free, "counted": counted}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(seed()))
