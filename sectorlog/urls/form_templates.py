from django.urls import path

from sectorlog.views import form_drafts, form_templates

urlpatterns = [
    path("forms/", form_templates.form_list, name="form_list"),
    path("forms/add/", form_templates.form_add, name="form_add"),
    path("forms/<uuid:uuid>/", form_templates.form_detail, name="form_detail"),
    path("forms/<uuid:uuid>/preview/", form_templates.form_preview, name="form_preview"),
    path("forms/<uuid:uuid>/adapt/", form_templates.form_adapt, name="form_adapt"),
    path("forms/<uuid:uuid>/position/", form_templates.form_position, name="form_position"),
    path("forms/<uuid:uuid>/retire/", form_templates.form_retire, {"is_retired": True}, name="form_retire"),
    path(
        "forms/<uuid:uuid>/bring-back/",
        form_templates.form_retire,
        {"is_retired": False},
        name="form_bring_back",
    ),
    path("forms/<uuid:uuid>/start/", form_drafts.form_start, name="form_start"),
    path("forms/<uuid:uuid>/draft/", form_drafts.form_draft, name="form_draft"),
    path("forms/<uuid:uuid>/draft/field/", form_drafts.form_field, name="form_field"),
    path("forms/<uuid:uuid>/publish/", form_drafts.form_publish, name="form_publish"),
    path("forms/<uuid:uuid>/discard/", form_drafts.form_discard, name="form_discard"),
]
