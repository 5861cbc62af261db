"""Accounts: login, who may, and who did."""
