"""Extraction that never ends for one page; importable by name in the child that is caged."""

import time

from transforms.article.extract_stage import extract_or_fail


def extract_or_hang(raw, reference):
    """Extracts an article; a page whose address says so never ends."""
    if raw.url.endswith("/never-ends"):
        time.sleep(600)
    return extract_or_fail(raw, reference)
