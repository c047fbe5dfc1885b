"""Files of captions in JSON, as they are written again: whatever they hold stays in them."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pmg.captioning.channels import CaptionKey, Kept
from pmg.captions import Phrases
from pmg.options import Options
from pmg.problems import Problems
from pmg.raw.files import is_unicode
from pmg.raw.json_files import read_captions


def read_kept(path: Path, options: Options, problems: Problems) -> Kept:
    """Captions as if their keys were ids of items; none of a file that is not there.

    Raises:
        BadData: as `read_captions`.
    """
    captions = read_captions(path, options.encoding, problems) if os.path.lexists(path) else {}
    return Kept(dict(captions.items()), {key: (key,) for key in captions})


def write_captions(path: Path, captions: Mapping[CaptionKey, Phrases], options: Options) -> None:
    """One phrase as a text, several as a list; ASCII where nothing else is read as it was."""
    values = {key: each[0] if len(each) == 1 else list(each) for key, each in captions.items()}
    text = json.dumps(values, ensure_ascii=False, indent=1)
    if options.encoding != "utf-8" or not is_unicode(text):
        text = json.dumps(values, indent=1)
    path.write_text(text, encoding="utf-8")
