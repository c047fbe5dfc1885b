"""Fetching: pictures from the Hub onto this disk, several at a time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from pmg.reading.shards import Block, Shard

AT_ONCE = 8  # that are asked for at a time


class Lacking(NamedTuple):
    """Pictures that are not on this disk."""

    shard: Shard
    block: Block

    @property
    def bytes(self) -> int:
        return self.block.end - self.block.start

    def fetch(self) -> int:
        """Have them on this disk; answers with the bytes that came."""
        self.shard.fetch(self.block)
        return self.bytes


def fetched(lacking: Sequence[Lacking]) -> Iterator[int]:
    """Have all on this disk; yields bytes as they come.

    Raises:
        BadCall: the Hub cannot be reached.
        BadData: it has another file.
    """
    if not lacking:
        return
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            yield from pool.map(Lacking.fetch, lacking)
        finally:  # after a fault, what was not begun is left
            pool.shutdown(wait=False, cancel_futures=True)
