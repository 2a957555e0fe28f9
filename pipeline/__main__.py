"""The command line: `newsmill VERB …`."""

import argparse
import atexit
import contextlib
import importlib
import logging
import os
import sys
from collections.abc import Sequence

# A verb is a module of pipeline.commands with add_parser(subparsers) and run(args) -> exit code.
VERBS = (
    "run",
    "feeds",
    "query",
    "explain",
    "schema",
    "validate",
    "compact",
    "expire",
    "forget",
    "replay",
    "reextract",
    "rebuild-state",
    "export",
    "report",
    "doctor",
)


def make_parser(verbs: Sequence[str] = VERBS) -> argparse.ArgumentParser:
    """Makes the parser of some verbs: loading one is quick, loading Beam for the others is not."""
    parser = argparse.ArgumentParser(
        prog="newsmill",
        description="Turns news into data: feeds and files in, cited events in partitioned Parquet out.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action="store_true", help="print the versions of newsmill and of what it stands on"
    )
    subparsers = parser.add_subparsers(dest="command", metavar="VERB")
    for verb in verbs:
        importlib.import_module(f"pipeline.commands.{verb.replace('-', '_')}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a verb and returns the exit code (CONTRACT.md, Command line)."""
    argv = list(sys.argv[1:] if argv is None else argv)
    # Before Beam is imported: it warns, on import, of cloud clients that are not installed.
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    parser = make_parser(argv[:1] if argv[:1] and argv[0] in VERBS else VERBS)
    args, rest = parser.parse_known_args(argv)
    if args.version:
        from pipeline.versions import versions

        sys.stdout.write("".join(f"{name} {version}\n" for name, version in versions().items()))
        return 0
    if args.command is None:
        parser.print_help(sys.stderr)
        return 2
    if rest and args.command != "run":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    args.rest, args.argv = rest, argv
    try:
        return args.run(args)
    except BrokenPipeError:  # whoever read our output has had enough, as `| head` does
        sys.stdout = None
        return 0


def enter() -> None:
    """Runs the program and ends the process with its exit code.

    C++ is not asked to tidy up: Arrow's thread pools may abort in it ("terminate called without an active exception",
    about one exit in ten on a busy machine), and the exit code would be lost.
    """
    code = main()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.flush()
    os._exit(code)


if __name__ == "__main__":
    enter()
