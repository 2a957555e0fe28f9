"""The one error that reading may raise for bad input."""


class ParseError(Exception):
    """An input that cannot be read; becomes one quarantine row.

    Attributes:
        reason: a key of `schemas.quarantine.REASONS`.
        detail: what exactly, for a person.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        # Both go to Exception, so that the error survives pickling on its way out of a child process.
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
