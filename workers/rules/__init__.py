"""The rules, one function each, in files by theme; ``check_report`` runs them (docs/write-a-rule.md)."""
