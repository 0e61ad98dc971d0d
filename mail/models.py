"""What is waiting to be mailed, and that it was."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

_ENDED = Q(sent_at__isnull=False) | Q(failed_at__isnull=False)


class OutgoingMail(models.Model):
    """A message to a person, who may be of no organization yet. Once it has ended, only that it was remains.

    `contents` is recipient and text, encrypted. The id is a UUIDv7 of `created_at`.
    """

    id = models.UUIDField(primary_key=True, editable=False, default=uuid.uuid4)
    template = models.CharField(max_length=60)
    contents = models.BinaryField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["OutgoingMail"]] = models.Manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(_ENDED, contents__isnull=True) | Q(~_ENDED, contents__isnull=False),
                name="mail_erased_once_ended",
            ),
        )
        indexes = (
            models.Index(
                fields=["not_before", "id"], condition=Q(sent_at=None, failed_at=None), name="outgoingmail_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.template} {self.id}"
