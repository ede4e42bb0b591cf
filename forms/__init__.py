"""A questionnaire, pure: XLSForm to Form, expressions, a walk; it knows no person and no messenger."""
