"""The branch of the error tree for an operator's wishes about webhooks. Its root is in `errors.py`.

WebhookError
  DeliveryUnknown           no webhook has this id
  DeliveryUnderWay          it is being sent at this moment
  SigningKeyUnknown         no published key has this id
  SigningKeyInUse           the key signs now, and cannot go
"""

from __future__ import annotations

from soundstage.errors import SoundstageError


class WebhookError(SoundstageError):
    """What an operator asked of webhooks cannot be done."""

    kind = "webhook_error"


class DeliveryUnknown(WebhookError):
    """No webhook has this id."""

    kind = "delivery_unknown"


class DeliveryUnderWay(WebhookError):
    """The webhook is being sent at this moment."""

    kind = "delivery_under_way"


class SigningKeyUnknown(WebhookError):
    """No published key has this id."""

    kind = "signing_key_unknown"


class SigningKeyInUse(WebhookError):
    """The key signs now: without it no webhook could be believed."""

    kind = "signing_key_in_use"
