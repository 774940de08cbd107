"""Cases, datasets, scorers and benchmarks that measure the product. May import agents and below."""
