"""How alike two folded names are, for people and companies of Latin America.

Whole-string ratios do not part them: `María García` and `Mario Garza` are as alike in letters as `Fco. Javier Glez.`
and `Francisco Javier González`. So words are matched with words, whatever their order, and abbreviations count.
"""

from collections.abc import Sequence
from pathlib import Path

from rapidfuzz import fuzz

from core.data_files import load_lines

_TYPO_PERCENT = 80
_LONGEST_ABBREVIATION = 5
_LONGEST_ACRONYM = 6
_VOWELS = frozenset("aeiou")
_EMPTY_WORDS = frozenset(load_lines(Path(__file__).with_name("data") / "empty_name_words.txt"))


def compare_names(*, name: str, other: str) -> int:
    """Return how much of one name is in the other, in percent of its letters; the better way round, 0 to 100.

    Both are folded (`transactions.names.fold_name`). A word is in the other name when it is there with at most a
    typing error, as an initial, a beginning or an abbreviation; an acronym is its words.
    """
    words, other_words = _telling_words(name), _telling_words(other)
    if not words or not other_words:
        return 0
    if _is_acronym(words, other) or _is_acronym(other_words, name):
        return 100
    return max(_cover(words, other_words), _cover(other_words, words))


def _telling_words(name: str) -> list[str]:
    words = name.split()
    return [word for word in words if word not in _EMPTY_WORDS] or words


def _cover(words: Sequence[str], others: Sequence[str]) -> int:
    """Return the percentage of the words' letters that find a word among the others, each of which serves once."""
    free, matched = list(others), 0
    for word in sorted(words, key=len, reverse=True):
        other = word if word in free else next((other for other in free if _is_same_word(word, other)), None)
        if other is not None:
            free.remove(other)
            matched += len(word)
    return 100 * matched // sum(map(len, words))


def _is_same_word(word: str, other: str) -> bool:
    shorter, longer = sorted((word, other), key=len)
    if longer.startswith(shorter) or _is_abbreviation(shorter, longer):
        return True
    return fuzz.ratio(word, other, score_cutoff=_TYPO_PERCENT) > 0


def _is_abbreviation(word: str, whole: str) -> bool:
    """Tell whether the word keeps the first letter and then mostly consonants in order: hdez, glez, fco, gpe."""
    if word[0] != whole[0] or len(word) > _LONGEST_ABBREVIATION or sum(letter in _VOWELS for letter in word) > 1:
        return False
    rest = iter(whole)
    return all(letter in rest for letter in word)


def _is_acronym(words: Sequence[str], name: str) -> bool:
    """Tell whether the words are one, made of the initials of the name's words."""
    if len(words) != 1 or not 2 <= len(words[0]) <= _LONGEST_ACRONYM:
        return False
    whole = name.split()
    initials = {"".join(word[0] for word in chosen) for chosen in (whole, [w for w in whole if len(w) > 2])}
    return len(whole) > 1 and words[0] in initials
