"""The running program: settings, command line, wiring, Telegram in and out, the clock, the sandbox."""
