"""What people say of their officer: two questions about a closed message, and a survey, on paper and online."""

from django.urls import path

from contacts.views.evaluation import message_evaluate
from contacts.views.surveys import answering, paper, printing, results, rounds

urlpatterns = [
    path("messages/<str:token>/evaluate/", message_evaluate, name="message_evaluate"),
    path("sectors/<slug:slug>/survey/", answering.survey, name="survey"),
    path("station/surveys/", rounds.survey_list, name="survey_list"),
    path("station/surveys/new/", rounds.survey_add, name="survey_add"),
    path("station/surveys/<uuid:uuid>/", results.survey_detail, name="survey_detail"),
    path("station/surveys/<uuid:uuid>/results.csv", results.survey_csv, name="survey_csv"),
    path("station/surveys/<uuid:uuid>/change/", rounds.survey_change, name="survey_change"),
    path(
        "station/surveys/<uuid:uuid>/sectors/<slug:slug>/print.pdf",
        printing.survey_print,
        name="survey_print",
    ),
    path("station/surveys/<uuid:uuid>/sectors/<slug:slug>/paper/", paper.survey_paper, name="survey_paper"),
]
