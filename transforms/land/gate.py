"""What decides when a request may start."""

import contextlib
from collections.abc import AsyncIterator
from typing import Protocol


class Gate(Protocol):
    """Whoever decides when a request may start (transforms.land.scheduler.DomainGate)."""

    def turn(self, url: str) -> contextlib.AbstractAsyncContextManager[None]:
        """Waits until a request to `url` may start, and keeps others of its domain out until it is done."""
        ...


class OpenGate:
    """A gate that keeps nobody waiting."""

    @contextlib.asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Lets pass."""
        yield
