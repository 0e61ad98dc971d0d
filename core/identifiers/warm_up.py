"""Reading the data files of the identifiers before the first request needs them."""

from core.identifiers import email, iban, phone

# The jurisdictions of the product, and where their payments mostly come from or go.
_PHONES = (
    "+525512345678",
    "+12015550123",
    "+34612345678",
    "+56221234567",
    "+5511961234567",
    "+51912345678",
    "+573211234567",
    "+59894231234",
    "+5491123456789",
)


def warm_up() -> None:
    """Load public suffixes, IDNA tables, IBAN registry and dialling plans (about 0.1 s).

    For a web process to call once, before it serves: the first request would
    otherwise pay for it out of its own deadline.
    """
    email.registrable_parents("example.com")
    email.compact_domain("méxico.example")
    iban.is_valid("GB82WEST12345698765432")
    for number in _PHONES:
        phone.compact(number)
