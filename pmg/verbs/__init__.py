"""The verbs of the command line, a file each; it is imported when it is called, and none before.

Each has `run`, which prints what it did and answers with the exit code.
"""
