"""Benchmarks: each measure beside its peer, in one run, on one made district, with equal answers checked."""
