"""The addresses of the overview, all below `/station/overview/`, one module for each part."""

from overview.urls import attention, comparing, figures, gaps, home

app_name = "overview"

urlpatterns = [
    *home.urlpatterns,
    *gaps.urlpatterns,
    *attention.urlpatterns,
    *figures.urlpatterns,
    *comparing.urlpatterns,
]
