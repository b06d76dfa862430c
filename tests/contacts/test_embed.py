import json
import re
from html import unescape

import pytest
from django.test import override_settings

from contacts.views import embed

pytestmark = pytest.mark.django_db

PATH = "/find-my-officer.js"


def words(client) -> dict:
    script = client.get(PATH).content.decode()
    return json.loads(re.search(r"const SETTINGS = (\{.*\});\n", script)[1])


def test_the_script_can_be_loaded_from_everywhere_and_kept_for_an_hour(client):
    response = client.get(PATH)
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert not response.cookies


def test_its_etag_changes_with_its_words(client):
    before = client.get(PATH).headers["ETag"]
    with override_settings(EMERGENCY_NUMBER="999"):
        embed._script.cache_clear()
        after = client.get(PATH)
    embed._script.cache_clear()
    assert after.headers["ETag"] != before
    assert "999" in after.content.decode()


def test_it_is_small(client):
    response = client.get(PATH, headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < 5_000


def test_it_says_the_same_in_every_language(client):
    languages = words(client)["languages"]
    assert set(languages) == {"en", "da"}
    assert languages["en"].keys() == languages["da"].keys()
    assert languages["da"]["find"] == "/da/find/"
    used = set(re.findall(r"words\.(\w+)", client.get(PATH).content.decode()))
    assert used - {"code"} == languages["en"].keys()


@pytest.mark.parametrize(
    "means",
    [
        "document.cookie",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "innerHTML",
        "eval(",
        "document.write",
    ],
)
def test_it_neither_keeps_anything_nor_writes_markup(means):
    assert means not in embed.SOURCE.read_text()


@pytest.mark.parametrize(("path", "language"), [("/embed/", "en"), ("/da/embed/", "da")])
def test_the_page_shows_the_tag_to_copy_and_the_box_itself(client, path, language):
    page = client.get(path).content.decode()
    tag = f'<script src="http://testserver/find-my-officer.js" async data-language="{language}"></script>'
    assert tag in unescape(page)
    assert re.search(rf'<script src="/find-my-officer.js"\s+async\s+data-language="{language}">', page)


def test_the_page_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/embed/").status_code == 200
