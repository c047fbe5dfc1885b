"""export: a config of a built folder into another program's format."""

import argparse

from pmg.exports.export import export
from pmg.verbs.call import DONE, Domains


def run(_: Domains, call: argparse.Namespace) -> int:
    exported = export(call.out, call.config, call.folder, call.form)
    for split, count in exported.rows.items():
        print(f"  {split:<10} {count:>9,} rows")
    for note in exported.notes:
        print(f"note: {note}.")
    print(f"{call.folder}: exported as {call.form}.")
    return DONE
