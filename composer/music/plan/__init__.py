"""The plan: sections from regions, phrases, cadences, contour, tempo and dynamics."""

from composer.music.plan.plan import make_plan

__all__ = ["make_plan"]
