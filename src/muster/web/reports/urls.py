"""Addresses of report slots."""

from django.urls import path

from muster.web.reports import acting, files, pages

app_name = "reports"
urlpatterns = [
    path("reports/", pages.show, name="show"),
    path("reports/table.csv", files.table_csv, name="csv"),
    path("reports/table.xlsx", files.table_xlsx, name="xlsx"),
    path("reports/timetable/", acting.set_times, name="timetable"),
    path("reports/sign/", acting.sign, name="sign"),
    path("reports/correct/", acting.correct, name="correct"),
    path("reports/certify/", acting.certify, name="certify"),
    path("reports/dispute/", acting.dispute, name="dispute"),
]
