"""What goes wrong between a raw article and a clean one."""


class ExtractError(Exception):
    """A document that gives no article.

    Attributes:
        reason: a key of schemas.quarantine.REASONS.
        detail: what exactly, for a person.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason
