"""PMG-Bench: personalised multimodal generation in recommender systems, as one data set.

Given what a user liked (pictures, captions, ratings), generate the next picture for that user.

    from pmg_bench import PMGBench

    builder = PMGBench("movieposter", data_dir="raw")
    builder.download_and_prepare()
    samples = builder.as_dataset(split="train")  # memory-mapped Arrow
    stream = builder.as_streaming_dataset(split="train")  # straight from the raw files
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import datasets

import movieposter
import pog_dataset
import ser30k
from pmg import __version__, cli
from pmg.columns import Row
from pmg.domain import Domain, Table, hub_order
from pmg.leaks.report import leakcheck
from pmg.options import Options
from pmg.problems import BadCall, BadData, TooManyProblems
from pmg.protocols import bench as official
from pmg.protocols import rules
from pmg.protocols.candidates import with_candidates
from pmg.protocols.samples import as_table
from pmg.protocols.terms import Terms
from pmg.raw.folder import state_of
from pmg.reading.batches import collate
from pmg.reading.items import Items
from pmg.reading.samples import Samples
from pmg.streaming import (
    RawTable,
    RowRange,
    features_of,
    generate_rows,
    plan_ranges,
    remove_leftovers,
)

if TYPE_CHECKING:
    from pmg.baselines.score import baselines
    from pmg.evaluating.canvas import Canvas
    from pmg.evaluating.evaluate import Asked, evaluate
    from pmg.pages.notebook import show

DOMAINS: tuple[Domain[Any], ...] = (
    movieposter.DOMAIN,
    pog_dataset.DOMAIN,
    ser30k.DOMAIN,
)
TABLES: dict[str, Table[Any, Any]] = {table.name: table for table in hub_order(DOMAINS)}
DOMAIN_OF = {table.name: domain for domain in DOMAINS for table in domain.tables}

bench = as_table(official.bench)
leave_last_out = as_table(rules.leave_last_out)
pmg = as_table(rules.pmg)
temporal = as_table(rules.temporal)
windows = as_table(rules.windows)

# Imported when they are asked for, as they bring what nobody waits for who loads a table.
ON_DEMAND = {
    "Asked": "pmg.evaluating.evaluate",
    "Canvas": "pmg.evaluating.canvas",
    "baselines": "pmg.baselines.score",
    "evaluate": "pmg.evaluating.evaluate",
    "show": "pmg.pages.notebook",
}

__all__ = [
    "DOMAINS",
    "Asked",
    "BadCall",
    "BadData",
    "Canvas",
    "Items",
    "Options",
    "PMGBench",
    "PMGBenchConfig",
    "Samples",
    "Terms",
    "TooManyProblems",
    "baselines",
    "bench",
    "collate",
    "evaluate",
    "leakcheck",
    "leave_last_out",
    "main",
    "pmg",
    "show",
    "temporal",
    "windows",
    "with_candidates",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - of any of ON_DEMAND
    """What is imported on demand. Raises AttributeError for another name."""
    if name not in ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(ON_DEMAND[name]), name)


@dataclass
class PMGBenchConfig(datasets.BuilderConfig):  # type: ignore[misc] # datasets has no types
    """A table of PMG-Bench, with the options that change its rows (see `pmg.options.Options`)."""

    image_format: str = "webp"
    on_problem: str = "fail"
    encoding: str = "utf-8"
    style_key: str | None = None
    history: int | None = None
    group: str = "topic"
    without_images: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.options()

    def options(self) -> Options:
        """The options, checked. Raises BadCall for a value that is not allowed."""
        return Options(**{option.name: getattr(self, option.name) for option in fields(Options)})


class PMGBench(datasets.GeneratorBasedBuilder):  # type: ignore[misc] # datasets has no types
    """Builds one table from the folder that holds the raw files of the domains.

    Args:
        config_name: a table's name on the Hub, "movieposter" unless given.
        data_dir: the raw folder; holds `movieposter/`, `pog_dataset/`, `ser30k/`.
        cache_dir: where `download_and_prepare` keeps the Arrow files.
        options: fields of `PMGBenchConfig`, as `style_key="user"`.

    Raises:
        BadCall: an unknown option or one with a wrong value, or no data_dir.
        BadData, TooManyProblems: on preparing or streaming, where the raw files are at fault.
            What is left out and what is only doubtful goes to the log "pmg_bench".
    """

    VERSION = datasets.Version(__version__)
    BUILDER_CONFIG_CLASS = PMGBenchConfig
    BUILDER_CONFIGS = [  # noqa: RUF012 - datasets reads this as a list
        PMGBenchConfig(name=table.name, version=__version__, description=f"A row is {table.about}.")
        for table in TABLES.values()
    ]
    DEFAULT_CONFIG_NAME = BUILDER_CONFIGS[0].name
    # A sample holds several pictures; a thousand of them would fill the memory.
    DEFAULT_WRITER_BATCH_SIZE = 32

    def __init__(
        self,
        config_name: str | None = None,
        data_dir: str | Path | None = None,
        cache_dir: str | Path | None = None,
        **options: Any,  # noqa: ANN401 - passed on to datasets
    ) -> None:
        name = config_name or self.DEFAULT_CONFIG_NAME
        if name not in TABLES:
            raise BadCall(f"Config {name!r}: expected one of {', '.join(TABLES)}.")
        if data_dir is None:
            raise BadCall('PMGBench: expected the raw folder, as data_dir="raw", found none.')
        ours = [option.name for option in fields(Options)]
        theirs = signature(datasets.DatasetBuilder.__init__).parameters
        if unknown := options.keys() - theirs.keys() - set(ours):
            raise BadCall(f"Option {min(unknown)}: expected one of {', '.join(ours)}.")
        raw_folder = Path(data_dir).resolve()
        state = state_of(DOMAIN_OF[name], raw_folder)
        options.setdefault("dataset_name", "pmg-bench")
        # A cache keyed by the path of the data alone would serve old rows for new files.
        options.setdefault("hash", state)
        super().__init__(
            cache_dir=cache_dir and str(cache_dir),
            config_name=name,
            data_dir=str(raw_folder),
            **options,
        )
        scratch = Path(self._cache_dir_root) / "pmg-bench.scratch"
        self._raw = RawTable(
            DOMAIN_OF[name], TABLES[name], raw_folder, scratch, self.config.options(), state
        )

    def _info(self) -> datasets.DatasetInfo:
        table = TABLES[self.config.name]
        return datasets.DatasetInfo(
            description=f"A row is {table.about}.", features=table.features, version=self.VERSION
        )

    def _split_generators(self, _: datasets.DownloadManager) -> list[datasets.SplitGenerator]:
        raw = self._raw
        if self.config.options() != raw.options:
            raise BadCall(
                "PMGBench: expected the options it was made with, found others in its config. "
                "Make another PMGBench with them, as its cache is kept by its options."
            )
        if state_of(raw.domain, raw.raw_folder) != raw.state:
            raise BadCall(
                f"{raw.raw_folder / raw.domain.name}: expected the files as they were when "
                "PMGBench was made, found changed ones. Make another PMGBench."
            )
        self.info.features = features_of(raw)
        return [
            datasets.SplitGenerator(name=split, gen_kwargs={"ranges": ranges})
            for split, ranges in plan_ranges(raw).items()
        ]

    def _generate_examples(self, ranges: list[RowRange]) -> Iterator[tuple[int, Row]]:
        return generate_rows(self._raw, ranges)

    def _download_and_prepare(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as datasets has it
        remove_leftovers(Path(self._output_dir))
        super()._download_and_prepare(*args, **kwargs)


def main(arguments: list[str] | None = None) -> int:
    """The command line; answers with the exit code."""
    return cli.main(DOMAINS, arguments)


if __name__ == "__main__":
    sys.exit(main())
