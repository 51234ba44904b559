"""Properties are tried on the same examples at every run: a failure stays to be mended."""

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")
