"""Analysis documents in the admin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sectors.documents import keep
from sectors.models import AnalysisDocument
from tests.factories import (
    DistrictFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    administrator,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def _folder(documents_folder):
    return documents_folder


@pytest.fixture
def sector():
    return SectorFactory(name="Ours")


def page(name, *args) -> str:
    return reverse(f"admin:sectors_analysisdocument_{name}", args=args)


def document_of(*sectors, title="Burglaries") -> AnalysisDocument:
    upload = SimpleUploadedFile("Report.pdf", PDF)
    return keep(AnalysisDocument(title=title), upload, sectors, by=UserFactory())


def values(*sectors, content=PDF, **changed) -> dict:
    keys = [sector.pk for sector in sectors]
    return {"title": "New", "sectors": keys, "file": SimpleUploadedFile("New.pdf", content), **changed}


def analyst(sector):
    return StaffRoleFactory(analyst=True, station=sector.station).user


ACCOUNTS = {
    "S": lambda sector: head_of(sector.station),
    "D": lambda sector: head_of_district(sector.district),
    "P": analyst,
}


@pytest.mark.parametrize("who", ACCOUNTS)
def test_heads_and_analysts_upload_correct_and_list(client, sector, who):
    user = ACCOUNTS[who](sector)
    client.force_login(user)
    response = client.post(page("add"), values(sector))
    assert response.status_code == 302
    document = AnalysisDocument.objects.get()
    assert (document.uploaded_by, document.station) == (user, sector.station)
    assert list(document.sectors.all()) == [sector]
    client.post(page("change", document.pk), {"title": "Corrected", "source": "OPA"})
    document.refresh_from_db()
    assert (document.title, document.source, document.filename) == ("Corrected", "OPA", "New.pdf")
    assert "Corrected" in client.get(page("changelist")).content.decode()


@pytest.mark.parametrize("who", ACCOUNTS)
def test_foreign_document_does_not_exist(client, sector, who):
    foreign = document_of(SectorFactory(), title="Foreign")
    client.force_login(ACCOUNTS[who](sector))
    for method in (client.get, client.post):
        assert method(page("change", foreign.pk)).status_code == 404
    assert "Foreign" not in client.get(page("changelist")).content.decode()


def test_only_sectors_that_one_may_write_about_are_offered(client, sector):
    other = SectorFactory(
        district=DistrictFactory(station=sector.station), station=sector.station, name="Other district"
    )
    client.force_login(head_of_district(sector.district))
    assert "Other district" not in client.get(page("add")).content.decode()
    client.post(page("add"), values(sector, other))
    assert not AnalysisDocument.objects.exists()


def test_refused_file_leaves_nothing(client, sector, documents_folder):
    client.force_login(head_of(sector.station))
    text = client.post(page("add"), values(sector, content=b"MZ" * 90)).content.decode()
    assert "This kind of file is not taken" in text
    assert not AnalysisDocument.objects.exists()
    assert not documents_folder.exists()


def test_file_beyond_the_limit_is_refused(client, sector, settings):
    settings.DOCUMENT_MAX_BYTES = 100_000
    client.force_login(head_of(sector.station))
    text = client.post(page("add"), values(sector, content=PDF + bytes(200_000))).content.decode()
    assert "larger than" in text
    assert not AnalysisDocument.objects.exists()


def test_file_of_a_document_does_not_change(client, sector):
    document = document_of(sector)
    client.force_login(head_of(sector.station))
    other = SimpleUploadedFile("Other.pdf", PDF + b"%%EOF more")
    client.post(page("change", document.pk), {"title": "Same", "file": other})
    document.refresh_from_db()
    assert (document.title, document.filename) == ("Same", "Report.pdf")
    with document.file.open() as kept:
        assert kept.read() == PDF


def test_document_is_not_deleted_and_its_withdrawal_is_offered(client, sector):
    document = document_of(sector)
    client.force_login(head_of(sector.station))
    assert client.post(page("delete", document.pk)).status_code == 404
    withdrawal = reverse("officers:document_withdraw", args=[document.uuid])
    assert withdrawal in client.get(page("change", document.pk)).content.decode()


@pytest.mark.parametrize("make", [administrator, lambda: StaffRoleFactory(reviewer=True).user])
def test_documents_are_no_business_of_administrators_and_reviewers(client, sector, make):
    document = document_of(sector)
    client.force_login(make())
    for address in (page("changelist"), page("add"), page("change", document.pk)):
        assert client.get(address).status_code == 404


def test_upload_without_a_token_is_refused(sector):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(head_of(sector.station))
    assert strict.post(page("add"), values(sector)).status_code == 403
    assert not AnalysisDocument.objects.exists()
