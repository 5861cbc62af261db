"""事项: what somebody has to know."""
