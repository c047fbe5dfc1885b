"""Classes: numbers that stand for names, as those of emotions."""

from collections.abc import Mapping, Sequence

from datasets import ClassLabel, Features

from pmg.columns import Row


def class_names(features: Features) -> dict[str, list[str]]:
    """The names behind the numbers of columns of classes, or of lists of them."""
    leaves = {column: getattr(kind, "feature", kind) for column, kind in features.items()}
    return {column: leaf.names for column, leaf in leaves.items() if isinstance(leaf, ClassLabel)}


def named(row: Row, names: Mapping[str, Sequence[str]]) -> Row:
    """The same row with a name in place of each number that stands for a class."""

    def name(value: object, own: Sequence[str]) -> object:
        if isinstance(value, list):
            return [name(each, own) for each in value]
        return own[value] if isinstance(value, int) and value in range(len(own)) else value

    return row | {column: name(row[column], own) for column, own in names.items() if column in row}
