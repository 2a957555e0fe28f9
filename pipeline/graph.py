"""The graph: what a run does, as a table of contents."""

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.error_handling import CollectingErrorHandler

from pipeline.plan import RunPlan
from pipeline.publish import Published, PublishRun
from schemas.manifest import Manifest
from schemas.quarantine import Failure
from schemas.source import Source
from transforms.annotate.stage import AnnotateArticles
from transforms.article.extract_stage import ExtractArticles
from transforms.article.identify import IdentifyArticles
from transforms.article.refused import QuarantineOnce, RefusedHandle
from transforms.article.seen import SeenHandle
from transforms.dedup.graph import ApplyDecisions, DecideStories
from transforms.events.stage import ExtractEvents
from transforms.land.coverage import CoverFeeds
from transforms.land.feed_table import load_feeds
from transforms.land.follow import FollowEntries
from transforms.land.sort import SortEntriesFn
from transforms.land.stage import LandFeeds
from transforms.progress import count_passing
from transforms.read.parse import ParseDocuments, ReadFiles
from transforms.store.state import StateRef


def build(root: beam.Pipeline, plan: RunPlan) -> PCollection[Manifest]:
    """Adds every stage to root: read, parse, extract, identify, drop near-identical, annotate, extract events, write."""
    errors = CollectingErrorHandler()
    seen, refused = SeenHandle(plan.state), RefusedHandle(plan.state)
    followed_before, polled_before = refused, load_feeds(plan.state)
    if plan.replayed is not None:
        # All that was landed is read again as if it came for the first time; only what was published stays known.
        refused = RefusedHandle(plan.state, plan.replayed.keys)
        followed_before, polled_before = RefusedHandle(StateRef(plan.tree.root)), {}
    sort = SortEntriesFn(plan.follow, seen, followed_before) if plan.follow.fetch != "none" else None
    feeds = LandFeeds(plan.landing, errors, polled_before, sort, plan.state)
    entries = FollowEntries(plan.follow, plan.landing, seen, followed_before, errors, plan.state)
    identity = IdentifyArticles(errors, seen, plan.started_at, entries)

    errors.add_error_pcollection(root | "Refused" >> beam.Create(plan.refused).with_output_types(Failure))
    read = root | "Files" >> beam.Create(plan.files).with_output_types(Source) | "ReadFiles" >> ReadFiles(errors)
    landed = root | "Feeds" >> beam.Create(plan.feeds).with_output_types(Source) | "LandFeeds" >> feeds
    documents = count_passing((read, landed) | "Documents" >> beam.Flatten(), "documents", plan.progress)
    raw = documents | "ParseDocuments" >> ParseDocuments(errors)
    polled = feeds.polled | "CoverFeeds" >> CoverFeeds(raw)
    followed = raw | "FollowEntries" >> entries
    extracted = followed | "ExtractArticles" >> ExtractArticles(plan.started_at, errors)
    bodies = count_passing(extracted, "articles", plan.progress)
    identified = count_passing(bodies | "IdentifyArticles" >> identity, "identified", plan.progress)
    decisions = identified | "FindNearIdentical" >> DecideStories(plan.dedup, plan.state)
    placed = identified | "DropNearIdentical" >> ApplyDecisions(decisions)
    parsed = placed | "AnnotateArticles" >> AnnotateArticles(errors, plan.model)
    annotated = count_passing(parsed, "annotated", plan.progress)
    events = count_passing(annotated | "ExtractEvents" >> ExtractEvents(), "events", plan.progress)
    errors.close()
    once = QuarantineOnce(refused, bodies)
    failures = errors.output() | "QuarantineOnce" >> once

    published = Published(annotated, events, failures, decisions, polled, entries, identity, once)
    return root | "PublishRun" >> PublishRun(published, plan)
