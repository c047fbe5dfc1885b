"""What the domains share, one noun per file; it knows no domain."""

__version__ = "0.1.0"
