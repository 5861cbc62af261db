"""Keeping a ledger: backup, restore, moving, exports, archive checks, database rights."""
