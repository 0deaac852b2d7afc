"""Addresses of counts and clock."""

from django.urls import path

from muster.web.command import board, clock, counts, outlook, ranking, rehearsal, reinforcement

app_name = "command"
urlpatterns = [
    path("board/", board.show, name="board"),
    path("board/ranking/", ranking.show, name="ranking"),
    path("board/ranking/table.csv", ranking.table_csv, name="ranking_csv"),
    path("board/ranking/table.xlsx", ranking.table_xlsx, name="ranking_xlsx"),
    path("board/reinforcement/", reinforcement.show, name="reinforcement"),
    path("board/forecast/", outlook.show, name="outlook"),
    path("board/forecast/table.xlsx", outlook.table_xlsx, name="outlook_xlsx"),
    path("counts/", counts.show, name="counts"),
    path("counts/table.csv", counts.table_csv, name="counts_csv"),
    path("rehearsal/", rehearsal.show, name="rehearsal"),
    path("clock/", clock.show, name="clock"),
]
