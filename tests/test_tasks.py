"""The five uses of the benchmark, over every row of the configs that they serve."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from examples import tasks
from examples.tasks import TASKS, Example, Row
from pmg.manifest import read_manifest
from pmg_bench import DOMAINS, Samples
from tests.publishing import ROOT

ANSWERS: dict[Callable[[Row], Example], str] = {  # columns that no input may hold
    tasks.personalised_poster: "target_image",
    tasks.outfit_image: "target_image",
    tasks.caption: "target_caption",
    tasks.recommendation_explanation: "target_style_caption",
    tasks.conditioned_editing: "target_image",
}
CASES = [(task, config) for task, configs in TASKS.items() for config in configs]


def rows_of(out: Path, config: str) -> Iterator[Row]:
    for split in read_manifest(out).configs[config].splits:
        yield from Samples(out, config, split)


def parts(value: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever a task gives
    """Everything in inputs, however deep."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from parts(each)
    else:
        yield value


@pytest.mark.parametrize(
    ("task", "config"), CASES, ids=lambda each: getattr(each, "__name__", each)
)
def test_every_row_gives_inputs_and_an_output(
    built: Path, task: Callable[[Row], Example], config: str
) -> None:
    outputs = 0
    for row in rows_of(built, config):
        answer = object()
        inputs, output = task(row | {ANSWERS[task]: answer})
        assert output is answer
        given = [part for value in inputs.values() for part in parts(value)]
        assert answer not in given
        assert any(isinstance(part, Image.Image) for part in given)
        outputs += task(row)[1] is not None
    assert outputs > 0


def test_all_domains_and_their_official_splits_are_served() -> None:
    served = {config for configs in TASKS.values() for config in configs}
    names = [domain.name for domain in DOMAINS]
    assert served == {*names, *(f"{name}_bench" for name in names)}


def test_each_task_fits_on_a_slide() -> None:
    tree = ast.parse(Path(tasks.__file__).read_text(encoding="utf-8"))
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    assert {task.__name__ for task in TASKS} == lengths.keys()
    assert max(lengths.values()) <= 15


def test_the_examples_show_one_of_each(built: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "examples.tasks", str(built)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("-> ") == len(TASKS)
