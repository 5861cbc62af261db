"""From a document's own tables to the figures of the form."""
