"""Settings as plain values: what a call was given, tensors left out. Knows Python's types; not layers, not tensors."""

Plain = bool | int | float | str | None | tuple


def plain(value: object) -> Plain:
    """Lists become tuples, slices ("slice", start, stop, step); what is plain stays."""
    if isinstance(value, slice):
        return ("slice", value.start, value.stop, value.step)
    if value is Ellipsis:
        return "..."
    return tuple(plain(part) for part in value) if isinstance(value, list | tuple) else value


def is_plain(value: object) -> bool:
    """Whether `plain` can tell all of it."""
    if isinstance(value, list | tuple):
        return all(is_plain(part) for part in value)
    if isinstance(value, slice):
        return all(is_plain(part) for part in (value.start, value.stop, value.step))
    return value is None or value is Ellipsis or isinstance(value, bool | int | float | str)
