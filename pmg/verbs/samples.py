"""samples: samples of ids by another protocol into a built folder."""

import argparse
import json

from pmg.building.added_samples import Added, add_samples
from pmg.protocols.protocol import read_protocol
from pmg.verbs.call import DONE, Domains


def run(domains: Domains, call: argparse.Namespace) -> int:
    protocol = read_protocol(call.protocol)
    added = add_samples(domains, call.out, protocol, call.domain, update=call.update)
    if call.json:
        print(json.dumps(samples_told(added), ensure_ascii=False))
        return DONE
    if not added.anew:
        print(f"{call.out}: nothing to do, it has the samples of {protocol}.")
    for name in added.names:
        config = added.manifest.configs[name]
        for split in config.splits:
            count, size = config.rows(split), config.size(split)
            print(f"  {name:<32} {split:<10} {count:>9,} rows {size:>12}")
        for sentence in config.terms.filters if config.terms else ():
            print(f"  {sentence}")
    return DONE


def samples_told(added: Added) -> dict[str, object]:
    """What a folder holds by the protocol, for programs."""
    configs = {name: added.manifest.configs[name] for name in added.names}
    return {
        name: {
            "rows": {split: config.rows(split) for split in config.splits},
            "terms": config.terms and config.terms._asdict(),
            "added": added.anew,
        }
        for name, config in configs.items()
    }
