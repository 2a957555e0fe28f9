"""`newsmill run`: the pipeline."""

import argparse
import datetime as dt
import json
import logging
import sys
import time
from typing import Any

from pipeline.display import choose_display
from pipeline.metrics import write_metrics
from pipeline.options import UsageError, add_run_arguments, read_interval, read_run_options
from pipeline.schedule import USAGE, run_every, without_every
from transforms.store.errors import StoreError


def add_parser(subparsers: Any) -> None:
    """Adds the command to the program's sub-parsers."""
    parser = subparsers.add_parser(
        "run",
        help="the pipeline: read, drop near-identical stories, extract events, write",
        epilog="All Beam pipeline options pass through; --runner=DirectRunner is the default.",
        allow_abbrev=False,
    )
    add_run_arguments(parser)
    parser.set_defaults(run=run)


class Console:
    """Progress on stderr: plain lines, or JSON with --log-json, nothing with -q."""

    def __init__(self, *, quiet: bool = False, as_json: bool = False) -> None:
        self._quiet, self._json = quiet, as_json

    def say(self, text: str, **values: Any) -> None:
        """Says something that a person may want to know."""
        if not self._quiet:
            self.must(text, **values)

    def must(self, text: str, **values: Any) -> None:
        """Says what has to be said."""
        line = json.dumps({"message": text, **values}, ensure_ascii=False) if self._json else f"newsmill: {text}"
        print(line, file=sys.stderr, flush=True)


def run(args: argparse.Namespace) -> int:
    """Runs the pipeline and returns the exit code."""
    console = Console(quiet=args.quiet, as_json=args.log_json)
    code = _run_guarded(args, console)
    # A series leaves it to its runs.
    if args.metrics is not None and args.every is None and not args.dry_run:
        try:
            write_metrics(args.metrics, code, args.output)
        except OSError as error:
            console.must(f"--metrics {args.metrics} can't be written ({error.strerror}); the run itself is not touched")
    return code


def _run_guarded(args: argparse.Namespace, console: Console) -> int:
    # Beam logs the traceback of a fault, and then raises it: one clear sentence is enough unless more is asked for.
    logging.getLogger().setLevel(logging.INFO if args.verbose else logging.CRITICAL)
    try:
        if args.every is not None and not args.dry_run:
            return _run_every(args, console)
        return _run(args, console)
    except UsageError as error:
        console.must(str(error))
        return 2
    except StoreError as error:
        from pipeline.maintain import exit_code  # loads Arrow: not for a usage error

        console.must(str(error))
        return exit_code(error)
    except KeyboardInterrupt:
        console.must("stopped; what was not committed is taken back by the next run")
        return 130
    except Exception as error:
        if args.verbose:
            logging.exception("the run failed")
        first = str(error).strip().splitlines() or [""]
        console.must(
            f"the run failed by a fault of newsmill's own ({type(error).__name__}: {first[-1][:500]}); nothing was "
            "published. Run again with -v for the traceback, and report it."
        )
        return 70


def _run_every(args: argparse.Namespace, console: Console) -> int:
    every = read_interval(args)
    done = run_every(every, without_every(args.argv), args.output, console.must)
    if done.usage:
        return USAGE
    console.say(f"stopped after {done.runs} runs, {done.failed} of them failed", runs=done.runs, failed=done.failed)
    return 0


def _run(args: argparse.Namespace, console: Console) -> int:
    from pipeline.launch import run_once  # Beam and spaCy take a second to load: not for a usage error

    began = time.monotonic()
    options = read_run_options(args, args.rest, dt.datetime.now(tz=dt.UTC).replace(microsecond=0))
    console.say(f"run {options.run_id}: reading {len(options.inputs)} input(s) into {options.output}")
    result = run_once(options, console.say, choose_display(console.say, quiet=args.quiet, lines=args.log_json))
    manifest = result.manifest
    if manifest is None:
        return 0 if result.opened else 3
    if result.repeated:
        console.say(f"run {manifest.run_id} is committed already; nothing was done")
        return 0
    total = manifest.total
    events = manifest.further.get("events", {})
    console.say(
        f"run {manifest.run_id}: {total.inputs} inputs = {total.new} new + {total.versions} new versions + "
        f"{total.copies} copies + {total.known} known + {total.quarantined} quarantined; {sum(events.values())} events"
        f"{_in_brackets(events)}; {len(manifest.files)} files in {time.monotonic() - began:.1f} s",
        counters=total.to_dict(),
        events=dict(events),
    )
    polls = manifest.further.get("polls", {})
    if polls:
        waiting = ": sites asked to wait, or said that nothing changes yet" if "postponed" in polls else ""
        console.say(f"live feeds{_in_brackets(polls)}{waiting}")
    quarantined = manifest.further.get("quarantined", {})
    if quarantined:
        console.say(f"quarantined{_in_brackets(quarantined)}: see the view quarantine, and docs/errors.md")
    if not result.opened:
        console.must("no input could be read at all")
        return 3
    share = total.quarantined / total.inputs if total.inputs else 0.0
    if share > options.max_quarantine:
        console.must(
            f"{total.quarantined} of {total.inputs} inputs were quarantined, more than --max-quarantine "
            f"{options.max_quarantine:g} allows"
        )
        return 1
    return 0


def _in_brackets(counts: Any) -> str:
    return f" ({', '.join(f'{label} {count}' for label, count in sorted(counts.items()))})" if counts else ""
