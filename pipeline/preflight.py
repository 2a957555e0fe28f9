"""Checks before a run: what can't be is refused in one sentence, before anything is made."""

import importlib.util
from pathlib import Path

from pipeline.options import RunOptions, UsageError
from schemas.source import SourceSettings
from transforms.article.dates import parse_instant
from transforms.land.guard import NetPolicy
from transforms.read.files import file_path
from transforms.store.catalog import VIEWS
from transforms.store.commit import Tree


def source_settings(options: RunOptions) -> SourceSettings:
    """What the options say of every source.

    Raises:
        UsageError: `--published` is no date.
    """
    if options.published is not None and parse_instant(options.published, source="option").at is None:
        raise UsageError(
            f"--published {options.published!r} is no date: write 2025-12-23 or 2025-12-23T08:00, with +04:00 where known"
        )
    return SourceSettings(outlet=options.outlet, published=options.published)


def check_model(name: str) -> None:
    """Looks for the model without loading it.

    Raises:
        UsageError: it isn't there.
    """
    package = importlib.util.find_spec(name) if name.isidentifier() else None
    folder = Path(package.origin).parent if package and package.origin else Path(name)
    if not (folder / ("meta.json" if package else "config.cfg")).is_file():
        raise UsageError(
            f"--model {name}: no such spaCy pipeline is installed; pip install its package, or give its folder"
        )


def net_policy(options: RunOptions) -> NetPolicy:
    """What the client may reach.

    Raises:
        UsageError: `--allow-net` is no network.
    """
    try:
        return NetPolicy(options.allow_net)
    except ValueError as error:
        raise UsageError(f"--allow-net: {error}") from error


def open_output(output: str) -> str:
    """The output as an absolute path or URI, made if need be.

    Raises:
        UsageError: it can't be written to.
    """
    if "://" in output and not output.startswith("file:"):
        return _open_store(output.rstrip("/"))
    path = Path(file_path(output)).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".newsmill-probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"--output {output} can't be written to ({error.strerror}): name a folder that you may write to"
        ) from error
    return str(path)


def _open_store(output: str) -> str:
    try:
        Tree(output).files.exists(VIEWS)
    except ImportError as error:
        raise UsageError(
            f"--output {output}: the package for that store is missing ({error.name or error}); pip install it with fsspec"
        ) from error
    except Exception as error:  # each store's client has errors of its own
        raise UsageError(f"--output {output} can't be reached ({type(error).__name__}: {error})") from error
    return output
