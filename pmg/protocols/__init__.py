"""Protocols: interactions cut into samples of ids, and who of them is trained and tested on."""
