"""State tables made anew as a whole, for the verbs that look after a tree."""

import pyarrow as pa

from schemas.manifest import StagedFile
from transforms.store.commit import Tree
from transforms.store.state import StateTable, encode_segment, read_clock

# A table made anew stands for all its earlier segments, as if they had been merged.
WHOLE_LEVEL = 9


def stage_whole(tree: Tree, run_id: str, table: StateTable, rows: pa.Table) -> StagedFile:
    """Stages all rows of a table as its one segment."""
    data = encode_segment(rows, table.scheme, table.key, table.clock, table.life)
    path = f"{table.dataset}/{run_id}-whole.parquet"
    return tree.stage(
        run_id,
        table.dataset,
        path,
        data,
        rows=rows.num_rows,
        scheme=table.scheme,
        level=WHOLE_LEVEL,
        clock=read_clock(data),
    )
