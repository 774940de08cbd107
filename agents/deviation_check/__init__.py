"""The deviation check as a workflow: after a demo, trial or proposal touchpoint, and on demand."""
