"""Readers fed with what a fuzzer thinks of; its findings are fed to them in every test run."""
