"""Other retrieval libraries, measured beside ours; an extra of its own, imported by evals only."""
