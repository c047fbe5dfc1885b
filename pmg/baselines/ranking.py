"""Ranking: where the target is among the candidates."""

from collections.abc import Sequence

import numpy as np

from pmg.baselines.known import Floats

HIT, MRR = "hit@1", "mrr"


def ranked(likings: Floats, candidates: Sequence[int], target: int) -> dict[str, float]:
    """Hit rate at 1 and reciprocal rank of a target; ties count as if their order were drawn.

    Args:
        likings: of the candidates, (candidates,).
        candidates: items, the target among them.
        target: the item that is right.
    """
    own = likings[list(candidates).index(target)]
    above, tied = int((likings > own).sum()), int((likings == own).sum())
    ranks = np.arange(above + 1, above + tied + 1)
    return {HIT: float((ranks == 1).mean()), MRR: float((1 / ranks).mean())}
