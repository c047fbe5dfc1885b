"""What a worker process has imported once it can do what a build asks of it."""

import sys

import pyarrow as pa

from pmg.building import heaps, shards
from pmg.raw import segments

TASKS = (segments.check_segment, heaps.write_heap, heaps.unpack_items, shards.write_shard)


def imported(_: int) -> set[str]:
    pa.array([b"what makes Arrow look for pandas"])
    return set(sys.modules)
