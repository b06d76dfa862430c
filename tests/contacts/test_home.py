import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client
from django.views.csrf import csrf_failure
from django.views.defaults import bad_request, permission_denied, server_error

from tests.factories import DistrictFactory, SectorFactory, StationFactory, division_of


def test_names_every_sector_with_its_officer_by_district(client, quarter):
    page = client.get("/").content.decode()
    assert page.index("North East") < page.index("Mette Holm") < page.index("Jonas Berg")
    assert page.index("Jonas Berg") < page.index("South</h4>") < page.index("Vanløse")
    assert "No officer at the moment" in page


def test_many_sectors_are_left_to_the_list(client, db):
    district = DistrictFactory(station=StationFactory())
    division_of(*(SectorFactory(district=district) for _ in range(61)))
    page = client.get("/").content.decode()
    assert "61 sectors have their officers" in page
    assert 'class="rows"' not in page


def test_before_any_division_is_published_the_page_says_so(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "No sectors have been published here yet" in response.content.decode()


def test_danish_stands_under_its_prefix_and_each_language_links_to_the_other(client, quarter):
    english, danish = client.get("/").content.decode(), client.get("/da/").content.decode()
    assert '<html lang="en">' in english
    assert '<html lang="da">' in danish
    assert 'href="/da/"' in english
    assert 'hreflang="da"' in english
    assert '<a href="/"' in danish


def test_numbers_for_what_is_urgent_can_be_tapped(client, quarter):
    page = client.get("/").content.decode()
    assert 'href="tel:112"' in page
    assert 'href="tel:114"' in page


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_demonstration_says_that_it_is_one(client, quarter, settings, is_demo):
    settings.DEMO = is_demo
    page = client.get("/").content.decode()
    assert ("fictional officers, approximate boundaries" in page) is is_demo


PUBLIC_PAGES = [
    "/",
    "/find/",
    "/sectors/",
    "/sectors/broenshoej/",
    "/map/",
    "/sectors.geojson",
    "/da/sectors/",
]


@pytest.mark.parametrize("url", PUBLIC_PAGES)
def test_public_pages_set_no_cookie_and_are_asked_for_again(client, quarter, url):
    response = client.get(url)
    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(url, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("url", [*PUBLIC_PAGES, "/sectors/?q=mette", "/find/?lat=55.695&lon=12.485"])
def test_public_pages_need_no_query_once_warm(client, quarter, settings, django_assert_num_queries, url):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    client.get(url)
    with django_assert_num_queries(0):
        client.get(url)


@pytest.mark.parametrize("url", PUBLIC_PAGES)
def test_public_pages_answer_head_and_refuse_to_be_written_to(quarter, url):
    client = Client(enforce_csrf_checks=True)
    assert client.head(url).status_code == 200
    for method in (client.post, client.put, client.delete):
        assert method(url).status_code == 405


@pytest.mark.parametrize("url", [*PUBLIC_PAGES, "/find/?q=%00", "/nowhere/"])
def test_no_page_holds_an_inline_script_style_or_handler(client, quarter, url):
    page = client.get(url).content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|javascript:|<style", page)
    for tag in re.findall(r"<script[^>]*>", page):
        assert "src=" in tag or 'type="application/json"' in tag


def test_page_not_found_offers_the_address_field_in_the_site_s_clothes(client, quarter):
    response = client.get("/da/nowhere/")
    page = response.content.decode()
    assert response.status_code == 404
    assert '<html lang="da">' in page
    assert 'name="q"' in page
    assert '<a href="/"' in page


def test_page_for_a_broken_server_needs_no_database(rf):
    response = server_error(rf.get("/"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong here" in page
    assert "tel:114" in page


def test_other_refusals_wear_the_site_s_clothes_too(rf):
    request = rf.get("/admin/")
    answers = {
        "You may not see this page": permission_denied(request, PermissionDenied()),
        "That could not be sent": csrf_failure(request),
        "That request was not understood": bad_request(request, SuspiciousOperation()),
    }
    for words, response in answers.items():
        page = response.content.decode()
        assert words in page
        assert "css/site.css" in page
