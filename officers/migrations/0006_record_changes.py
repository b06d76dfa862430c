"""Every change of people and of what they are appointed to stands in the log of changes."""

from django.db import migrations

from audit.triggers import watch


class Migration(migrations.Migration):
    dependencies = [("officers", "0005_guards_of_dated_rows"), ("audit", "0001_initial")]

    operations = [
        watch("officers_user", subject="officers.user", without=("password", "last_login")),
        watch("officers_invitation", subject="officers.invitation", without=("digest",)),
        watch("officers_officer", subject="officers.officer"),
        watch("officers_portrait", subject="officers.portrait", without=("small", "medium", "large")),
        watch("officers_profiledraft", subject="officers.profiledraft", without=("picture",)),
        watch("officers_dutyhours", subject="officers.dutyhours"),
        watch("officers_leadership", subject="officers.leadership"),
        watch("officers_assignment", subject="officers.assignment"),
        watch("officers_absence", subject="officers.absence"),
        watch("officers_cover", subject="officers.cover"),
        watch("officers_staffrole", subject="officers.staffrole"),
        watch("officers_unit", subject="officers.unit"),
        watch("officers_liaison", subject="officers.liaison"),
    ]
