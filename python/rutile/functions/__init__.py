"""The functions that are made of the engine's ops: one module for each family."""
