"""Raw files read as data, whatever strangers put into them."""
