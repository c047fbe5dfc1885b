"""leakcheck: what sets of samples give away of their test."""

import argparse
import json
from pathlib import Path

from pmg.leaks.built import leakcheck_built
from pmg.leaks.page import write_page
from pmg.leaks.report import sentences, told
from pmg.pages.page import require_place
from pmg.verbs.call import DATA_AT_FAULT, DONE, Domains


def run(_: Domains, call: argparse.Namespace) -> int:
    path = call.html or Path(f"{call.config or 'samples'}-leaks.html")
    if call.html or not call.json:
        require_place(path, call.out)
    reports = leakcheck_built(call.out, call.config)
    if call.json:
        print(json.dumps({"sets": [told(each) for each in reports]}, ensure_ascii=False))
    else:
        for report in reports:
            print(*sentences(report), sep="\n")
    if call.html or not call.json:
        write_page(call.out, reports, path)
        if not call.json:
            print(f"{path}: open it in a browser")
    return DATA_AT_FAULT if any(report.leaks or report.remark for report in reports) else DONE
