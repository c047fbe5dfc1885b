"""Writes the table of baselines into the card: first numbers to beat.

make baselines MOVIELENS=ml-latest-small    # draws and builds what it scores, some ten minutes
python docs/baselines.py pmg-bench          # of a set that was built already
"""

import re
import sys
from pathlib import Path

from pmg.baselines.report import markdown
from pmg.baselines.score import baselines
from pmg.evaluating import SIZE_OF_BASELINES
from pmg.evaluating.canvas import Canvas
from pmg.evaluating.evaluate import OFFICIAL
from pmg.manifest import Manifest, read_manifest
from pmg_bench import DOMAINS, main

CARD = Path(__file__).parents[1] / "dataset_card.md"
FOLDER = Path("baselines")  # what is drawn and built stays for the next time
BLOCK = re.compile("(<!-- baselines -->\n).*?(<!-- end of baselines -->)", re.DOTALL)


def drawn(movielens: Path) -> Path:
    """Real ratings with drawn posters, and drawn fashion and stickers, built."""
    raw, out = FOLDER / "raw", FOLDER / "pmg-bench"
    if out.is_dir():
        return out
    for domain in DOMAINS:
        call = ["draw", str(raw), "--domain", domain.name]
        of_movies = ["--movielens", str(movielens), "--picture-size", "200x300"]
        call += of_movies if domain.name == "movieposter" else ["--scale", "small"]
        if not (raw / domain.name).is_dir() and main(call):
            raise SystemExit(1)
    if main(["build", str(raw), str(out), "--workers", "2"]):
        raise SystemExit(1)
    return out


def block(out: Path, manifest: Manifest, command: str) -> str:
    """The tables of all official evaluation splits, and how they were made."""
    lines = [f"By `{command}`:", ""]
    for name in manifest.configs:
        if name.endswith(OFFICIAL):
            table = baselines(out, name, canvas=Canvas(SIZE_OF_BASELINES))
            lines += [*markdown(table), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    given = Path(sys.argv[1])
    of_movielens = (given / "ratings.csv").is_file()
    built = drawn(given) if of_movielens else given
    typed = f"make baselines MOVIELENS={given.name}"
    called = typed if of_movielens else f"python docs/baselines.py {given.name}"
    made = block(built, read_manifest(built), called)
    text = CARD.read_text(encoding="utf-8")
    CARD.write_text(BLOCK.sub(lambda found: found[1] + made + found[2], text), encoding="utf-8")
    print(made)
