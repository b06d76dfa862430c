"""Every change of the organisation, the boundaries, the manning and the documents stands in the log of changes.

The address register does not: it holds nobody, and an import or a publication writes millions of rows of it.
"""

from django.db import migrations

from audit.triggers import watch


class Migration(migrations.Migration):
    dependencies = [("sectors", "0004_manning_guard"), ("audit", "0001_initial")]

    operations = [
        watch("sectors_station", subject="sectors.station"),
        watch("sectors_district", subject="sectors.district"),
        watch("sectors_sector", subject="sectors.sector", sector="id"),
        watch("sectors_boundaryrelease", subject="sectors.boundaryrelease"),
        watch("sectors_boundary", subject="sectors.boundary", without=("area",)),
        watch("sectors_manningnorm", subject="sectors.manningnorm"),
        watch("sectors_manningbasis", subject="sectors.manningbasis"),
        watch("sectors_analysisdocument", subject="sectors.analysisdocument"),
        watch("sectors_analysisdocument_sectors", subject="sectors.analysisdocument_sectors"),
    ]
