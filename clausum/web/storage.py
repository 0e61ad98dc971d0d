"""Static files of a production installation: named by their content, also where a module imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Puts the hashed name in `import … from "./x.js"` too, so that a new version is never mixed with an old one."""

    support_js_module_import_aggregation = True
