"""The people of the sandbox, all made up.

Their numbers never change, and sort each group alphabetically by family name.
"""

from typing import Final, NamedTuple

from lti_tool.sandbox.models import Role


class SeedPerson(NamedTuple):
    number: int
    given_name: str
    family_name: str


ADMINISTRATOR: Final = SeedPerson(1, "Site", "Administrator")
TEST_STUDENT: Final = SeedPerson(301, "Test", "Student")

TEACHER: Final = SeedPerson(10, "Ruth", "Adeyemi")
ASSISTANT: Final = SeedPerson(11, "Tomasz", "Brandt")
GEOGRAPHY_TEACHER: Final = SeedPerson(12, "Inés", "Calderón")
GEOGRAPHY_PUPIL: Final = SeedPerson(201, "Otis", "Fairweather")

HISTORY_PUPILS: Final = tuple(
    SeedPerson(101 + index, *name)
    for index, name in enumerate(
        [
            ("Amina", "Abdullahi"),
            ("Ben", "Ashworth"),
            ("Chiara", "Bellini"),
            ("Dmitri", "Bondarenko"),
            ("Elif", "Çelik"),
            ("Mateus", "da Costa"),
            ("Thandi", "Dlamini"),
            ("Niamh", "Doherty"),
            ("Lukas", "Eberhard"),
            ("Sofía", "Fuentes"),
            ("Jonas", "Grünwald"),
            ("Minh Anh", "Hoàng"),
            ("Yusuf", "Ibrahim"),
            ("Sanna", "Jokinen"),
            ("Aarav", "Kapoor"),
            ("Zuzanna", "Kowalczyk"),
            ("Théo", "Lefèvre"),
            ("Wei", "Liang"),
            ("Grace", "MacLeod"),
            ("Farah", "Mansour"),
            ("Emi", "Nakagawa"),
            ("Kwame", "Ofori"),
            ("Siobhán", "O’Rourke"),
            ("Oleksandra", "Petrenko"),
            ("Noah", "Quist"),
            ("Leila", "Rahimi"),
            ("Joseph", "Sesay"),
            ("Freya", "Thorsen"),
            ("Harriet", "Underwood"),
            ("Mele", "Vainikolo"),
        ]
    )
)

HISTORY: Final = {
    TEACHER: Role.TEACHER,
    ASSISTANT: Role.ASSISTANT,
    **dict.fromkeys(HISTORY_PUPILS, Role.PUPIL),
}
MODERN_HISTORY: Final = {**HISTORY, TEST_STUDENT: Role.TEST_STUDENT}
GEOGRAPHY: Final = {GEOGRAPHY_TEACHER: Role.TEACHER, GEOGRAPHY_PUPIL: Role.PUPIL}
