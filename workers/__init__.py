"""The Celery app: the steps of a document, its readers and its rules."""
