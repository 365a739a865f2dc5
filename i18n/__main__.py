"""`python -m i18n`: collect the texts of the code and update the catalogs (`make texts`)."""

import sys

from i18n.extraction import update

for language in update():
    sys.stdout.write(f"{language.tag}: {language.translated} of {language.total} translated\n")
