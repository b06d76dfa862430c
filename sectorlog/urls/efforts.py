from django.urls import path

from sectorlog.views import effort_tasks, efforts

urlpatterns = [
    path("efforts/", efforts.effort_list, name="effort_list"),
    path("efforts/add/", efforts.effort_create, name="effort_create"),
    path("efforts/<uuid:uuid>/", efforts.effort_detail, name="effort_detail"),
    path("efforts/<uuid:uuid>/change/", efforts.effort_update, name="effort_update"),
    path("efforts/<uuid:uuid>/close/", efforts.effort_close, name="effort_close"),
    path("efforts/<uuid:uuid>/tasks/", effort_tasks.task_add, name="task_add"),
    path("efforts/tasks/<uuid:uuid>/", effort_tasks.task_update, name="task_update"),
    path("efforts/tasks/<uuid:uuid>/done/", effort_tasks.task_done, name="task_done"),
]
