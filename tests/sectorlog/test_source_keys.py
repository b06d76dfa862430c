import base64
import json

import pytest
from jwcrypto.jwk import JWK

from sectorlog.models import SourceKey, SourceWord
from sectorlog.source_handling.keys import UnfitKey, key_of, public_key, thumbprint
from sectorlog.source_handling.signs import DEFAULT_WORDS, signs_in
from tests.factories import DistrictFactory, SourceReferralFactory, head_of, head_of_district
from tests.sectorlog.source_handling import key_pair

pytestmark = pytest.mark.django_db


def public(pair: JWK, **changes) -> str:
    return json.dumps({**json.loads(pair.export_public()), **changes})


def number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_public_key_is_taken_without_anything_else_it_says():
    found = public_key(public(key_pair(), kid="typed text", use="enc", note="typed text"))
    assert set(found) == {"kty", "n", "e"}
    assert thumbprint(found) == key_pair().thumbprint()


@pytest.mark.parametrize("bits", [3072, 3080, 3088, 4096, 8192])
def test_every_length_of_the_modulus_is_read(bits):
    modulus = number((1 << (bits - 1)) + 1)
    assert public_key(public(key_pair(), n=modulus))["n"] == modulus


def test_a_modulus_written_otherwise_is_the_same_key():
    modulus = json.loads(key_pair().export_public())["n"]
    padded = base64.urlsafe_b64encode(b"\0" + base64.urlsafe_b64decode(modulus + "==")).decode()
    assert thumbprint(public_key(public(key_pair(), n=padded))) == key_pair().thumbprint()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        "[" * 3_000,
        '{"kty": "oct", "k": "c2VjcmV0"}',
        JWK.generate(kty="EC", crv="P-256").export_public(),
        JWK.generate(kty="RSA", size=2048).export_public(),
        JWK.generate(kty="RSA", size=3072, public_exponent=3).export_public(),
        json.dumps({"kty": "RSA", "e": "AQAB"}),
        json.dumps({"kty": "RSA", "e": "AQAB", "n": 17}),
        json.dumps({"kty": "RSA", "e": "AQAB", "n": "æøå" * 200}),
        json.dumps({"kty": "RSA", "e": "AQAB", "n": "*" * 600}),
        json.dumps({"kty": "RSA", "e": "AQAB", "n": number(1 << 3071)}),
        json.dumps({"kty": "RSA", "e": "AQAB", "n": number((1 << 9000) + 1)}),
        json.dumps({"kty": ["RSA"], "e": ["AQAB"], "n": []}),
    ],
)
def test_anything_but_a_strong_public_rsa_key_is_refused(text):
    with pytest.raises(UnfitKey):
        public_key(text)


@pytest.mark.parametrize("part", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_private_parts_are_never_taken(part):
    with pytest.raises(UnfitKey, match="private half"):
        public_key(public(key_pair(), **{part: ""}))


def register(client, district, pair, **changes):
    data = {"district": district.pk, "public_key": public(pair), "thumbprint": pair.thumbprint(), **changes}
    return client.post("/log/source/keys/", data)


@pytest.fixture
def district(client):
    found = DistrictFactory()
    client.force_login(head_of_district(found))
    return found


def test_the_districts_head_puts_a_key_into_use(client, district):
    assert "There is no key yet" in client.get("/log/source/keys/").content.decode()
    assert register(client, district, key_pair()).status_code == 302
    assert key_of(district).thumbprint == key_pair().thumbprint()
    assert key_pair().thumbprint() in client.get("/log/source/keys/").content.decode()


def test_a_new_key_leaves_the_old_one_for_what_waits(client, district):
    register(client, district, key_pair())
    old = key_of(district)
    SourceReferralFactory(district=district, key=old)
    register(client, district, key_pair(1))
    assert key_of(district).thumbprint == key_pair(1).thumbprint()
    old.refresh_from_db()
    assert old.retired_at
    assert "1 referral waits that only this key opens" in client.get("/log/source/keys/").content.decode()


def test_a_key_is_put_into_use_once(client, district):
    register(client, district, key_pair())
    assert register(client, district, key_pair()).status_code == 422
    assert SourceKey.objects.count() == 1


@pytest.mark.parametrize("changes", [{"thumbprint": "another"}, {"thumbprint": ""}, {"public_key": "{}"}])
def test_what_arrives_otherwise_than_it_left_is_refused(client, district, changes):
    assert register(client, district, key_pair(), **changes).status_code == 422
    assert not SourceKey.objects.exists()


def test_a_private_key_that_arrives_is_refused_and_not_shown_again(client, district):
    private = key_pair().export_private()
    response = register(client, district, key_pair(), public_key=private)
    assert response.status_code == 422
    assert json.loads(private)["d"] not in response.content.decode()
    assert not SourceKey.objects.exists()


def test_a_key_is_for_ones_own_district(client, district):
    assert register(client, DistrictFactory(), key_pair()).status_code == 422
    client.force_login(head_of(district.station))
    assert register(client, district, key_pair()).status_code == 404
    assert not SourceKey.objects.exists()


# The words


def act(client, **data):
    return client.post("/log/source/words/", data)


def test_a_station_without_words_is_shown_the_list_that_comes_with_the_site(client, district):
    page = client.get("/log/source/words/").content.decode()
    assert "The station has no list of its own." in page
    assert DEFAULT_WORDS[0] in page


def test_heads_begin_with_that_list_add_and_remove(client, district):
    station = district.station
    act(client, station=station.slug, act="begin")
    assert SourceWord.objects.filter(station=station).count() == len(DEFAULT_WORDS)
    act(client, station=station.slug, act="begin")
    assert act(client, station=station.slug, word="  ræv  ").status_code == 302
    assert act(client, station=station.slug, word="ræv").status_code == 302
    assert signs_in(["Rævestreg"], station) == ["ræv"]
    act(client, station=station.slug, act="remove", word=["ræv", "narko"])
    assert signs_in(["ræv og narko"], station) == []


@pytest.mark.parametrize("word", ["", " ", "-!", "x" * 61, "a\x00"])
def test_unfit_words_are_refused_with_a_word(client, district, word):
    response = act(client, station=district.station.slug, word=word)
    assert response.status_code == 422
    assert not SourceWord.objects.exists()


def test_words_of_another_station_are_out_of_reach(client, district):
    other = DistrictFactory().station
    assert act(client, station=other.slug, word="ræv").status_code == 404
    assert act(client, station="a\x00", word="ræv").status_code == 404
