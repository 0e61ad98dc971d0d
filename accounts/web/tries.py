"""The count of wrong guesses, as the forms use it: the same that the API keeps."""

import uuid

from allauth.core import context
from django.forms import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.begin_sign_in import begin_sign_in
from accounts.services.end_try import end_try
from accounts.services.note_refusal import Refusal, note_refusal
from accounts.throttling import RateLimited
from core.api.addresses import read_client_address
from core.clock import read_clock
from core.unit_of_work import unit_of_work


def count_try(email: str) -> uuid.UUID:
    """Keep a try as a failed one, before it is looked at, and return its id.

    Raises ValidationError after too many of the account or from the address, whether or not the account exists.
    """
    try:
        with unit_of_work():
            return begin_sign_in(email=email, address=read_client_address(context.request), now=read_clock())
    except RateLimited as error:
        minutes = -(-int(error.headers["Retry-After"]) // 60)
        raise ValidationError(
            _("Demasiados intentos. Espere %(minutes)s minutos y vuelva a intentarlo.") % {"minutes": minutes},
            code="too_many_tries",
        ) from None


def forget_try(try_id: uuid.UUID) -> None:
    """Take the try off the count: it was right."""
    with unit_of_work():
        end_try(try_id=try_id)


def tell_refusal(person: User, reason: Refusal) -> None:
    """Put it on the trail of the person's organizations."""
    with unit_of_work():
        note_refusal(user_id=person.pk, reason=reason, now=read_clock())
