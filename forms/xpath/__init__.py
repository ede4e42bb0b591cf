"""The expressions of a form: read, checked and worked out, in the ODK dialect of XPath."""
