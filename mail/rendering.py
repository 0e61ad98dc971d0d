"""Makes a message from its three templates: `emails/<name>.subject.txt`, `.txt` and `.html`."""

from collections.abc import Mapping

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from mail.types import Mail

_LANGUAGES = {code.lower(): code for code, _name in settings.LANGUAGES}


def render_mail(*, recipient: str, template: str, context: Mapping[str, object], language: str) -> Mail:
    """Return the message in the recipient's language; in Spanish when the language is none of ours.

    Templates get `base_url` and `language` besides the context. Raises TemplateDoesNotExist.
    """
    chosen = _LANGUAGES.get(language.lower(), settings.LANGUAGE_CODE)
    given = {"base_url": settings.BASE_URL.rstrip("/"), "language": chosen, **context}
    with translation.override(chosen):
        return Mail(
            recipient=recipient,
            subject=" ".join(_render(f"emails/{template}.subject.txt", given).split()),
            text=_render(f"emails/{template}.txt", given).strip() + "\n",
            html=_render(f"emails/{template}.html", given),
            language=chosen,
        )


def _render(name: str, context: Mapping[str, object]) -> str:
    """Render with escaping where the file is HTML, and without where it is text."""
    template = get_template(name).template  # type: ignore[attr-defined]  # of Django's own engine, the only one here
    rendered: str = template.render(Context(dict(context), autoescape=name.endswith(".html")))
    return rendered
