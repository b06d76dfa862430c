from django.contrib.admin.apps import AdminConfig


class StationAdminConfig(AdminConfig):
    """Puts the station's own admin site in the place of Django's default one."""

    default_site = "officers.adminsite.StationAdminSite"
