"""Pickles as data: read without running anything, written entry by entry.

`reader` opens a file as a mapping and is what others use. Below it, from the outside in:
`opcodes` walks the file, `structures`, `literals` and `constructs` say what each opcode does on
the `machine`; `symbols`, `spans` and `arrays` are the inert values that come of it. Most arrays
are not interpreted: `reading` takes them as `series` of entries that have the `patterns` which
`traces` of one entry show, and leaves whatever is doubtful to `opcodes`.
"""

from pmg.raw.pickles.arrays import ArrayHeader
from pmg.raw.pickles.reader import PickledDict, open_pickle
from pmg.raw.pickles.writer import DictWriter

__all__ = ["ArrayHeader", "DictWriter", "PickledDict", "open_pickle"]
