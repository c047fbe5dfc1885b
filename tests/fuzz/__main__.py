"""Feeds a reader with what atheris thinks of, for a while; findings go into findings/.

python -m tests.fuzz TARGET [SECONDS]    # make fuzz does all, a minute each

https://github.com/google/atheris
"""

import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["pmg", "movieposter", "pog_dataset", "tarfile"]):
    from tests.fuzz.targets import FINDINGS, TARGETS, seeds

SECONDS_EACH = 20  # an input that takes longer is a finding
MEMORY = 1_024  # MB, which the instrumented program may have in all


def main() -> None:
    target, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "60"
    (FINDINGS / target).mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        folder, corpus = Path(temporary) / "fed", Path(temporary) / "corpus"
        folder.mkdir()
        corpus.mkdir()
        for number, seed in enumerate(seeds(target, Path(temporary) / "raw")):
            (corpus / str(number)).write_bytes(seed)
        options = [
            *(f"-max_total_time={seconds}", f"-timeout={SECONDS_EACH}", f"-rss_limit_mb={MEMORY}"),
            *(f"-artifact_prefix={FINDINGS / target}/", "-max_len=8192", "-print_final_stats=1"),
        ]
        feed = partial(TARGETS[target], folder)
        atheris.Setup([sys.argv[0], *options, str(corpus)], feed)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
