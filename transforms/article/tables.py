"""Tables that stand beside the code as text: tab-separated, comments behind `#`."""

import importlib.resources


def read_table(name: str) -> list[str]:
    """Lines of a table of this package's data, without comments and blank ones."""
    text = importlib.resources.files("transforms.article").joinpath(f"data/{name}").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
