"""The product shown without any account: phones on a page, or a week played by a script."""
