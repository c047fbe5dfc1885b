"""Validates a croissant.json, and reads all records by it: `python read_croissant.py FILE`.

Imports nothing of this project: it does what a stranger does. Prints JSON.
"""

import json
import logging
import sys
from typing import Any

import mlcroissant
from PIL.Image import Image

logging.disable(logging.WARNING)


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a record holds
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Image):
        return list(value.size)
    return plain(value.tolist()) if hasattr(value, "tolist") else value


def opened() -> mlcroissant.Dataset:
    return mlcroissant.Dataset(jsonld=sys.argv[1])


told: dict[str, Any] = {"issues": opened().metadata.ctx.issues.report(), "records": {}}
for name in [each.uuid for each in opened().metadata.record_sets]:
    told["records"][name] = [
        {field.partition("/")[2]: plain(value) for field, value in record.items()}
        for record in opened().records(name)
    ]
print(json.dumps(told))
