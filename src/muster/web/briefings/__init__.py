"""Briefings: what a commander tells of a day or a week, as page, slides, PDF and workbook from the same figures."""
