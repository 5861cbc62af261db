"""整改: what was asked of agencies, step by step."""
