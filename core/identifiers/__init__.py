"""Identifiers of payments and people: one module per kind.

Every module offers ``compact`` (canonical form, never raises), ``validate``
(canonical form, or an :class:`~core.identifiers.errors.InvalidIdentifier`) and
``is_valid``. What is stored and what is matched is always the canonical form.
"""
