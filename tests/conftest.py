"""What all tests share."""

import atexit
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


_status = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keeps what the run came to."""
    session.config.stash[_status] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the process with the run's own exit code, as the program does: see pipeline.__main__.enter."""
    if _status in config.stash:
        atexit._run_exitfuncs()
        config.get_terminal_writer().flush()
        os._exit(config.stash[_status])
