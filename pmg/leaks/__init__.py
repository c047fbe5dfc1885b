"""Leaks: what a set of samples gives away of its test, and what else to know before comparing."""
