"""One idea of 'the same word': how texts of teachers and pupils are compared.

Word banks, foreseen answers, checks of a sheet and marks all ask ``nearest`` and ``term``, under
the sheet's settings. Each rule stands in a teacher's words in ``docs/marking.md``.
"""
