"""The table of baselines: for people, as Markdown, and as JSON."""

from collections.abc import Iterator
from typing import Any

from pmg import __version__
from pmg.baselines.ranking import HIT, MRR
from pmg.baselines.score import Scored, Table
from pmg.evaluating.report import score_told
from pmg.evaluating.tallies import HISTORY, PERSONAL, TARGET, Estimate

COLUMNS = {  # what a column shows: a metric, and what it is compared with
    "SSIM ↑": ("ssim", TARGET),
    "PSNR ↑": ("psnr", TARGET),
    "SSIM to history": ("ssim", HISTORY),
    "personal": ("ssim", PERSONAL),
    "near copies of history": ("near-copy", HISTORY),
    "of target": ("near-copy", TARGET),
    "ROUGE-L ↑": ("rouge-l", TARGET),
    "BLEU ↑": ("bleu", TARGET),
}
RANKING = {"hit@1 ↑": HIT, "MRR ↑": MRR}
NONE = "-"
DECIBELS = 0.05  # half an interval beyond which more digits say nothing


def told(table: Table) -> dict[str, Any]:
    """All of a table, as JSON has it."""
    return {
        "pmg-bench": __version__,
        "config": table.config,
        "split": table.split,
        "samples": table.samples,
        **table.canvas._asdict(),
        "baselines": {each.name: scored_told(each) for each in table.baselines},
    }


def scored_told(scored: Scored) -> dict[str, Any]:
    metrics = {name: score_told(score) for name, score in scored.scores.items()}
    ranking = {name: estimate._asdict() for name, estimate in scored.ranking.items()}
    return {"metrics": metrics, "ranking": ranking}


def markdown(table: Table) -> Iterator[str]:
    """The table, line by line; means with half the width of their intervals."""
    canvas = table.canvas
    yield (
        f"`{table.config}`, {table.split}: {table.samples:,} samples, pictures at "
        f"{canvas.size} x {canvas.size}, {canvas.interpolation}, {canvas.fit}"
    )
    yield ""
    yield f"| baseline | {' | '.join([*COLUMNS, *RANKING])} |"
    yield "|---" + "|--:" * (len(COLUMNS) + len(RANKING)) + "|"
    for scored in table.baselines:
        cells = [
            cell(scored.scores[metric].estimates.get(against))
            for metric, against in COLUMNS.values()
        ]
        cells += [cell(scored.ranking.get(name)) for name in RANKING.values()]
        yield f"| {' | '.join([scored.name, *cells])} |"


def cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return NONE
    half = (estimate.high - estimate.low) / 2
    digits = 1 if abs(estimate.mean) >= 1 and half >= DECIBELS else 3
    return f"{estimate.mean:.{digits}f} ± {half:.{digits}f}"
