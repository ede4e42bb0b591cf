"""What people at random type."""

WORDS = (
    *("4", "vier", "0", "99", "12", "ongeveer 12", "1,5", "1 en 3", "ja", "nee", "👍", "👎", "klaar", "terug"),
    *("overslaan", "pauze", "verder", "overzicht", "later", "start", "weet ik niet", "houden", "versturen", "done"),
    *("\u202e", "é" * 300, "🙂" * 2500, "x" * 9000, "s:1:1:send:", "/", "%s {first_name}", "<b>&amp;</b>"),
)
COMMANDS = (
    *(
        "/help",
        "/privacy",
        "/antwoorden",
        "/taal",
        "/terug",
        "/overslaan",
        "/pauze",
        "/start",
        "/stop",
        "/mijnreflecties",
    ),
    *("/later", "/workshops", "/nergens", "/start onzin", "/vraag Hoe laat begint het?"),
)
