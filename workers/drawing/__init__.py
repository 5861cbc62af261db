"""Pictures of pages on which something was found, for the page of evidence that letters carry."""
