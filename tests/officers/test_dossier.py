"""A sector's page for staff: who sees it, and which blocks; its documents, up and down."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import ReadEntry
from officers.models import Assignment
from sectors.documents import keep, withdraw
from sectors.models import AnalysisDocument
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    CoverFactory,
    DistrictFactory,
    ManningBasisFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    administrator,
    between,
    head_of,
    head_of_district,
    square,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def sector():
    return SectorFactory(name="Ours")


@pytest.fixture
def responsible(sector):
    return AssignmentFactory(sector=sector, officer__name="Rita Responsible", officer__user=UserFactory())


@pytest.fixture
def attached(sector):
    return AssignmentFactory(
        sector=sector, attached=True, officer__name="Atle Attached", officer__user=UserFactory()
    )


def accounts(sector, responsible, attached) -> dict:
    """Return one account for each column of the table of rights."""
    cover = CoverFactory(
        sector=sector,
        absence=AbsenceFactory(officer=responsible.officer),
        officer__name="Connie Cover",
        officer__user=UserFactory(),
    )
    return {
        "R": responsible.officer.user,
        "O": attached.officer.user,
        "C": cover.officer.user,
        "S": head_of(sector.station),
        "D": head_of_district(sector.district),
        "P": StaffRoleFactory(analyst=True, station=sector.station).user,
        "V": StaffRoleFactory(reviewer=True).user,
        "X": administrator(),
        "H": StaffRoleFactory(editor=True, station=sector.station).user,
        "foreign S": head_of(SectorFactory().station),
        "neighbour D": head_of_district(DistrictFactory(station=sector.station)),
        "ended O": ended(sector).officer.user,
        "nobody": UserFactory(),
    }


def ended(sector) -> Assignment:
    return AssignmentFactory(
        sector=sector,
        attached=True,
        officer__name="Enid Ended",
        officer__user=UserFactory(),
        period=between(days=(-9, -1)),
    )


def page(sector) -> str:
    return reverse("officers:sector_dossier", args=[sector.slug])


def seen_by(client, user, sector) -> str:
    client.force_login(user)
    response = client.get(page(sector))
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


# Who sees what: the page, the time line of others, hours of duty, numbers, figures, documents, the upload.
BLOCKS = {
    "R": "time line, hours, numbers, documents",
    "O": "hours, documents",
    "C": "hours, documents",
    "S": "time line, hours, numbers, figures, documents, upload",
    "D": "time line, hours, numbers, figures, documents, upload",
    "P": "documents, upload",
    "V": "time line",
}
SIGNS = {
    "time line": "Enid Ended",
    "hours": "Hours of duty and form of patrol",
    "numbers": "Officers over time",
    "figures": "A new housing estate",
    "documents": "Burglaries by street",
    "upload": "Upload a document",
}


def test_each_account_sees_its_blocks_and_nothing_else(
    client, sector, responsible, attached, documents_folder
):
    ManningBasisFactory(sector=sector, reason="A new housing estate", required=3)
    document = AnalysisDocument(title="Burglaries by street")
    keep(document, SimpleUploadedFile("a.pdf", PDF), [sector], by=UserFactory())
    found = {}
    for letter, user in accounts(sector, responsible, attached).items():
        text = seen_by(client, user, sector)
        found[letter] = (
            ", ".join(block for block, sign in SIGNS.items() if sign in text) if "Ours" in text else text
        )
    assert found == {letter: BLOCKS.get(letter, "404") for letter in found}


def test_unknown_sector_is_not_found_like_a_foreign_one(client, sector):
    client.force_login(head_of(sector.station))
    assert client.get("/station/sectors/nowhere/").status_code == 404


def test_login_is_asked_for(client, sector):
    assert client.get(page(sector)).status_code == 302


def test_cover_and_its_reason_are_told(client, sector, responsible, attached):
    users = accounts(sector, responsible, attached)
    text = seen_by(client, users["S"], sector)
    assert "Connie Cover" in text
    assert "In place of Rita Responsible, who is away." in text


def test_attached_officer_sees_only_their_own_appointment_on_the_time_line(
    client, sector, responsible, attached
):
    before = ended(sector)
    client.force_login(attached.officer.user)
    events = client.get(page(sector)).context["dossier"].events
    assert {event.who for event in events} == {"Atle Attached"}
    assert before.officer.name not in {event.who for event in events}


def test_absence_outside_the_time_in_this_sector_is_not_told_here(client, sector):
    gone = ended(sector)
    AbsenceFactory(officer=gone.officer, period=between(days=(-300, -290)))
    client.force_login(head_of(sector.station))
    events = client.get(page(sector)).context["dossier"].events
    assert [event.kind for event in events] == ["attached"]


def test_page_is_written_down_in_the_read_log(client, sector, responsible):
    head = head_of(sector.station)
    seen_by(client, head, sector)
    entries = ReadEntry.objects.filter(actor_id=head.pk)
    keys = {key for entry in entries for key in entry.keys}
    assert {
        f"sectors.sector:{sector.pk}",
        f"officers.assignment:{responsible.pk}",
        f"officers.officer:{responsible.officer.pk}",
    } <= keys


def test_number_of_queries_does_not_grow_with_the_rows(client, sector, django_assert_max_num_queries):
    for days in range(1, 8):
        term = AssignmentFactory(
            sector=sector, attached=True, period=between(days=(-days * 9, -days * 9 + 5))
        )
        AbsenceFactory(officer=term.officer, period=term.period)
        AssignmentFactory(sector=sector, attached=True)
        ManningBasisFactory(sector=sector, holds_from=term.period.lower.date(), required=2)
    client.force_login(head_of(sector.station))
    with django_assert_max_num_queries(26):
        assert client.get(page(sector)).status_code == 200


def test_undecided_figures_are_pointed_out_to_the_head(client, sector):
    basis = ManningBasisFactory(sector=sector, reported_crimes=4000)
    text = seen_by(client, head_of(sector.station), sector)
    assert "ask for 4 officers. It is not decided yet." in text
    assert reverse("admin:sectors_manningbasis_change", args=[basis.pk]) in text


def test_list_holds_the_sectors_that_one_may_see(client, sector, attached):
    other, foreign = SectorFactory(district=sector.district, name="Other"), SectorFactory(name="Theirs")
    for station, sectors in ((sector.station, [sector, other]), (foreign.station, [foreign])):
        areas = {one: square(column) for column, one in enumerate(sectors)}
        BoundaryReleaseFactory(station=station, areas=areas, in_force=True)

    def listed(user):
        client.force_login(user)
        return [row["sector"].name for row in client.get("/station/").context["rows"]]

    assert listed(head_of(sector.station)) == ["Ours", "Other"]
    assert listed(attached.officer.user) == ["Ours"]
    assert listed(administrator()) == []


@pytest.fixture
def document(sector, documents_folder):
    user = StaffRoleFactory(analyst=True, station=sector.station).user
    document = AnalysisDocument(title="Burglaries by street")
    return keep(document, SimpleUploadedFile("Indbrud Nørrebro.pdf", PDF), [sector], by=user)


def address(name, document) -> str:
    return reverse(f"officers:document_{name}", args=[document.uuid])


def test_document_is_handed_out_to_be_saved_and_never_to_be_run(client, document, attached):
    client.force_login(attached.officer.user)
    response = client.get(address("download", document))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Indbrud%20N%C3%B8rrebro.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox;")
    assert "no-store" in response["Cache-Control"]


def test_each_download_stands_in_the_read_log(client, document, sector, attached):
    user = attached.officer.user
    client.force_login(user)
    for _ in range(2):
        list(client.get(address("download", document)).streaming_content)
    entries = ReadEntry.objects.filter(actor_id=user.pk, verb="downloaded")
    assert [(entry.keys, entry.sectors) for entry in entries] == [
        ([f"sectors.analysisdocument:{document.pk}"], [sector.pk])
    ] * 2


def test_question_whether_there_is_a_document_is_no_download(client, document, attached):
    client.force_login(attached.officer.user)
    response = client.head(address("download", document))
    assert response.status_code == 200
    # As the web server does at the end: the client reads nothing, and `close()` would end the test's transaction.
    for close in response._resource_closers:
        close()
    assert not ReadEntry.objects.filter(verb="downloaded").exists()


@pytest.mark.parametrize("who", ["V", "X", "H", "foreign S", "neighbour D", "ended O", "nobody"])
@pytest.mark.parametrize("name", ["download", "withdraw"])
def test_document_does_not_exist_for_others(client, sector, responsible, attached, document, who, name):
    client.force_login(accounts(sector, responsible, attached)[who])
    assert client.get(address(name, document)).status_code == 404


def test_missing_file_is_a_clear_page(client, document, attached):
    document.file.storage.delete(document.file.name)
    client.force_login(attached.officer.user)
    response = client.get(address("download", document))
    assert response.status_code == 404
    assert "The file is missing" in response.content.decode()
    assert not ReadEntry.objects.filter(verb="downloaded").exists()


def test_withdrawn_document_is_gone(client, document, attached):
    withdraw(document)
    client.force_login(attached.officer.user)
    assert client.get(address("download", document)).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("S", 302), ("D", 302), ("uploader", 302), ("P", 404), ("R", 404), ("O", 404)]
)
def test_document_is_withdrawn_by_heads_and_by_whoever_uploaded_it(
    client, sector, responsible, attached, document, who, status
):
    users = accounts(sector, responsible, attached) | {"uploader": document.uploaded_by}
    client.force_login(users[who])
    assert client.get(address("withdraw", document)).status_code == (200 if status == 302 else 404)
    assert client.post(address("withdraw", document)).status_code == status
    document.refresh_from_db()
    assert (document.withdrawn_at is not None) == (status == 302)


def test_head_of_one_district_does_not_withdraw_what_is_about_another_as_well(client, sector, document):
    document.sectors.add(
        SectorFactory(district=DistrictFactory(station=sector.station), station=sector.station)
    )
    client.force_login(head_of_district(sector.district))
    assert client.post(address("withdraw", document)).status_code == 404


def send(client, sector, content=PDF, name="Report.pdf", **fields):
    values = {"title": "Report", "sectors": [sector.pk], "file": SimpleUploadedFile(name, content), **fields}
    return client.post(reverse("officers:document_add", args=[sector.slug]), values)


@pytest.mark.parametrize("who", ["S", "D", "P"])
def test_heads_and_analysts_upload(client, sector, responsible, attached, documents_folder, who):
    client.force_login(accounts(sector, responsible, attached)[who])
    assert send(client, sector).status_code == 302
    assert [one.title for one in sector.analysis_documents.all()] == ["Report"]


@pytest.mark.parametrize("who", ["R", "O", "C", "V", "X", "foreign S", "neighbour D"])
def test_nobody_else_uploads(client, sector, responsible, attached, documents_folder, who):
    client.force_login(accounts(sector, responsible, attached)[who])
    assert send(client, sector).status_code == 404
    assert not AnalysisDocument.objects.exists()
    assert not documents_folder.exists()


def test_upload_for_a_foreign_sector_is_refused(client, sector, documents_folder):
    client.force_login(head_of(sector.station))
    response = send(client, sector, sectors=[sector.pk, SectorFactory().pk])
    assert response.status_code == 422
    assert not AnalysisDocument.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [(b"MZ" * 90, "a.pdf", "not taken"), (PDF, "a.docx", "PDF"), (b"", "a.pdf", "empty")],
)
def test_unfit_file_is_refused_with_a_sentence(client, sector, documents_folder, content, name, sentence):
    client.force_login(head_of(sector.station))
    response = send(client, sector, content, name)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not AnalysisDocument.objects.exists()


def test_file_beyond_the_limit_is_passed_over(client, sector, documents_folder, settings):
    settings.DOCUMENT_MAX_BYTES = 100_000
    client.force_login(head_of(sector.station))
    response = send(client, sector, PDF + bytes(200_000))
    assert response.status_code == 422
    text = response.content.decode()
    assert "larger than" in text
    assert "field is required" not in text


def test_upload_without_a_token_is_refused(sector, documents_folder):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(head_of(sector.station))
    assert send(strict, sector).status_code == 403
    assert not AnalysisDocument.objects.exists()
