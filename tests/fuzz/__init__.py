"""Readers fed with bytes that a fuzzer thinks of; what it found is fed to them in every test run."""
