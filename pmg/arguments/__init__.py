"""Arguments of the command line; no verb's own code is imported for them."""
