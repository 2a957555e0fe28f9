"""A worker process: Beam's own entry, without its words on stderr; what it has to say goes to the main process."""

import logging
import sys

if __name__ == "__main__":
    # Before Beam is imported: it warns on import, and the first warning would set up a handler on stderr.
    logging.basicConfig(handlers=[logging.NullHandler()])
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv)
