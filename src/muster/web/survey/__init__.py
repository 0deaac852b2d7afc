"""The pages of the survey: the figures of a commune, the list of a hamlet on screen, paper and in a workbook."""
