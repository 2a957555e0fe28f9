"""Is this machine fit to run newsmill? Each check says what it found and, where that won't do, the way out."""

import dataclasses
import importlib.metadata
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import duckdb
from packaging.requirements import Requirement

from pipeline.options import UsageError
from pipeline.preflight import check_model, open_output
from transforms.annotate.default import DEFAULT_MODEL
from transforms.read.files import file_path

# Measured: a run of 3,600 stories takes 0.9 GB at its peak.
MEMORY_BYTES = 2 * 1024**3
DISK_BYTES = 1024**3
_EXTRA = re.compile(r"extra\s*==")


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        state: `ok`; `warn`: runs, but see `way_out`; `fail`: won't run.
    """

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    way_out: str = ""


def examine(output: str | None, model: str = DEFAULT_MODEL) -> Iterator[Finding]:
    """All checks in order.

    Args:
        output: the tree that is to be written; None: any.
        model: spaCy pipeline.
    """
    yield examine_python(sys.version_info[:2])
    yield examine_packages(importlib.metadata.requires("newsmill") or [])
    yield examine_model(model)
    yield examine_memory(memory_bytes())
    yield examine_folder("scratch", tempfile.gettempdir(), "set TMPDIR to a folder on a larger disk")
    yield examine_workers()
    yield examine_duckdb()
    if output is not None:
        yield examine_output(output)


def examine_python(version: tuple[int, ...]) -> Finding:
    """Python 3.11 or later."""
    shown = ".".join(map(str, version))
    if version < (3, 11):
        return Finding("python", "fail", shown, "install Python 3.11 or later, remove .venv, and run ./run_local.sh")
    return Finding("python", "ok", shown)


def examine_packages(requirements: list[str]) -> Finding:
    """Every package that newsmill needs is there in a version that it was tested with."""
    wrong = []
    needed = [Requirement(text) for text in requirements if not _EXTRA.search(text)]
    for requirement in needed:
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} {version} is not {requirement.specifier}")
    if wrong:
        return Finding("packages", "fail", "; ".join(wrong), "pip install --require-hashes -r requirements.lock")
    return Finding("packages", "ok", f"{len(needed)} requirements met")


def examine_model(name: str) -> Finding:
    """The language model loads and parses."""
    try:
        check_model(name)
    except UsageError as error:
        return Finding("model", "fail", str(error), "pip install --require-hashes -r requirements.lock")
    from transforms.annotate.model import load_model

    parsed = load_model(name)("The ministers met in Oslo.")
    if not parsed.has_annotation("DEP"):
        return Finding("model", "fail", f"{name} does not parse", "leave --model out, or name a pipeline with a parser")
    return Finding("model", "ok", f"{name}, {len(parsed)} tokens parsed")


def memory_bytes() -> int | None:
    """Memory that this process may use: of the machine or of its control group; None where it can't be told."""
    limits = []
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        limits.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    group = Path("/sys/fs/cgroup/memory.max")
    text = group.read_text().strip() if group.is_file() else "max"
    if text.isdigit():
        limits.append(int(text))
    return min(limits, default=None)


def examine_memory(size: int | None) -> Finding:
    """Room for the model and a run of some thousand stories."""
    if size is None:
        return Finding("memory", "warn", "unknown", f"a run wants {_gigabytes(MEMORY_BYTES)}")
    if size < MEMORY_BYTES:
        way_out = f"give it {_gigabytes(MEMORY_BYTES)}, or keep runs small with --limit and --workers 1"
        return Finding("memory", "warn", _gigabytes(size), way_out)
    return Finding("memory", "ok", _gigabytes(size))


def examine_folder(name: str, folder: str, way_out: str) -> Finding:
    """A folder that can be written to and has room."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding(name, "fail", f"{folder} can't be written to ({error.strerror})", way_out)
    state: Literal["ok", "warn"] = "ok" if free >= DISK_BYTES else "warn"
    return Finding(name, state, f"{folder}, {_gigabytes(free)} free", "" if state == "ok" else way_out)


def examine_workers() -> Finding:
    """Worker processes can be started and share memory, as --workers and the cage for parsers need."""
    try:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            answer = pool.apply(os.getpid)
    except OSError as error:
        return Finding("processes", "fail", f"none can be started ({error.strerror})", "allow processes and /dev/shm")
    return Finding("processes", "ok" if answer != os.getpid() else "fail", f"{os.cpu_count()} cores")


def examine_duckdb() -> Finding:
    """The reader reads."""
    ((answer,),) = duckdb.connect().execute("SELECT 6 * 7").fetchall()
    return Finding("duckdb", "ok" if answer == 42 else "fail", duckdb.__version__)


def examine_output(output: str) -> Finding:
    """The tree can be written and has room; a folder that is not there yet is not made."""
    if "://" in output and not output.startswith("file:"):
        try:
            return Finding("output", "ok", f"{open_output(output)} answers")
        except UsageError as error:
            return Finding("output", "fail", str(error), "name another with --output")
    place = Path(file_path(output)).expanduser().absolute()
    while not place.exists():
        place = place.parent
    return examine_folder("output", str(place), "name another --output, or `newsmill expire` what is old")


def _gigabytes(size: int) -> str:
    return f"{size / 1024**3:.1f} GB"
