"""The child process in which a document is read, and the frames it answers with."""
