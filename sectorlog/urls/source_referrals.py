from django.urls import path

from sectorlog.views import source_keys, source_referrals

urlpatterns = [
    path("source/", source_referrals.source_referral, name="source_referral"),
    path("source/sent/", source_referrals.source_referral_sent, name="source_referral_sent"),
    path("source/referrals/", source_referrals.source_referral_list, name="source_referral_list"),
    path("source/referrals/<uuid:uuid>/", source_referrals.source_referral_read, name="source_referral_read"),
    path(
        "source/referrals/<uuid:uuid>/handed-over/",
        source_referrals.source_referral_hand_over,
        name="source_referral_hand_over",
    ),
    path(
        "source/referrals/<uuid:uuid>/receipt/",
        source_referrals.source_referral_receipt,
        name="source_referral_receipt",
    ),
    path("source/keys/", source_keys.source_keys, name="source_keys"),
    path("source/words/", source_keys.source_words, name="source_words"),
]
