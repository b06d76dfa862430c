"""Second factors, addresses and sign-ons of accounts stand in the log of changes: that they changed, never the secrets."""

from django.db import migrations

from audit.triggers import watch


class Migration(migrations.Migration):
    dependencies = [
        ("officers", "0006_record_changes"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        watch("account_emailaddress", subject="account.emailaddress"),
        watch("mfa_authenticator", subject="mfa.authenticator", without=("data", "last_used_at")),
        watch(
            "socialaccount_socialaccount",
            subject="socialaccount.socialaccount",
            without=("extra_data", "last_login"),
        ),
    ]
