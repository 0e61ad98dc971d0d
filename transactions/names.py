"""Names of people and companies, folded so that spelling does not make two of one."""

import re
import unicodedata

MAXIMUM_FOLDED_LENGTH = 140
"""In characters: pacs.008's Max140Text for a party's name; it also keeps an index row within PostgreSQL's limit."""

_DOTTED_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_APOSTROPHES = "'`\u2019\u00b4"
# Letters that Unicode does not take apart into a base letter and an accent.
_UNDIVIDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "\u0131": "i", "þ": "th", "æ": "ae", "œ": "oe"})

# Legal forms of the countries of contract §11, and the foreign ones met there, as folded words.
_LEGAL_FORMS = frozenset(
    {
        "sa", "sa de cv", "sab", "sab de cv", "sapi", "sapi de cv", "s de rl", "s de rl de cv", "srl", "srl de cv",
        "sc", "sc de rl", "sc de rl de cv", "sc de p de rl", "ac", "sas", "sas de cv", "sofom", "sofom enr", "sofom er",
        "enr", "spa", "ltda", "eirl", "saa", "sac", "eireli", "epp",
        "inc", "corp", "llc", "ltd", "limited", "plc", "gmbh", "ag", "bv", "nv", "sl", "slu",
    }
)  # fmt: skip
_LONGEST_FORM = max(form.count(" ") for form in _LEGAL_FORMS) + 1


def fold_name(name: str) -> str:
    """Return the name without case, accents, punctuation and legal form; at most 140 characters, "" when none is left.

    `Comercializadora Núñez, S.A. de C.V.` and `COMERCIALIZADORA NUNEZ` fold to one: forms are dropped from the end,
    since banks cut or omit them, and a pair of names that differ in nothing else is no mismatch (contract §7).
    A name that is a legal form and nothing more is kept.
    """
    words = [word for part in name.split(",") for word in _join_initials(_fold_letters(part).split())]
    return " ".join(_drop_legal_forms(words))[:MAXIMUM_FOLDED_LENGTH].strip()


def _fold_letters(name: str) -> str:
    """Return lower-case letters and digits; an apostrophe vanishes (O'Neill), any other sign parts words."""
    undotted = _DOTTED_INITIALS.sub(lambda found: found[0].replace(".", "") + " ", name.casefold())
    decomposed = unicodedata.normalize("NFKD", undotted).translate(_UNDIVIDED)
    kept = (
        character for character in decomposed if not unicodedata.combining(character) and character not in _APOSTROPHES
    )
    return "".join(character if character.isalnum() else " " for character in kept)


def _join_initials(words: list[str]) -> list[str]:
    """Return the words with runs of single letters joined: `s a de c v` is `sa de cv`."""
    joined: list[str] = []
    in_run = False
    for word in words:
        if len(word) == 1 and in_run:
            joined[-1] += word
        else:
            joined.append(word)
        in_run = len(word) == 1
    return joined


def _drop_legal_forms(words: list[str]) -> list[str]:
    kept = words
    while (shorter := _without_last_form(kept)) and shorter != kept:
        kept = shorter
    return kept


def _without_last_form(words: list[str]) -> list[str]:
    """Return the words without the longest legal form at their end."""
    for length in range(min(_LONGEST_FORM, len(words)), 0, -1):
        if " ".join(words[-length:]) in _LEGAL_FORMS:
            return words[:-length]
    return words
