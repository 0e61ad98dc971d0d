"""Lists and versions as pages show them."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from feeds.types import FeedFacts, VersionFacts, VersionState
from feeds.web.words import (
    BUILTIN_TITLES,
    FAULT_WORDS,
    HEALTH_TONES,
    HEALTH_WORDS,
    KIND_WORDS,
    REASON_WORDS,
    REFUSAL_WORDS,
    STATE_TONES,
    STATE_WORDS,
    Text,
)


@dataclass(frozen=True)
class FeedRow:
    """One list in words."""

    feed: FeedFacts

    @property
    def title(self) -> Text:
        return BUILTIN_TITLES.get(self.feed.code, self.feed.title) if self.feed.is_builtin else self.feed.title

    @property
    def kind(self) -> Text:
        return KIND_WORDS[self.feed.kind]

    @property
    def owner(self) -> str:
        return _("De Clausum") if self.feed.is_builtin else _("Propia")

    @property
    def state(self) -> Text:
        """What a reader must know first: that nothing reads it, or how it stands."""
        if self.feed.is_locked:
            return _("No contratado")
        return HEALTH_WORDS[self.feed.health] if self.feed.is_active else _("Desactivada")

    @property
    def tone(self) -> str:
        is_read = self.feed.is_active and not self.feed.is_locked
        return HEALTH_TONES.get(self.feed.health, "") if is_read else ""

    @property
    def change(self) -> str:
        return _show_change(self.feed.added, self.feed.removed)

    @property
    def entries(self) -> str:
        return _show(self.feed.entries)

    @property
    def hits(self) -> str:
        return _show(self.feed.hits_30d)

    @property
    def failure(self) -> Text:
        return FAULT_WORDS.get(self.feed.failure, self.feed.failure)

    @property
    def schedule(self) -> str:
        hours = self.feed.schedule_hours
        return _("Cada %(hours)s horas") % {"hours": hours} if hours else _("Solo cuando se pide")

    @property
    def can_be_refreshed(self) -> bool:
        return bool(self.feed.url) and not self.feed.is_builtin and self.feed.is_active and not self.feed.is_locked


@dataclass(frozen=True)
class VersionRow:
    """One version in words."""

    version: VersionFacts

    @property
    def state(self) -> Text:
        return STATE_WORDS[self.version.state]

    @property
    def tone(self) -> str:
        return STATE_TONES.get(self.version.state, "")

    @property
    def is_to_review(self) -> bool:
        return self.version.state is VersionState.TO_REVIEW

    @property
    def reason(self) -> Text:
        return REASON_WORDS[self.version.review_reason] if self.version.review_reason else ""

    @property
    def change(self) -> str:
        return _show_change(self.version.added, self.version.removed)

    @property
    def refused(self) -> str:
        told = [f"{REFUSAL_WORDS.get(name, name)}: {_show(number)}" for name, number in self.version.refused.items()]
        return ", ".join(told)

    @property
    def entries(self) -> str:
        return _show(self.version.entries)

    @property
    def has_sample(self) -> bool:
        return bool(self.version.sample_added or self.version.sample_removed)


def _show_change(added: int | None, removed: int | None) -> str:
    if added is None or removed is None:
        return "—"
    return f"+{_show(added)} \u2212{_show(removed)}"


def _show(number: int | None) -> str:
    return "—" if number is None else str(number_format(number, force_grouping=True))
