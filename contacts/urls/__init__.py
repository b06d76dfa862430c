"""The public pages, and those of staff about them. Other languages than the default have a prefix: `config.urls`."""

from contacts.urls import inbox, messages, partners, prints, public, surveys, take_along, telling

app_name = "contacts"

urlpatterns = [
    *public.urlpatterns,
    *messages.urlpatterns,
    *take_along.urlpatterns,
    *inbox.urlpatterns,
    *telling.urlpatterns,
    *partners.urlpatterns,
    *prints.urlpatterns,
    *surveys.urlpatterns,
]
