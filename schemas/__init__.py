"""What exists and what can be asked; imports nothing of ours."""
