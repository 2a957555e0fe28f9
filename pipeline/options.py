"""Options of `newsmill run`: our own, checked, and those that pass through to Beam."""

import argparse
import dataclasses
import datetime as dt
import difflib
import re
from collections.abc import Sequence

from apache_beam.options.pipeline_options import PipelineOptions

from transforms.annotate.default import DEFAULT_MODEL
from transforms.land.sort import FetchMode

RUN_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")


class UsageError(Exception):
    """The command line asks for what can't be; the message says the way out. Exit code 2."""


@dataclasses.dataclass(frozen=True)
class RunOptions:
    """What one run does.

    Attributes:
        fetch: `pages` follows entries to their pages, `none` takes them as they stand; None: pages for live feeds, none for files.
        max_age: entries published longer before the start are left out; None: all.
        max_quarantine: share of the inputs that may be quarantined before the exit code is 1.
        started_at: UTC instant that stands for the whole run.
    """

    inputs: tuple[str, ...]
    output: str
    run_id: str
    started_at: dt.datetime
    fetch: FetchMode | None = None
    text: str = "full"
    published: str | None = None
    outlet: str | None = None
    dry_run: bool = False
    limit: int | None = None
    max_age: dt.timedelta | None = None
    workers: int = 1
    model: str = DEFAULT_MODEL
    max_quarantine: float = 0.1
    keep_landing: int = 7
    allow_net: tuple[str, ...] = ()
    beam: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not RUN_ID.match(self.run_id) or ".." in self.run_id:
            raise UsageError(
                f"--run-id {self.run_id!r}: letters, digits, single '.', '_' and '-' only, at most 64, a letter or digit first"
            )
        if not self.output.strip():
            raise UsageError("--output is empty: name the folder to write to")
        if self.keep_landing < 0:
            raise UsageError(f"--keep-landing {self.keep_landing}: at least 0")
        if self.workers < 1:
            raise UsageError(f"--workers {self.workers}: at least 1")
        if not 0 <= self.max_quarantine <= 1:
            raise UsageError(f"--max-quarantine {self.max_quarantine}: a share between 0 and 1")
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"--limit {self.limit}: at least 1")


def parse_duration(text: str) -> dt.timedelta:
    """Reads `15m`, `36h`, `7d`, `90s`.

    >>> parse_duration("36h")
    datetime.timedelta(days=1, seconds=43200)

    Raises:
        UsageError: the text is no duration.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", text.strip().lower())
    if not match:
        raise UsageError(f"{text!r} is no duration: write a number and s, m, h, d or w, such as 15m or 7d")
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[match[2]]
    return dt.timedelta(**{unit: float(match[1])})


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `newsmill run` to its parser."""
    add = parser.add_argument
    add("--input", action="extend", nargs="+", default=[], metavar="URL_PATH_OR_GLOB", help="what to read; repeatable")
    add("--output", required=True, metavar="DIR", help="the tree to write to, on any file system that Beam knows")
    add(
        "--fetch",
        choices=("pages", "none"),
        help="follow entries to their pages (default for live feeds) or take them as they stand (default for files)",
    )
    add(
        "--text", choices=("full", "none"), default="full", help="none leaves articles.text null in the published files"
    )
    add(
        "--published",
        metavar="DATE",
        help="date for documents that bear none, such as 2025-12-23 or 2025-12-23T08:00+04:00",
    )
    add("--outlet", metavar="NAME", help="outlet of all inputs")
    add("--run-id", metavar="ID", help="name of the run; the same id again is a no-op (default: the time of the start)")
    add("--dry-run", action="store_true", help="say what would be read and fetched, and stop")
    add("--limit", type=int, metavar="N", help="at most N entries or records of each source")
    add("--max-age", metavar="AGE", help="leave out entries older than this, such as 7d")
    add("--every", metavar="TIME", help="repeat the run at this interval, such as 15m, until SIGTERM or Ctrl-C")
    add("--workers", type=int, default=1, metavar="N", help="worker processes of the DirectRunner (default 1)")
    add("--model", default=DEFAULT_MODEL, help="spaCy model, by package name or path (default %(default)s)")
    add(
        "--max-quarantine",
        type=float,
        default=0.1,
        metavar="SHARE",
        help="exit code 1 when more of the inputs were quarantined (default %(default)s)",
    )
    add(
        "--keep-landing",
        type=int,
        default=7,
        metavar="DAYS",
        help="how long fetched bytes are kept (default %(default)s)",
    )
    add(
        "--allow-net",
        action="append",
        default=[],
        metavar="CIDR",
        help="let the client reach this network of your own; repeatable",
    )
    add(
        "--metrics", metavar="FILE", help="write counts and exit code in Prometheus' text format when the run has ended"
    )
    add("--log-json", action="store_true", help="progress as JSON lines")
    add("-q", "--quiet", action="store_true", help="nothing on stderr but errors")
    add("-v", "--verbose", action="store_true", help="more on stderr, with tracebacks")


def run_id_of(started_at: dt.datetime) -> str:
    """Id of a run that was given none.

    >>> run_id_of(dt.datetime(2026, 3, 2, 12, 30, 5))
    '20260302T123005Z'
    """
    return started_at.strftime("%Y%m%dT%H%M%SZ")


def read_run_options(args: argparse.Namespace, rest: Sequence[str], now: dt.datetime) -> RunOptions:
    """Checks the parsed arguments and makes the options of a run.

    Args:
        args: what add_run_arguments parsed.
        rest: what it didn't know, for Beam.
        now: the start of the run, UTC.

    Raises:
        UsageError: a value is out of range, or an option is neither ours nor Beam's.
    """
    if not args.input:
        raise UsageError("--input is missing: name a feed, a page, a file or a glob")
    check_beam_options(rest)
    return RunOptions(
        inputs=tuple(args.input),
        output=args.output,
        run_id=run_id_of(now) if args.run_id is None else args.run_id,
        started_at=now,
        fetch=args.fetch,
        text=args.text,
        published=args.published,
        outlet=args.outlet,
        dry_run=args.dry_run,
        limit=args.limit,
        max_age=parse_duration(args.max_age) if args.max_age else None,
        workers=args.workers,
        model=args.model,
        max_quarantine=args.max_quarantine,
        keep_landing=args.keep_landing,
        allow_net=tuple(args.allow_net),
        beam=tuple(rest),
    )


def read_interval(args: argparse.Namespace) -> float:
    """Seconds of `--every`.

    Raises:
        UsageError: it is no duration or too short, or a run id is given, which only one run can have.
    """
    every = parse_duration(args.every).total_seconds()
    if every < 1:
        raise UsageError(f"--every {args.every}: at least 1s")
    if args.run_id is not None:
        raise UsageError("--run-id names one run: with --every each run has an id of its own; leave one of them out")
    return every


def beam_options(options: RunOptions) -> PipelineOptions:
    """Options for Beam: `--runner=DirectRunner` unless another is given, and its worker processes."""
    flags = list(options.beam)
    if not any(f == "--runner" or f.startswith("--runner=") for f in flags):
        flags.append("--runner=DirectRunner")
    if options.workers > 1:
        flags += [f"--direct_num_workers={options.workers}", "--direct_running_mode=multi_processing"]
        # Each worker process would say every step it takes on stderr.
        flags.append("--default_sdk_harness_log_level=ERROR")
    return PipelineOptions(flags)


def check_beam_options(flags: Sequence[str]) -> None:
    """Refuses what Beam would swallow in silence.

    Raises:
        UsageError: an option that no Beam option class defines, with the nearest that one does.
    """
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    for options_class in sorted(_subclasses(PipelineOptions), key=lambda c: c.__name__):
        if "_add_argparse_args" in vars(options_class):
            try:
                options_class._add_argparse_args(parser)  # type: ignore[arg-type]
            except argparse.ArgumentError:  # two classes share an option
                continue
    _, unknown = parser.parse_known_args(list(flags))
    for flag in unknown:
        name = flag.split("=")[0]
        known = [o for action in parser._actions for o in action.option_strings] + [
            "--input", "--output", "--fetch", "--text", "--published", "--outlet", "--run-id", "--dry-run", "--limit",
            "--max-age", "--every", "--workers", "--model", "--max-quarantine", "--keep-landing", "--allow-net", "--metrics", "--log-json",
        ]  # fmt: skip
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"{name} is an option of neither newsmill nor Beam{hint}")


def _subclasses(root: type[PipelineOptions]) -> set[type[PipelineOptions]]:
    children: set[type[PipelineOptions]] = set(root.__subclasses__())
    return children.union(*map(_subclasses, children))
