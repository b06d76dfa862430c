from django.urls import path

from overview.views import charts, figures, map

urlpatterns = [
    path("figures/", figures.figure, name="figures"),
    path("figures.csv", figures.figure_csv, name="figures_csv"),
    path("chart.svg", charts.chart, name="chart"),
    path("map/", map.by_measure, name="map"),
    path("map.csv", map.by_measure_csv, name="map_csv"),
]
