"""Old names of the kinds of settings, until every page uses the new ones."""

from explorer.settings.fields import Kind, Numbers, Real, Switch, Whole, Word  # noqa: F401
from explorer.settings.fields import OneOf as Choice  # noqa: F401
from explorer.settings.fields import SomeOf as Several  # noqa: F401
