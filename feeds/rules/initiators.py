"""Names of who initiated a payout, folded so that a list meets them in any dress."""

import unicodedata


def fold_initiator(initiator: str) -> str:
    """Return the letters and digits of a user name, or of what stands before the @, without a number at the end.

    `Admin-01`, `admin+mx@bank.example` and `ADMIN` are one; a number alone is an employee's and stays.
    """
    mailbox = initiator.strip().partition("@")[0]
    local = mailbox.partition("+")[0] or mailbox
    decomposed = unicodedata.normalize("NFKD", local.casefold())
    kept = "".join(character for character in decomposed if character.isalnum())
    return kept.rstrip("0123456789") or kept
