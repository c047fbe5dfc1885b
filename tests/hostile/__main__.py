"""Tries every case, writes what is said of each into golden/, and the table into the docs.

python -m tests.hostile
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile.limits import limits
from tests.hostile.sandbox import sandbox
from tests.hostile.test_cases import DOCUMENT
from tests.hostile.trials import KINDS, Trial, table, tried, write_golden


def main() -> None:
    counts, slowest, largest = [], 0.0, 0
    for kind, trials in every_trial():
        verdicts = {name: trial.verdict for name, trial in trials.items()}
        write_golden(kind, verdicts)
        counts.append((kind, list(verdicts.values())))
        outcomes = [outcome for trial in trials.values() for outcome in trial if outcome]
        slowest = max(slowest, *(outcome.seconds for outcome in outcomes))
        largest = max(largest, *(outcome.memory for outcome in outcomes))
    told = table(counts)
    told += ["", f"The slowest took {slowest:.0f} s, the largest {largest / 1e6:.0f} MB."]
    text = DOCUMENT.read_text(encoding="utf-8")
    text = filled(filled(text, "table", told), "limits", limits())
    DOCUMENT.write_text(text, encoding="utf-8")
    print(*told, sep="\n")


def filled(text: str, name: str, lines: list[str]) -> str:
    """The text with other lines between the marks of that name."""
    before, first, rest = text.partition(f"<!-- {name} -->\n")
    _, last, after = rest.partition(f"\n<!-- end of {name} -->")
    return "".join((before, first, "\n".join(lines), last, after))


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
