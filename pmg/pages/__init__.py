"""Pages: what is built, to look at in a browser or a notebook."""

ROWS, MOST_ROWS = 300, 1_000  # of a page; beyond, browsers and mail would mind
