"""Routes under /api/v1/."""

from django.urls import path

from accounts.api.api_keys import KeyDetailView, KeyListView, KeyRevocationView, KeyRotationView
from accounts.api.submerchants import SubmerchantListView, SubmerchantView
from accounts.api.team import (
    InvitationListView,
    InvitationResendView,
    InvitationRevocationView,
    MemberListView,
    MemberView,
)
from accounts.api.tokens import TokenView

urlpatterns = [
    path("auth/token", TokenView.as_view(), name="auth-token"),
    path("keys", KeyListView.as_view(), name="api-keys"),
    path("keys/<uuid:key_id>", KeyDetailView.as_view(), name="api-key"),
    path("keys/<uuid:key_id>/rotate", KeyRotationView.as_view(), name="api-key-rotate"),
    path("keys/<uuid:key_id>/revoke", KeyRevocationView.as_view(), name="api-key-revoke"),
    path("submerchants", SubmerchantListView.as_view(), name="api-submerchants"),
    path("submerchants/<uuid:submerchant_id>", SubmerchantView.as_view(), name="api-submerchant"),
    path("team/members", MemberListView.as_view(), name="team-members"),
    path("team/members/<uuid:membership_id>", MemberView.as_view(), name="team-member"),
    path("team/invitations", InvitationListView.as_view(), name="team-invitations"),
    path("team/invitations/<uuid:invitation_id>/resend", InvitationResendView.as_view(), name="invitation-resend"),
    path(
        "team/invitations/<uuid:invitation_id>/revoke",
        InvitationRevocationView.as_view(),
        name="invitation-revoke",
    ),
]
