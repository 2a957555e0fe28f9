"""`views.sql` at the root of the tree, written at each commit."""

from schemas.fields import SCHEMA_VERSION
from schemas.listing import LISTS, Listing, empty_file
from schemas.manifest import Manifest
from schemas.views import extend_views, views_sql
from transforms.store.catalog import VIEWS, list_files, step_listing
from transforms.store.encode import encode_rows, schema_of
from transforms.store.filesystem import FileSystem


def write_views(files: FileSystem, manifest: Manifest) -> None:
    """Writes the views as of a manifest, and the zero-row files that they need."""
    for name in LISTS:
        if not files.exists(empty_file(name)):
            files.write_atomic(empty_file(name), encode_rows([], schema_of(name)))
    text = _extended(files, manifest)
    if text is None:
        text = views_sql(files.root, list_files(files, manifest), manifest.run_id, manifest.sequence)
    files.write_atomic(VIEWS, text.encode())


def _extended(files: FileSystem, manifest: Manifest) -> str | None:
    """The views of the commit before with the files of this one; None where that is not all there is to it."""
    if manifest.removed or manifest.previous is None or manifest.schema_version != SCHEMA_VERSION:
        return None
    try:
        text = files.read(VIEWS).decode()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    previous = (manifest.previous, manifest.sequence - 1)
    added = step_listing(Listing(), manifest).current
    return extend_views(text, previous, files.root, added, manifest.run_id, manifest.sequence)
