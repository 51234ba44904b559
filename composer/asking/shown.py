"""What a picture is taken to show: as it is seen, and as a model of the user's, the table and the
user himself say, each in place of those before."""

from __future__ import annotations

from analysis.picture.analyse import Analysis
from composer.needs import need
from composer.settings import Settings
from composer.table import Table


def as_said(analysis: Analysis, table: Table, settings: Settings) -> Analysis:
    """The analysis with all that is said of what its picture shows.

    Raises UserError where a captioning model is asked for and what runs it is not installed, and
    CaptionerError for a folder that holds none.
    """
    if settings.captioner is not None:
        from analysis.picture.content.captioner import describe

        need("A captioning model", "transformers", "torch")
        sentence = describe(analysis.picture.pixels, settings.captioner)
        analysis = analysis.described(sentence, counts=settings.captioner_counts)
    return analysis.told(table.shown(settings.shown))
