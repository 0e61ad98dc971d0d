"""From a decoded body to the payment as it is assessed: normalised values, and warnings for what cannot be read."""
