"""Tries every case, writes what is said of each into golden/, and the table into the docs.

python -m tests.hostile
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile.sandbox import sandbox
from tests.hostile.test_cases import DOCUMENT
from tests.hostile.trials import KINDS, Trial, table, tried, write_golden

FIRST, LAST = "<!-- table -->\n", "\n<!-- end of table -->"


def main() -> None:
    counts, slowest, largest = [], 0.0, 0
    for kind, trials in every_trial():
        verdicts = {name: trial.verdict for name, trial in trials.items()}
        write_golden(kind, verdicts)
        counts.append((kind, list(verdicts.values())))
        outcomes = [outcome for trial in trials.values() for outcome in trial if outcome]
        slowest = max(slowest, *(outcome.seconds for outcome in outcomes))
        largest = max(largest, *(outcome.memory for outcome in outcomes))
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(FIRST)
    _, _, after = rest.partition(LAST)
    told = "\n".join(table(counts))
    told += f"\n\nThe slowest took {slowest:.0f} s, the largest {largest / 1e6:.0f} MB."
    DOCUMENT.write_text(before + FIRST + told + LAST + after, encoding="utf-8")
    print(told)


def every_trial() -> Iterator[tuple[str, dict[str, Trial]]]:
    with TemporaryDirectory() as temporary, sandbox(Path(temporary) / "sandbox") as box:
        for kind, module in KINDS.items():
            trials = {}
            for case in module.cases():
                folder = Path(temporary) / "case"
                trials[case.name] = trial = tried(case, box, folder)
                for fault in trial.sound.faults() + (
                    trial.skipping.faults() if trial.skipping else []
                ):
                    print(f"{kind}: {case.name}: {fault}")
                shutil.rmtree(folder)
            yield kind, trials


if __name__ == "__main__":
    main()
