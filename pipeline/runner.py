"""The engine: `--runner=DirectRunner` is pinned to the FnApiRunner, on every machine alike.

Left alone, Beam's DirectRunner tries to download Prism first and falls back to what the graph allows, so that machines
with and without a network run different engines.
"""

import dataclasses
import shlex
import sys
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.options.pipeline_options_validator import PipelineOptionsValidator
from apache_beam.portability import python_urns
from apache_beam.portability.api import beam_provision_api_pb2, beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner import fn_runner
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.runners.runner import PipelineRunner, create_runner

from pipeline.options import UsageError

LOCAL = ("DirectRunner", "SwitchingDirectRunner", "FnApiRunner")


def worker_command() -> str:
    """What a shell starts a worker process by."""
    return f"exec {shlex.quote(sys.executable)} -m pipeline.worker"


class LocalRunner(fn_runner.FnApiRunner):
    """The FnApiRunner, whose worker processes are quiet and start from a path with spaces too."""

    def run_via_runner_api(self, pipeline_proto: beam_runner_api_pb2.Pipeline, options: PipelineOptions) -> Any:
        """Runs the pipeline."""
        for environment in pipeline_proto.components.environments.values():
            if environment.urn == python_urns.SUBPROCESS_SDK:
                environment.payload = worker_command().encode()
        return super().run_via_runner_api(pipeline_proto, options)


@dataclasses.dataclass(frozen=True)
class Engine:
    """What a graph runs on.

    Attributes:
        asked: the runner that the options name. name: the engine that it is.
    """

    runner: PipelineRunner
    asked: str
    name: str
    options: PipelineOptions


def make_engine(options: PipelineOptions) -> Engine:
    """Makes the engine that Beam's options name.

    Raises:
        UsageError: Beam knows no such runner, or it lacks a package or an option.
    """
    name = options.view_as(StandardOptions).runner or "DirectRunner"
    if name.split(".")[-1] not in LOCAL:
        try:
            runner = create_runner(name)
        except (ValueError, ImportError, AttributeError) as error:
            raise UsageError(f"--runner={name}: {error}") from error
        if missing := PipelineOptionsValidator(options, runner).validate():
            raise UsageError(f"--runner={name}: {' '.join(missing)}")
        return Engine(runner, name, type(runner).__name__, options)
    # Without provision info worker processes know no pipeline options (BEAM-11736).
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    info = fn_runner.ExtendedProvisionInfo(beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded))
    return Engine(LocalRunner(provision_info=info), name, "FnApiRunner", options)
