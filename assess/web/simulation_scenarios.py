"""Ready payments to begin with: each works where an organization has no past, by what it supposes."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assess.suppositions import Supposition
from transactions.types import Flow

_PARTIES = {
    "currency": "MXN",
    "beneficiary__name": "Refacciones Nogal",
    "beneficiary__clabe": "014180655012345674",
    "beneficiary__country": "MX",
    "origin__account_id": "simulacion-origen",
    "origin__country": "MX",
    "payout__channel": "spei",
    "payout__initiated_by": "tesoreria.maria",
}
_PAYER = {
    "currency": "MXN",
    "email": "simulacion@example.com",
    "customer_id": "simulacion-cliente",
    "device__ip": "201.150.10.22",
    "payment_method__card_bin": "411111",
    "payment_method__card_last4": "4242",
    "payment_method__card_country": "MX",
    "billing__country": "MX",
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A payment, what it shows, and what it takes for true of the past."""

    name: str
    flow: Flow
    title: str | Promise
    shows: str | Promise
    answers: dict[str, Any] = field(default_factory=dict)
    supposition: Supposition | None = None

    @property
    def initial(self) -> dict[str, Any]:
        """Return the form's answers."""
        common = _PARTIES if self.flow is Flow.PAYOUT else _PAYER
        supposed = {"supposition": self.supposition.value} if self.supposition else {}
        return common | self.answers | supposed


SCENARIOS = (
    Scenario(
        "ordinary",
        Flow.PAYOUT,
        _("Pago ordinario"),
        _("A un proveedor conocido: se libera."),
        {"amount": "12500.00"},
        Supposition.KNOWN_BENEFICIARY,
    ),
    Scenario(
        "first",
        Flow.PAYOUT,
        _("Primer pago a una CLABE nueva"),
        _("Iniciado por una cuenta genérica: llega a revisión."),
        {"amount": "48000.00", "payout__initiated_by": "admin"},
    ),
    Scenario(
        "mule",
        Flow.PAYOUT,
        _("Cuenta mula"),
        _("Muchos orígenes pagan hoy a la misma cuenta."),
        {"amount": "9800.00"},
        Supposition.FAN_IN,
    ),
    Scenario(
        "structuring",
        Flow.PAYOUT,
        _("Fraccionamiento"),
        _("Varios pagos justo debajo de un límite."),
        {"amount": "49500.00"},
        Supposition.STRUCTURING,
    ),
    Scenario(
        "listed",
        Flow.PAYOUT,
        _("Beneficiario en lista"),
        _("Un bloqueo directo: se rechaza."),
        {"amount": "1500.00"},
        Supposition.LISTED,
    ),
    Scenario(
        "shopper",
        Flow.PAYIN,
        _("Compra ordinaria"),
        _("Una persona con una tarjeta de su país: se libera."),
        {
            "amount": "850.00",
            "behavior__session_duration_ms": "64000",
            "behavior__mouse_movements": "142",
            "behavior__keystrokes": "38",
        },
    ),
    Scenario(
        "bot",
        Flow.PAYIN,
        _("Prueba de tarjetas"),
        _("Un programa, un correo desechable y muchos intentos."),
        {
            "amount": "1.00",
            "email": "x81h2@mailinator.com",
            "payment_method__card_country": "US",
            "device__user_agent": "python-requests/2.32",
            "behavior__session_duration_ms": "900",
            "behavior__mouse_movements": "0",
        },
        Supposition.VELOCITY,
    ),
)


def find_scenario(name: str) -> Scenario | None:
    """Return the scenario of that name, or None."""
    return next((each for each in SCENARIOS if each.name == name), None)


EXAMPLES = {
    Flow.PAYOUT: """{
  "amount": 25000.50,
  "amount_unit": "major",
  "currency": "MXN",
  "beneficiary": {"name": "Refacciones Nogal", "country": "MX", "clabe": "014180655012345674"},
  "origin": {"account_id": "simulacion-origen", "country": "MX"},
  "payout": {"channel": "spei", "initiated_by": "tesoreria.maria"}
}""",
    Flow.PAYIN: """{
  "amount": 1500,
  "currency": "MXN",
  "email": "simulacion@example.com",
  "device": {"ip": "201.150.10.22"},
  "payment_method": {"card_bin": "411111", "card_last4": "4242", "card_country": "MX"},
  "billing": {"country": "MX"}
}""",
}
"""Bodies to begin with, as the API takes them."""
