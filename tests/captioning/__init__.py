"""Captions: against an endpoint on 127.0.0.1 that fails as real ones do, and in process."""
