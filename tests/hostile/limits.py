"""The limits of readers, as the docs tell them: from the constants themselves."""

from pmg import captions, images, options
from pmg.building import row_files
from pmg.raw import json_files, tables, tarballs
from pmg.raw.pickles import arrays, machine, reader

LIMITS = (
    ("a pickle's opcodes", machine.MAX_OPCODES, ""),
    ("entries of its dicts", machine.MAX_ENTRIES, ""),
    ("keys set twice", machine.MAX_REPEATED, ""),
    ("its memo", machine.MAX_MEMO, "values"),
    ("marks open at once", machine.MAX_MARKS, ""),
    ("a number", machine.MAX_INTEGER_BYTES, "bytes"),
    ("an array's dimensions", arrays.MAX_DIMENSIONS, ""),
    ("all arrays together", "the file's size", ""),
    ("lists in lists of a value", reader.MAX_DEPTH, "deep"),
    ("elements of a value", reader.MAX_ELEMENTS, ""),
    ("elements of all values", reader.MAX_ELEMENTS_IN_ALL, ""),
    ("text that keys share, beyond the file's size", reader.MAX_SHARED_TEXT, "bytes"),
    ("an archive's members", tarballs.MOST_MEMBERS, ""),
    ("members that are no pictures", tarballs.MOST_FAULTY, ""),
    ("unpacked to packed", tarballs.HIGHEST_RATIO, "times"),
    ("a header with a long name", tarballs.LARGEST_HEADER, "bytes"),
    ("a picture's file", images.LARGEST_FILE, "bytes"),
    ("its pixels", images.MOST_PIXELS, ""),
    ("a side", images.LARGEST_SIDE, "pixels"),
    ("frames of an animation", images.MOST_FRAMES, ""),
    ("pixels of all its frames", images.MOST_PIXELS_OF_FRAMES, ""),
    ("scans of a JPEG", images.MOST_SCANS, ""),
    ("lines of a table", tables.MOST_LINES, ""),
    ("a line", tables.LINE_BYTES, "bytes"),
    ("a JSON file", json_files.LARGEST, "bytes"),
    ("values in it", json_files.MOST_VALUES, ""),
    ("a title, a caption", captions.LONGEST, "characters"),
    ("a history", options.LONGEST_HISTORY, "items"),
    ("a row with its pictures", row_files.LARGEST_ROW, "bytes"),
)


def limits() -> list[str]:
    """A table in Markdown."""
    lines = ["| of | at most |", "|---|--:|"]
    for what, most, unit in LIMITS:
        value = f"{most:,}" if isinstance(most, int) else most
        lines.append(f"| {what} | {' '.join(filter(None, (value, unit)))} |")
    return lines
