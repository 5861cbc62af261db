"""Mail servers that refuse, hang, drip and break off, at every stage and in everybody's words."""
