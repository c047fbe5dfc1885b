"""A Ray cluster of this machine: `python ray_nodes.py FOLDER PYTHONPATH...`, a path for each node.

It writes a line of JSON, the address and the process number of each node's head, and ends with its
standard input. Each node has one processor.
"""

import json
import os
import sys

os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # listen to this machine only
os.environ["RAY_AUTH_MODE"] = "disabled"
os.environ["RAY_TMPDIR"] = sys.argv[1]

from ray.cluster_utils import Cluster

if __name__ == "__main__":
    cluster = Cluster()
    heads = []
    for path in sys.argv[2:]:
        node = cluster.add_node(
            node_ip_address="127.0.0.1",
            num_cpus=1,
            include_dashboard=False,
            env_vars={"PYTHONPATH": path},
        )
        heads.append(node.all_processes["raylet"][0].process.pid)
    print(json.dumps({"address": cluster.address, "heads": heads}), flush=True)
    sys.stdin.read()
    cluster.shutdown()
