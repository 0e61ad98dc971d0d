"""Each list that comes with Clausum: what it holds, where it is from, of which day, and when that is too long ago.

They are in force for everybody, in the memory of each process, until an organization turns one off
(docs/decisions/0049).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from core.data_files import load_lines, load_rows
from feeds.types import FeedKind

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinFeed:
    """One list. `as_of` is the day of its contents; `stale_after_days` is None where age does no harm.

    `sha256` is the digest of the entries, one a line in order, so that two installations can compare theirs.
    """

    code: str
    kind: FeedKind
    title: str
    source: str
    url: str
    licence: str
    as_of: date
    stale_after_days: int | None
    entries: frozenset[str]
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        """Digest the entries once: a page shows all lists."""
        digest = hashlib.sha256("\n".join(sorted(self.entries)).encode()).hexdigest()
        object.__setattr__(self, "sha256", digest)


_FATF = "https://www.fatf-gafi.org/en/countries/black-and-grey-lists.html"
_EU_RISK = "https://finance.ec.europa.eu/financial-crime/anti-money-laundering-and-countering-financing-terrorism-international-level_en"
_EU_TAX = "https://www.consilium.europa.eu/en/policies/eu-list-of-non-cooperative-jurisdictions/"
_COUNTRY_LISTS = {
    "fatf_call_for_action_countermeasures": ("FATF: call for action, countermeasures", _FATF, 150),
    "fatf_call_for_action_enhanced": ("FATF: call for action, enhanced due diligence", _FATF, 150),
    "fatf_increased_monitoring": ("FATF: increased monitoring", _FATF, 150),
    "eu_high_risk_third_countries": ("EU: high-risk third countries", _EU_RISK, 365),
    "eu_tax_non_cooperative_annex_1": ("EU: non-cooperative for tax, annex I", _EU_TAX, 270),
}
"""Title, where it is published, and days until it must have been revised: the FATF meets thrice a year."""


def _make_country_list(row: dict[str, str]) -> BuiltinFeed:
    title, url, stale_after_days = _COUNTRY_LISTS[row["list"]]
    return BuiltinFeed(
        code=row["list"],
        kind=FeedKind.RISK_COUNTRY,
        title=title,
        source=row["source"],
        url=url,
        licence="public act",
        as_of=date.fromisoformat(row["as_of"]),
        stale_after_days=stale_after_days,
        entries=frozenset(row["iso2"].split()),
    )


BUILTIN_FEEDS: tuple[BuiltinFeed, ...] = (
    *(_make_country_list(row) for row in load_rows(DATA / "risk_countries.csv")),
    BuiltinFeed(
        code="disposable_domains",
        kind=FeedKind.DISPOSABLE_DOMAIN,
        title="Disposable e-mail domains",
        source="disposable-email-domains 0.0.293",
        url="https://github.com/disposable-email-domains/disposable-email-domains",
        licence="CC0-1.0",
        as_of=date(2026, 11, 9),
        stale_after_days=180,
        entries=frozenset(load_lines(DATA / "disposable_domains.txt")),
    ),
    BuiltinFeed(
        code="suspicious_tlds",
        kind=FeedKind.SUSPICIOUS_TLD,
        title="Suspicious top-level domains",
        source="Cybercrime Information Center, Interisle, Spamhaus, SpamAssassin",
        url="https://www.cybercrimeinfocenter.org/phishing-activity-in-tlds-august-october-2025",
        licence="facts",
        as_of=date(2025, 10, 31),
        stale_after_days=365,
        entries=frozenset(row["tld"] for row in load_rows(DATA / "suspicious_tlds.csv")),
    ),
    BuiltinFeed(
        code="generic_initiators",
        kind=FeedKind.GENERIC_INITIATOR,
        title="Generic initiators",
        source="Clausum",
        url="",
        licence="Apache-2.0",
        as_of=date(2026, 11, 22),
        stale_after_days=None,
        entries=frozenset(load_lines(DATA / "generic_initiators.txt")),
    ),
)
BUILTIN_BY_CODE: Mapping[str, BuiltinFeed] = {feed.code: feed for feed in BUILTIN_FEEDS}
