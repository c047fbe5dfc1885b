"""A Hub on 127.0.0.1, so that the real clients publish and load over HTTP.

`repository` keeps commits; `reading` and `writing` are the protocol; `server` speaks HTTP, and
fails where it is told to.
"""
