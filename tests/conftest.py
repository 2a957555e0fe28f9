"""What all tests share."""

import os

import hypothesis
import pytest

# A busy machine makes single examples slow; pytest-timeout ends what hangs.
hypothesis.settings.register_profile("newsmill", deadline=None)
hypothesis.settings.load_profile("newsmill")


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here survives a power cut: a whole run forces some fifty files to the disk, and each takes 5 ms or more."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
