import contextlib
import random
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from sectorlog.models import ContactPerson, Party
from sectorlog.parties.file import MOST_BYTES, PartyFileError, read_parties
from sectorlog.parties.file_import import plan_import
from tests.factories import (
    AddressFactory,
    AssignmentFactory,
    ContactPersonFactory,
    PartyFactory,
    SectorFactory,
    UserFactory,
    division_of,
    head_of,
    middle,
)

pytestmark = pytest.mark.django_db

ENGLISH = "Name,Kind,Address,Contact name,Role,Telephone,E-mail,Interval days\n"
DANISH = "Navn;Type;Adresse;Kontaktperson;Rolle;Tlf.;E-mail;Interval dage\n"


@pytest.fixture
def sector():
    sector = SectorFactory()
    division_of(sector, SectorFactory(district=sector.district))
    return sector


@pytest.fixture
def as_officer(client, sector):
    client.force_login(AssignmentFactory(sector=sector, officer__user=UserFactory()).officer.user)
    return client


def upload(client, sector, data: bytes | str):
    content = data.encode() if isinstance(data, str) else data
    file = SimpleUploadedFile("parties.csv", content)
    return client.post(reverse("sectorlog:party_import", args=[sector.slug]), {"file": file})


def confirm(client, sector, report):
    data = {"sealed": report.context["sealed"]}
    return client.post(reverse("sectorlog:party_import", args=[sector.slug]), data)


def plan(sector, text: str):
    return plan_import(read_parties(text.encode()).lines, sector)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH + "Café Ø,shop,Frederikssundsvej 12,Åse,Owner,+45 12,a@example.com,60\n", "utf-8"),
        (DANISH + "Café Ø;butik;Frederikssundsvej 12;Åse;Owner;+45 12;a@example.com;60\n", "cp1252"),
        (
            "sep=;\n" + DANISH + "Café Ø;trade;Frederikssundsvej 12;Åse;Owner;+45 12;a@example.com;60\n",
            "utf-8-sig",
        ),
        (
            DANISH.replace(";", "\t")
            + "Café Ø\ttrade\tFrederikssundsvej 12\tÅse\tOwner\t+45 12\ta@example.com\t60\n",
            "utf-16",
        ),
    ],
)
def test_files_of_many_spreadsheets_are_read(as_officer, sector, text, encoding):
    AddressFactory(number=12)
    report = upload(as_officer, sector, text.encode(encoding))
    assert report.status_code == 200
    assert not Party.objects.exists()
    assert confirm(as_officer, sector, report).status_code == 302
    party = Party.objects.get()
    assert (party.name, party.kind, party.interval_days, party.sector) == ("Café Ø", "trade", 60, sector)
    assert (party.place.x, party.place.y) == pytest.approx(middle())
    contact = party.contacts.get()
    assert (contact.name, contact.role, contact.phone, contact.email) == (
        "Åse",
        "Owner",
        "+45 12",
        "a@example.com",
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (",shop,,,,,,", "Name: This field cannot be blank."),
        ("A,spaceship,,,,,,", "“spaceship” is no kind of party."),
        ("A,,,,,,,often", "“often” is no interval."),
        ("A,,,,,,,731", "“731” is no interval."),
        ("A,,,,,123,,", "without a contact name"),
        ("A,,,B,,,nonsense,", "E-mail: Enter a valid email address."),
        ("=1+1,,,,,,,", "begins like a formula"),
        ("A,,,,,,,,,surplus", "The line has 10 cells"),
        ("x" * 151 + ",,,,,,,", "at most 150 characters"),
    ],
)
def test_a_bad_line_is_explained_with_its_number_and_nothing_is_imported(as_officer, sector, line, sentence):
    report = upload(as_officer, sector, f"{ENGLISH}Good,,,,,,,\n{line}\n")
    page = report.content.decode()
    assert sentence in page
    assert "<td>3</td>" in page
    assert "Yes, import all of it" not in page
    confirm(as_officer, sector, report)
    assert not Party.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The submitted file is empty|The file is empty"),
        (b"  \n", "The file is empty"),
        (b"PK\x03\x04....", "no CSV file"),
        (b"Kind,Address\nshop,x\n", "There is no column “name”"),
        (b"Name,Navn\nA,B\n", "Two columns of the file mean “name”"),
        (b"Name\n", "no party below it"),
        (b'Name,Kind\n"A,shop\n', "Line 2 cannot be read"),
        (b"Name\n\x00\x01\x02\n", "no text in a known encoding"),
        (b"Name\n" + b"A\n" * 5001, "more than 5000 lines"),
        (b"Name\n" + b"A" * MOST_BYTES, "larger than"),
        (b'Name\n"' + b"A" * 200_000 + b'"\n', "far too long"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(as_officer, sector, data, sentence):
    response = upload(as_officer, sector, data)
    assert response.status_code == 422
    assert any(part in response.content.decode() for part in sentence.split("|"))


def test_known_parties_and_repeated_lines_are_passed_over(sector):
    known = PartyFactory(sector=sector, name="Bager Jensen A/S", address="Street 1, 2700 Brønshøj")
    text = (
        ENGLISH + "Bager Jensen,,street 1,Ulla,,,,\nNew,,,,,,,\nNEW,,,,,,,\nBager Jensen,,Other Road 5,,,,,\n"
    )
    lines = plan(sector, text)
    assert [line.kind for line in lines] == ["known", "new", "again", "new"]
    assert lines[0].party == known
    assert lines[3].like == (known,)


def test_another_shop_of_the_same_house_is_no_double(sector):
    PartyFactory(sector=sector, name="Grønthandleren", address="Street 1")
    like = PartyFactory(sector=sector, name="Bager Jensens Eftf.", address="Street 1")
    baker, hairdresser = plan(sector, ENGLISH + "Bager Jensen,,Street 1,,,,,\nFrisøren,,Street 1,,,,,\n")
    assert (baker.like, hairdresser.like) == ((like,), ())


def test_further_lines_of_a_party_add_contact_persons(as_officer, sector):
    text = DANISH + "Klub;;;Ulla;;;;\nKlub;;;Ole;;;;\nKlub;;;Ulla;;;;\n"
    assert [line.kind for line in plan(sector, text)] == ["new", "contact", "again"]
    confirm(as_officer, sector, upload(as_officer, sector, text))
    assert {contact.name for contact in Party.objects.get().contacts.all()} == {"Ulla", "Ole"}


def test_importing_the_same_file_twice_makes_everything_once(as_officer, sector):
    text = ENGLISH + "A,,Street 1,Ulla,,,,\nB,,,,,,,\n"
    first, second = upload(as_officer, sector, text), upload(as_officer, sector, text)
    assert confirm(as_officer, sector, first).status_code == 302
    again = confirm(as_officer, sector, second)
    assert again.status_code == 409
    assert "Something was changed while you read." in again.content.decode()
    assert (Party.objects.count(), ContactPerson.objects.count()) == (2, 1)


def test_what_was_read_is_nobody_elses_to_confirm(client, as_officer, sector):
    report = upload(as_officer, sector, ENGLISH + "A,,,,,,,\n")
    client.force_login(head_of(sector.station))
    assert confirm(client, sector, report).status_code == 302
    assert not Party.objects.exists()


def test_heads_import_and_attached_officers_do_not(client, sector):
    client.force_login(head_of(sector.station))
    assert upload(client, sector, ENGLISH + "A,,,,,,,\n").status_code == 200
    attached = AssignmentFactory(attached=True, sector=sector, officer__user=UserFactory())
    client.force_login(attached.officer.user)
    assert upload(client, sector, ENGLISH + "A,,,,,,,\n").status_code == 404


def test_an_address_outside_the_sector_is_said_and_imported(sector):
    AddressFactory(number=12, column=1)
    (line,) = plan(sector, ENGLISH + "A,,Frederikssundsvej 12,,,,,\n")
    assert line.kind == "new"
    assert "This address lies outside the sector." in line.notes


def test_an_unknown_column_is_named_and_passed_over(as_officer, sector):
    assert "Shoe size" in upload(as_officer, sector, "Name,Shoe size\nA,43\n").content.decode()


def test_a_contact_of_a_known_party_is_left_to_its_officers(sector):
    contact = ContactPersonFactory(party=PartyFactory(sector=sector, name="A"), name="Ulla")
    (line,) = plan(sector, ENGLISH + "A,,,Ole,,,,\n")
    assert (line.kind, line.contact) == ("known", None)
    assert ContactPerson.objects.get() == contact


def test_five_thousand_lines_take_a_handful_of_queries_and_seconds(sector, django_assert_max_num_queries):
    for number in range(20):
        AddressFactory(number=number + 1)
    rows = (f"Shop {n},trade,Frederikssundsvej {n % 20 + 1},Contact {n},,+45 {n},,60\n" for n in range(5000))
    lines = read_parties((ENGLISH + "".join(rows)).encode()).lines
    began = time.monotonic()
    # Parties, contacts, streets, doors; and the division in force, read anew.
    with django_assert_max_num_queries(7):
        planned = plan_import(lines, sector)
    assert {line.kind for line in planned} == {"new"}
    assert time.monotonic() - began < 20


def test_a_name_that_stands_in_every_line_takes_no_longer(sector):
    lines = read_parties((ENGLISH + "".join(f"Kiosk,,Road {n},,,,,\n" for n in range(5000))).encode()).lines
    began = time.monotonic()
    assert {line.kind for line in plan_import(lines, sector)} == {"new"}
    assert time.monotonic() - began < 30


def test_a_file_that_a_page_cannot_carry_is_refused(as_officer, sector):
    chance = random.Random(1)
    letters = [chr(code) for code in range(0xA1, 0xFF)]
    rows = ("".join(chance.choices(letters, k=390)) for _ in range(4900))
    data = ("Name\n" + "\n".join(rows)).encode("cp1252")
    assert len(data) < MOST_BYTES
    response = upload(as_officer, sector, data)
    assert response.status_code == 422
    assert "too large to be imported at once" in response.content.decode()


@given(data=st.binary(max_size=300) | st.text(max_size=100).map(lambda text: f"Name,Kind\n{text}".encode()))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_with_a_sentence(data):
    found = None
    with contextlib.suppress(PartyFileError):
        found = read_parties(data)
    assert found is None or found.lines
