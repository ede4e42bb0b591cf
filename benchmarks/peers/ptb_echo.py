"""The plain echo of python-telegram-bot's own introduction: `python ptb_echo.py ADDRESS TOKEN`."""

import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.message.reply_text(update.message.text)


address, token = sys.argv[1:]
application = ApplicationBuilder().token(token).base_url(f"{address}/bot").build()
application.add_handler(MessageHandler(filters.TEXT, echo))
application.run_polling()
