"""A small emulator of Telegram's Bot API on loopback, with phones to use it from."""

from bot.sandbox.calls import Call, CallLog
from bot.sandbox.clips import sample_clip
from bot.sandbox.commands import Command
from bot.sandbox.faults import Fault
from bot.sandbox.keyboards import Button
from bot.sandbox.messages import ChatMessage, Location, Voice
from bot.sandbox.phone import Group, Phone
from bot.sandbox.photos import Photo, sample_photo
from bot.sandbox.server import Sandbox
from bot.sandbox.stage import Control, Stage
from bot.sandbox.voices import sample_voice

__all__ = [
    "Button",
    "Call",
    "CallLog",
    "ChatMessage",
    "Command",
    "Control",
    "Fault",
    "Group",
    "Location",
    "Phone",
    "Photo",
    "Sandbox",
    "Stage",
    "Voice",
    "sample_clip",
    "sample_photo",
    "sample_voice",
]
