"""caption: a model's captions of one's own pictures, into the raw files."""

import argparse
import json
from functools import partial
from pathlib import Path

from pmg.captioning import AT_ONCE, BOTH, CHANNELS, IN_A_BATCH
from pmg.captioning.answers import Engine, Model
from pmg.captioning.bounded_client import Limits
from pmg.captioning.caption import Request, caption
from pmg.captioning.chat import base_of
from pmg.captioning.endpoint import Endpoint
from pmg.captioning.estimate import Estimate
from pmg.captioning.in_process import InProcess, name_of
from pmg.captioning.publish import KEEP, REPLACE
from pmg.pages.page import require_place
from pmg.problems import BadCall
from pmg.progress import say
from pmg.verbs.call import DATA_AT_FAULT, DONE, Domains, options


def run(domains: Domains, call: argparse.Namespace) -> int:
    (domain,) = (each for each in domains if each.name == call.domain)
    channels = CHANNELS if call.channel == BOTH else (call.channel,)
    existing = REPLACE if call.replace else KEEP if call.only_missing else None
    page = call.html or (None if call.json else Path(f"{domain.name}-captions.html"))
    if page:
        require_place(page, call.raw)
    name = call.model if call.endpoint else name_of(call.model)
    require_engine(call)
    request = Request(domain, call.raw, channels, options(call), existing, name, call.limit, page)
    outcome = caption(request, partial(opened, call))
    if call.json:
        told = outcome.told()
        if outcome.estimate and call.price:
            told["estimate"]["cost"] = outcome.estimate.cost(call.price)
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(*outcome.sentences(), sep="\n")
        if page and outcome.written:
            print(f"{page}: open it in a browser.")
    return DONE if outcome.is_whole else DATA_AT_FAULT


def require_engine(call: argparse.Namespace) -> None:
    """Raise BadCall for what would be refused after the pictures were read, which takes a while."""
    if call.endpoint is not None:
        base_of(call.endpoint)
        return
    if call.requests_per_minute is not None:
        raise BadCall("--requests-per-minute: expected with --endpoint, found alone.")
    if call.revision is not None and Path(call.model).is_dir():
        raise BadCall("--revision: expected with a model of the Hub, found a folder's.")


def opened(call: argparse.Namespace, estimate: Estimate) -> Engine | None:
    """What is asked; None where it was asked for the estimate only."""
    say(estimate.told(call.price))
    if call.dry_run:
        return None
    model = Model(call.model, call.revision)
    if call.endpoint is None:
        return InProcess(model, call.at_once or IN_A_BATCH)
    limits = Limits(call.at_once or AT_ONCE, call.timeout, call.requests_per_minute)
    return Endpoint(call.endpoint, model, limits)
