"""The contents, a chapter, a passage, the search, what is new."""

from django.urls import path

from handbook.views import reading

urlpatterns = [
    path("", reading.home, name="handbook_home"),
    path("at/<slug:anchor>/", reading.at, name="passage_at"),
    path("<slug:station>/", reading.contents, name="handbook_contents"),
    path("<slug:station>/search/", reading.search, name="passage_search"),
    path("<slug:station>/at/<slug:anchor>/", reading.passage, name="passage_detail"),
    path("<slug:station>/read/", reading.mark_all_read, name="handbook_mark_read"),
    path("<slug:station>/chapters/<slug:chapter>/", reading.chapter, name="chapter_detail"),
    path("<slug:station>/chapters/<slug:chapter>/read/", reading.mark_read, name="chapter_mark_read"),
]
