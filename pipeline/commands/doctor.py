"""`newsmill doctor`: is this machine fit to run it?"""

import argparse
import dataclasses
import json
import sys


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its arguments."""
    parser = subparsers.add_parser(
        "doctor",
        help="is this machine fit to run it?",
        description="Checks Python, packages, the model, memory, disks, processes and, where --output names it, the tree. "
        "Exit code 1 when something would keep newsmill from running.",
    )
    parser.add_argument("--output", metavar="DIR", help="the tree that is to be written")
    parser.add_argument("--model", metavar="NAME", help="spaCy model, by package name or path")
    parser.add_argument("--json", action="store_true", help="one JSON object a check")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints a line a check; returns 1 when one failed."""
    # Here, for the start of every other verb would load Beam.
    from pipeline.doctor import examine
    from transforms.annotate.default import DEFAULT_MODEL

    failed = False
    for finding in examine(args.output, args.model or DEFAULT_MODEL):
        failed |= finding.state == "fail"
        if args.json:
            line = json.dumps(dataclasses.asdict(finding), ensure_ascii=False)
        else:
            way_out = f"\n      way out: {finding.way_out}" if finding.way_out else ""
            line = f"{finding.state:>4}  {finding.name}: {finding.found}{way_out}"
        print(line, file=sys.stdout, flush=True)
    return 1 if failed else 0
