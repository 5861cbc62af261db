"""The version of the reader, for those who only name it and do not read.

A new one makes every stored document worth reading again: raise it with any change of what a document is read as.
"""

READER_VERSION = "1"
