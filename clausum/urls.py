"""All routes. Each app names its own under `<app>/api/urls.py`."""

from django.urls import URLPattern, URLResolver, include, path

from clausum.api.docs import DocsView, SchemaView
from clausum.api.health import HealthView, ReadyView
from clausum.web.first import FirstPage, MissingPage
from clausum.web.palette import PaletteEntriesPage, PalettePage
from clausum.web.styleguide import StyleguideFormsView, StyleguideView, StyleguideWaterfallView

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("assess.api.urls")),  # first: each route before it costs every payment a comparison
    path("", FirstPage.as_view(), name="first"),
    path("", include("accounts.web.urls")),
    path("", include("assess.web.urls")),
    path("", include("assess.web.backtests.urls")),
    path("", include("feeds.web.urls")),
    path("", include("blocklists.web.urls")),
    path("", include("jobs.web.urls")),
    path("dashboard/palette", PalettePage.as_view(), name="palette"),
    path("dashboard/palette/entries", PaletteEntriesPage.as_view(), name="palette_entries"),
    path("styleguide", StyleguideView.as_view(), name="styleguide"),
    path("styleguide/forms", StyleguideFormsView.as_view(), name="styleguide_forms"),
    path("styleguide/waterfall", StyleguideWaterfallView.as_view(), name="styleguide_waterfall"),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("api/docs", DocsView.as_view(), name="docs"),
    path("api/v1/health", HealthView.as_view(), name="health"),
    path("api/v1/health/ready", ReadyView.as_view(), name="health-ready"),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("jobs.api.urls")),
    path("api/v1/", include("transactions.api.urls")),
    path("api/v1/", include("blocklists.api.urls")),
    path("api/v1/", include("feeds.api.urls")),
    path("dashboard/<path:rest>", MissingPage.as_view(), name="missing"),  # last: what no page before it is
]

handler400 = "core.web.errors.bad_request"
handler403 = "core.web.errors.permission_denied"
handler404 = "core.web.errors.page_not_found"
handler429 = "core.web.errors.too_many_requests"
handler500 = "core.web.errors.server_error"
