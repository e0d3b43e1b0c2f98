"""The product's settings as they are in tests: known keys, and nothing kept."""

import os

os.environ["TUTELAGE_PROFILE"] = "test"

from tutelage.config.settings import *  # noqa: E402, F403  # the profile is set first
