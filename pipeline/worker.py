"""A worker process: Beam's own entry, silent on stderr; what it has to say it tells the main process, which decides."""

import logging
import os
import sys

if __name__ == "__main__":
    # Before Beam is imported: it warns on import, and the first warning would set up a handler on stderr.
    logging.basicConfig(handlers=[logging.NullHandler()])
    from apache_beam.runners.worker import sdk_worker_main

    # Where the main process is killed, Beam's threads would each print a traceback on their way out.
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sdk_worker_main.main(sys.argv)
