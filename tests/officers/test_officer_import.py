"""Importing officers from a file: what is recognised, what is refused and where, all of it or nothing."""

import contextlib
import datetime
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from officers.forms.officer_import import sealed
from officers.models import Assignment, Officer
from officers.officer_file import MOST_BYTES, OfficerFileError, read_officers
from officers.officer_import import plan_import
from tests.factories import (
    AssignmentFactory,
    LeadershipFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    head_of,
    head_of_district,
)

ENGLISH = "name,title,phone,email,sector,role,from\n"
ALMA = "Alma Ærø,Police constable,+45 00 30 00 01,alma@police.example"


# --- The file ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 (with a byte order mark)"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_encoding_and_delimiter_are_recognised_and_said(encoding, said, delimiter, name):
    text = (ENGLISH + ALMA + ",,,\n").replace(",", delimiter)
    found = read_officers(text.encode(encoding))
    assert (found.encoding, found.delimiter) == (said, name)
    assert found.lines[0].cells["name"] == "Alma Ærø"


def test_danish_column_names_are_understood():
    found = read_officers("Navn;Titel;Tlf.;E-mail;Sektor nr.;Rolle;Fra;Bemærkning\nA;;1;a@b.dk;;;;x".encode())
    assert found.columns == ("name", "title", "phone", "email", "sector", "role", "begins")
    assert found.ignored == ("Bemærkning",)


def test_excels_line_about_the_delimiter_is_passed_over():
    found = read_officers(b"sep=;\r\nname;phone;email\r\nAlma;1;a@b.dk\r\n")
    assert (found.delimiter, found.lines[0].cells["name"]) == ("semicolon", "Alma")
    assert found.lines[0].number == 3


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"  \n \n", "is empty"),
        (b"PK\x03\x04" + b"x" * 50, "spreadsheet"),
        (b"%PDF-1.7", "spreadsheet"),
        (b"name,phone\nAlma,1", "columns are missing: email"),
        (b"Alma,1,a@b.dk\n", "columns are missing"),
        (b"name,phone,email,mail\n1,2,3,4", "Two columns of the file mean"),
        (b"name,phone,email\n", "nobody below it"),
        (b'name,phone,email\n"Alma,1,a@b.dk\n', "a quotation mark"),
        (b"name,phone,email\nAl\x00ma,1,a@b.dk\n", "no text in a known encoding"),
        (b"name,phone,email\n\x81\x8d\x8f,1,a@b.dk\n", "no text in a known encoding"),
        (b"name,phone,email\n" + b"A,1,a@b.dk\n" * 2001, "more than 2000 officers"),
        (b"name,phone,email\n" + b"A" * 500_000, "larger than 500 kB"),
        (b"name,phone,email\n" + b"A" * 200_000 + b",1,a@b.dk\n", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(OfficerFileError, match=sentence):
        read_officers(data)


below_the_names = st.text(max_size=300).map(lambda text: ENGLISH.encode() + text.encode("utf-8", "replace"))


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), below_the_names))
def test_whatever_is_in_a_file_it_is_read_or_refused(data):
    with contextlib.suppress(OfficerFileError):
        assert read_officers(data).lines


# --- What a line would do ----------------------------------------------------------------------


@pytest.fixture
def sector(db):
    return SectorFactory(number=3, name="Bispebjerg")


@pytest.fixture
def planned(sector):
    def plan(*lines: str, header: str = ENGLISH):
        text = header + "\n".join(lines)
        return plan_import(read_officers(text.encode()).lines, sector.station)

    return plan


def test_a_new_officer_is_made_and_appointed(planned):
    [line] = planned(f"{ALMA},3,responsible,2027-05-03")
    assert (line.kind, line.problems) == ("new", [])
    begins = timezone.localtime(line.appointment.period.lower)
    assert (begins.date(), begins.hour) == (datetime.date(2027, 5, 3), 0)


def test_a_known_officer_is_brought_up_to_date_and_an_empty_title_stays(planned, sector):
    OfficerFactory(station=sector.station, email="Alma@police.example", name="Alma", phone="1", title="Chief")
    [line] = planned("Alma,,2,ALMA@police.example,,,")
    assert (line.kind, line.changes) == ("changed", ["telephone: “1” becomes “2”"])


def test_what_is_so_already_is_left_alone(planned, sector):
    officer = OfficerFactory(station=sector.station, email="alma@police.example")
    AssignmentFactory(sector=sector, officer=officer)
    [line] = planned(f"{officer.name},{officer.title},{officer.phone},{officer.email},3,responsible,")
    assert (line.kind, line.appointment) == ("same", None)


def test_an_officer_of_another_station_is_nobody_here(planned):
    OfficerFactory(email="alma@police.example", name="Somebody else")
    [line] = planned(f"{ALMA},,,")
    assert line.kind == "new"
    assert "Somebody else" not in str(line)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (",,1,a@b.dk,,,", "Name: This field cannot be blank"),
        ("A,,,a@b.dk,,,", "Telephone: This field cannot be blank"),
        ("A,,1,,,,", "E-mail: This field cannot be blank"),
        ("A,,1,not-an-address,,,", "Enter a valid email address"),
        ("A" * 101 + ",,1,a@b.dk,,,", "at most 100 characters"),
        ("A,,1,a@b.dk,77,responsible,", "no sector with the number “77”"),
        ("A,,1,a@b.dk,three,responsible,", "no sector with the number “three”"),
        ("A,,1,a@b.dk,²,responsible,", "no sector with the number"),
        ("A,,1,a@b.dk,3,,", "is no role"),
        ("A,,1,a@b.dk,3,boss,", "“boss” is no role"),
        ("A,,1,a@b.dk,,responsible,", "without a sector"),
        ("A,,1,a@b.dk,3,responsible,2027-02-30", "no day that can be"),
        ("A,,1,a@b.dk,3,responsible,0001-01-01", "no day that can be"),
        ("A,,1,a@b.dk,3,responsible,9999-12-31", "no day that can be"),
        ("A,,1,a@b.dk,3,responsible,soon", "no day that can be"),
        ("=HYPERLINK(1),,1,a@b.dk,,,", "begins like a formula"),
        ("A,@SUM(1),1,a@b.dk,,,", "begins like a formula"),
        ("A,,+cmd|x,a@b.dk,,,", "begins like a formula"),
        ("A,,1,a@b.dk,,,,,", "The line has 9 cells, the column names are 7"),
    ],
)
def test_each_problem_is_told_with_its_line(planned, line, sentence):
    first, second = planned(f"{ALMA},,,", line)
    assert (first.kind, second.kind, second.number) == ("new", "problem", 3)
    assert sentence in " ".join(second.problems)


@pytest.mark.parametrize("typed", ["3-5-2027", "03.05.2027", "3/5/2027", "2027-5-3"])
def test_a_day_is_understood_as_danes_write_it(planned, typed):
    [line] = planned(f"{ALMA},3,attached,{typed}")
    assert timezone.localdate(line.appointment.period.lower) == datetime.date(2027, 5, 3)


def test_a_telephone_number_may_begin_with_a_plus_sign(planned):
    assert planned(f"{ALMA},,,")[0].kind == "new"


def test_the_same_officer_twice_is_refused_but_for_a_second_sector(planned, sector):
    SectorFactory(district=sector.district, number=4)
    once, again = planned(f"{ALMA},3,responsible,", f"{ALMA},4,attached,")
    assert (once.problems, again.problems) == ([], [])
    assert once.officer is again.officer
    _once, twice = planned(f"{ALMA},,,", f"{ALMA},,,")
    assert "Line 2 has this e-mail address already" in twice.problems[0]
    _once, other = planned(f"{ALMA},3,responsible,", "Berta,,2,ALMA@police.example,4,attached,")
    assert "Line 2 has this e-mail address already" in other.problems[0]
    assert other.name == "Berta"


def test_two_responsible_officers_of_one_sector_in_the_file_are_refused(planned):
    _first, second = planned(f"{ALMA},3,responsible,", "Berta,,2,berta@police.example,3,responsible,")
    assert "Line 2 appoints to 3 Bispebjerg already" in second.problems[0]


def test_a_sector_that_has_somebody_is_not_given_to_another(planned, sector):
    AssignmentFactory(sector=sector, officer__name="Bjarke Opdigt")
    [line] = planned(f"{ALMA},3,responsible,")
    assert "Bjarke Opdigt is Responsible officer of 3 Bispebjerg" in line.problems[0]


def test_an_officer_of_the_same_name_is_pointed_out(planned, sector):
    OfficerFactory(station=sector.station, name="Alma Ærø")
    [line] = planned(f"{ALMA},,,")
    assert line.kind == "new"
    assert "of this name is there already" in line.notes[0]


# --- In the admin ------------------------------------------------------------------------------


@pytest.fixture
def head(sector):
    return head_of(sector.station)


@pytest.fixture
def as_head(client, head):
    client.force_login(head)
    return client


URL = "admin:officers_officer_import"


def upload(client, station, text: str | bytes, **more):
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("officers.csv", data)
    return client.post(reverse(URL), {"station": station.pk, "file": file, **more})


def test_the_dry_run_changes_nothing_and_the_confirmation_does_all(as_head, sector):
    report = upload(as_head, sector.station, f"{ENGLISH}{ALMA},3,responsible,\n")
    content = report.content.decode()
    assert "Read as UTF-8, with the comma between cells." in content
    assert not Officer.objects.exists()
    answer = as_head.post(reverse(URL), {"sealed": report.context["sealed"]})
    assert answer.status_code == 302
    made = Assignment.objects.get()
    assert (made.officer.name, made.officer.station, made.sector) == ("Alma Ærø", sector.station, sector)


def test_one_bad_line_keeps_the_whole_file_out(as_head, sector):
    report = upload(as_head, sector.station, f"{ENGLISH}{ALMA},,,\nB,,,b@police.example,,,\n")
    assert "Some lines cannot be imported, so nothing is." in report.content.decode()
    assert 'name="sealed"' not in report.content.decode()
    as_head.post(reverse(URL), {"sealed": report.context["sealed"]})
    assert not Officer.objects.exists()


def test_what_changed_meanwhile_is_shown_anew_and_nothing_is_half_done(as_head, sector):
    text = f"{ENGLISH}{ALMA},3,responsible,\nBerta,,2,berta@police.example,,,\n"
    report = upload(as_head, sector.station, text)
    AssignmentFactory(sector=sector, officer__name="Quicker")
    answer = as_head.post(reverse(URL), {"sealed": report.context["sealed"]})
    content = answer.content.decode()
    assert "Something was changed while you read" in content
    assert "Quicker is Responsible officer" in content
    assert not Officer.objects.filter(name="Berta").exists()


def test_importing_the_same_file_again_has_nothing_to_do(as_head, sector):
    text = f"{ENGLISH}{ALMA},3,responsible,\n"
    as_head.post(reverse(URL), {"sealed": upload(as_head, sector.station, text).context["sealed"]})
    assert "there is nothing to import" in upload(as_head, sector.station, text).content.decode()
    assert Officer.objects.count() == 1


def test_formulas_and_markup_are_text_in_the_report(as_head, sector):
    content = upload(as_head, sector.station, f"{ENGLISH}<b>=x</b>,,1,a@police.example,,,\n").content.decode()
    assert "&lt;b&gt;=x&lt;/b&gt;" in content


def test_a_station_that_is_not_headed_is_no_choice(as_head, sector):
    other = StationFactory()
    answer = upload(as_head, other, f"{ENGLISH}{ALMA},,,\n")
    assert "Select a valid choice" in answer.content.decode()
    assert not Officer.objects.exists()


def test_what_another_account_read_cannot_be_confirmed(client, as_head, sector):
    token = upload(as_head, sector.station, f"{ENGLISH}{ALMA},,,\n").context["sealed"]
    client.force_login(head_of(StationFactory()))
    answer = client.post(reverse(URL), {"sealed": token}, follow=True)
    assert "Choose the file once more" in answer.content.decode()
    assert not Officer.objects.exists()


def test_what_was_read_is_not_confirmed_once_the_term_is_over(client, head, as_head, sector):
    token = upload(as_head, sector.station, f"{ENGLISH}{ALMA},,,\n").context["sealed"]
    LeadershipFactory(user=head)
    term = head.leaderships.get(station=sector.station)
    term.period = (term.period.lower, timezone.now())
    term.save()
    as_head.post(reverse(URL), {"sealed": token})
    assert not Officer.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "a:b:c"])
def test_a_forged_confirmation_is_refused(as_head, sector, token):
    answer = as_head.post(reverse(URL), {"sealed": token}, follow=True)
    assert "Choose the file once more" in answer.content.decode()


def test_what_was_read_an_hour_ago_is_asked_for_again(as_head, sector, time_machine):
    token = upload(as_head, sector.station, f"{ENGLISH}{ALMA},,,\n").context["sealed"]
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=61))
    as_head.post(reverse(URL), {"sealed": token})
    assert not Officer.objects.exists()


def test_a_file_beyond_the_limit_is_refused(as_head, sector):
    answer = upload(as_head, sector.station, b"x" * 600_000)
    assert "is larger than" in answer.content.decode()


def test_no_file_is_refused(as_head, sector):
    assert "required" in as_head.post(reverse(URL), {"station": sector.station.pk}).content.decode()


def test_the_page_can_carry_the_largest_file_to_its_confirmation(sector, head, settings):
    token = sealed(random.Random(3).randbytes(MOST_BYTES), sector.station, head, [])
    assert len(token) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2


def test_a_district_head_imports_nobody(client, sector):
    client.force_login(head_of_district(sector.district))
    assert client.get(reverse(URL)).status_code == 404
    assert upload(client, sector.station, f"{ENGLISH}{ALMA},,,\n").status_code == 404


def test_the_list_of_officers_leads_there(as_head):
    content = as_head.get(reverse("admin:officers_officer_changelist")).content.decode()
    assert reverse(URL) in content
    assert as_head.get(reverse(URL)).status_code == 200
