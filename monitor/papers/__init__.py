"""Papers for a person to sign: filled in from the ledger, in the office's own form where it has one."""
