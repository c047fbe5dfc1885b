"""A few bytes of valid raw files changed: they are refused, or read as others read them."""
