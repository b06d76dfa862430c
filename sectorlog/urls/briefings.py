from django.urls import path

from sectorlog.views import briefings

urlpatterns = [
    path("briefings/", briefings.briefing_list, name="briefing_list"),
    path("briefings/new/", briefings.briefing_new, name="briefing_new"),
    path("briefings/<uuid:uuid>/", briefings.briefing_detail, name="briefing_detail"),
    path("briefings/<uuid:uuid>/briefing.pdf", briefings.briefing_pdf, name="briefing_pdf"),
]
