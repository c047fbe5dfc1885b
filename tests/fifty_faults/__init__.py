"""One raw folder with fifty kinds of fault, in all of its files."""
