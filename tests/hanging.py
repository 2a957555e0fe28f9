"""Extraction that never ends, or ends its process, for one page; importable by name in the child that is caged."""

import os
import time

from transforms.article.extract_stage import extract_or_fail


def extract_or_hang(raw, reference):
    """Extracts an article; a page whose address says so never ends."""
    if raw.url.endswith("/never-ends"):
        time.sleep(600)
    return extract_or_fail(raw, reference)


def extract_or_die(raw, reference):
    """Extracts an article; a page whose text says so ends the process."""
    if "dies here" in (raw.text or ""):
        os._exit(11)
    return extract_or_fail(raw, reference)
