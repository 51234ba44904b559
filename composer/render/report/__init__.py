"""The report: one page that shows a picture, its piece and the reasons, and needs nothing else."""
