"""The JSON that other systems rely on (contract, section 1): the same thing is the same in commands and in the API."""
