"""A report file that is judged and not kept: for ``nianbao check``, the desk's 自查 and the API alike."""
