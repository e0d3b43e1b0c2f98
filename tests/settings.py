"""The product's settings as they are in tests: known keys, and nothing kept."""

import os

os.environ["TUTELAGE_PROFILE"] = "test"

from tutelage.config.settings import *  # noqa: F403  # the profile is set first
