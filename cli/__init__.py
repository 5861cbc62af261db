"""The commands, one module each, and the demo.

What stands here holds before anything else is imported, for a short command is little more than its imports.
"""

import gc
import os

# Importing libraries and reading a register makes objects that stay: garbage-collecting them at every 700th, as
# Python does by default, is a fifth of a short command's time.
NEW_OBJECTS_BETWEEN_COLLECTIONS = 50_000

gc.set_threshold(NEW_OBJECTS_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])

# Nothing here is a plugin of pydantic, which opens a file of every installed distribution to look for some.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
