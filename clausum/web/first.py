"""`/` sends a person to the first page that they may see; what is not there says so."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.web.admission import MemberPage
from accounts.web.sign_in import OWN_ACCOUNT
from clausum.web.navigation import list_parts
from core.errors import NotFound


class FirstPage(MemberPage):
    """Shows nothing itself; whoever may see no part of the product has at least their own account."""

    permission = OWN_ACCOUNT

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send the reader on."""
        parts = list_parts(actor=self.actor, modules=self.member.organization.modules)
        return HttpResponseRedirect(parts[0].url if parts else reverse("account"))


class MissingPage(MemberPage):
    """Whatever is not there under `/dashboard/`, told in the frame that its reader works in."""

    permission = OWN_ACCOUNT
    is_open_without_second_factor = True

    def get(self, request: HttpRequest, rest: str) -> HttpResponse:
        """Raise NotFound."""
        raise NotFound
