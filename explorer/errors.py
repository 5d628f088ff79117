"""The one error a user ever reads. Knows nothing else."""


class ExplorerError(Exception):
    """Something the user asked for cannot be done.

    The message is one sentence or two in plain words: the value that was wrong, then the remedy.
    Pages and the command line show it as it stands; every other exception is a bug.
    """
