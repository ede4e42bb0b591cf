"""What a role is called, with the city or the research line it holds for."""

from fieldwork.people import Grant
from handlers.desk import Desk


def role_words(desk: Desk, grant: Grant, language: str) -> str:
    """Such as: coördinator van Utrecht."""
    line = next((line.names[language] for line in desk.study.lines if line.code == grant.line), "")
    city = next((city.name for city in desk.study.cities if city.code == grant.city), grant.city)
    return desk.texts.say(f"role.{grant.role}", language, where=city or line)
