"""What a build does: from raw files to a folder ready for the Hub."""
