"""What leaves this tree: the wheel and the container image."""
