"""Entries as rows of a table and as a page of their own: words instead of codes."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.actor_names import PersonName, name_actors
from blocklists.queries import summarize_hits
from blocklists.rules.review import decide_state, is_to_review
from blocklists.types import EntryFacts, EntryState, HitSummary, ListType
from blocklists.web.words import EFFECTS, FLOWS, SEVERITIES, SOURCES, STATE_TONES, STATES, TONES, TYPES, show_value
from core.actor import Actor


@dataclass(frozen=True)
class EntryRow:
    """What a template says of an entry."""

    entry: EntryFacts
    hits: HitSummary
    people: Mapping[uuid.UUID, PersonName]
    now: datetime

    @property
    def type_label(self) -> str:
        return str(TYPES[self.entry.list_type.value])

    @property
    def value(self) -> str:
        return show_value(self.entry.list_type, self.entry.value)

    @property
    def is_clabe(self) -> bool:
        return self.entry.list_type is ListType.CLABE

    @property
    def severity(self) -> str:
        return str(SEVERITIES[self.entry.severity.value])

    @property
    def effect(self) -> str:
        return str(EFFECTS[self.entry.severity.value])

    @property
    def severity_tone(self) -> str:
        return TONES[self.entry.severity]

    @property
    def flow(self) -> str:
        return str(FLOWS[self.entry.flow_scope.value])

    @property
    def source(self) -> str:
        return str(SOURCES[self.entry.source.value])

    @property
    def state(self) -> EntryState:
        return decide_state(is_active=self.entry.is_active, expires_at=self.entry.expires_at, at=self.now)

    @property
    def state_label(self) -> str:
        return str(STATES[self.state.value])

    @property
    def state_tone(self) -> str:
        return STATE_TONES[self.state]

    @property
    def is_expired(self) -> bool:
        return self.entry.expires_at is not None and self.entry.expires_at <= self.now

    @property
    def is_to_review(self) -> bool:
        return is_to_review(is_active=self.entry.is_active, expires_at=self.entry.expires_at, at=self.now)

    @property
    def seen(self) -> str:
        """Return what a form gives back, so that it acts on nothing but what its page showed."""
        return self.entry.updated_at.isoformat()

    @property
    def who(self) -> str:
        """Return the name of who added it; what no person added says where it came from."""
        person = self.people.get(self.entry.created_by or uuid.UUID(int=0))
        return person.shown if person else ""


def make_entry_rows(entries: Iterable[EntryFacts], *, actor: Actor, now: datetime) -> list[EntryRow]:
    """Return the entries with what they met and who added them, in as many queries for two as for fifty."""
    found = list(entries)
    hits = summarize_hits(**actor.scope, entry_ids=[entry.id for entry in found])
    authors = {entry.created_by for entry in found if entry.created_by}
    people = name_actors(organization_id=actor.organization_id, people=authors, keys=()).people
    return [EntryRow(entry, hits.get(entry.id, HitSummary()), people, now) for entry in found]
