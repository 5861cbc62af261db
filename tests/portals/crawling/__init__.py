"""List pages as trackers of public crawlers report them: what vanished from them silently, made up anew."""
