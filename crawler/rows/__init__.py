"""The rows of a list page as they are: which links are entries, under which title, with which date."""
