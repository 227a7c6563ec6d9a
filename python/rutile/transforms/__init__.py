"""Functions of functions: gradients, Jacobians, vectorisation, checkpoints, gradient rules."""
