"""What a command answers."""


def refused(answer):
    """The one sentence on stderr."""
    status, out, err = answer
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err
