"""The sentences for teaching assistants, about what a teacher of the class decides."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NO_RELEASE = _(
    "A teacher releases the marks and decides about grades in the gradebook. In the settings of"
    " this activity they can let assistants do it."
)
NO_REOPENING = _(
    "A teacher reopens work and submits it for pupils. In the settings of this activity they can"
    " let assistants do it."
)
NO_CHANGE_OF_ANSWERS = _(
    "A teacher decides which answers are right. In the settings of this activity they can let"
    " assistants do it."
)
NO_CHANGE_OF_RELEASED = _(
    "This would change marks that pupils see already. A teacher does that, or lets assistants"
    " change the right answers in the settings of this activity."
)
NO_TOTALS = _(
    "Names are hidden where you mark. So you see marks by name once no answer of the class waits"
    " for a mark."
)
NO_RULES = _("A teacher decides which worksheet pupils open here, and under which settings.")
