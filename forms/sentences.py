"""The sentences that tell a form's author what is wrong, in Dutch and English."""

from collections.abc import Mapping

_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "not_a_workbook": {
        "nl": "dit bestand is geen Excel-werkmap. Stuur een XLSForm als .xlsx of .xls.",
        "en": "this file is no Excel workbook. Send an XLSForm as .xlsx or .xls.",
    },
    "unreadable_workbook": {
        "nl": "deze werkmap is niet te lezen ({found}). Sla hem in een rekenblad opnieuw op als .xlsx.",
        "en": "this workbook cannot be read ({found}). Save it again as .xlsx in a spreadsheet.",
    },
    "too_large": {
        "nl": "de werkmap is {found} groot. Hooguit {most} kan.",
        "en": "the workbook is {found} large. At most {most} is possible.",
    },
    "too_many_rows": {
        "nl": "{found} rijen. Hooguit {most} kan.",
        "en": "{found} rows. At most {most} are possible.",
    },
    "too_many_cells": {
        "nl": "{found} gevulde cellen. Hooguit {most} kan.",
        "en": "{found} filled cells. At most {most} are possible.",
    },
    "too_many_quoted": {
        "nl": "{found} verwijzingen met ${{…}}. Hooguit {most} kan.",
        "en": "{found} references with ${{…}}. At most {most} are possible.",
    },
    "too_much_formula": {
        "nl": "de formules hebben samen {found} tekens. Hooguit {most} kan.",
        "en": "the expressions have {found} characters together. At most {most} are possible.",
    },
    "too_much_text": {
        "nl": "de cellen hebben samen {found} tekens. Hooguit {most} kan.",
        "en": "the cells have {found} characters together. At most {most} are possible.",
    },
    "too_many_offered": {
        "nl": "de vragen bieden samen {found} keuzes. Hooguit {most} kan.",
        "en": "the questions offer {found} choices together. At most {most} are possible.",
    },
    "too_entangled": {
        "nl": "de formules lezen samen {found} plekken. Hooguit {most} kan.",
        "en": "the expressions read {found} places together. At most {most} are possible.",
    },
    "long_cell": {
        "nl": "{found} tekens in één cel. Hooguit {most} kan.",
        "en": "{found} characters in one cell. At most {most} are possible.",
    },
    "bundle_unreadable": {
        "nl": "dit zip-bestand is niet te lezen ({found}). Maak het opnieuw, zonder wachtwoord.",
        "en": "this zip file cannot be read ({found}). Make it again, without a password.",
    },
    "bundle_too_large": {
        "nl": "dit zip-bestand is te groot ({found}). Hooguit 200 bestanden en 40 MB kan.",
        "en": "this zip file is too large ({found}). At most 200 files and 40 MB are possible.",
    },
    "bundle_forms": {
        "nl": "in dit zip-bestand zitten {found} vragenlijsten. Eén moet het zijn: .xlsx, .xls of .xml.",
        "en": "this zip file holds {found} questionnaires. It has to be one: .xlsx, .xls or .xml.",
    },
    "picture_unreadable": {
        "nl": "deze afbeelding is niet te lezen. Stuur een jpg of png.",
        "en": "this picture cannot be read. Send a jpg or png.",
    },
    "media_ignored": {
        "nl": '"{found}": geluid en video bij een tekst laat deze bot niet horen of zien.',
        "en": '"{found}": this bot does not play sound or video with words.',
    },
    "pictures_ignored": {
        "nl": "{count} antwoorden met een afbeelding. De bot laat er hooguit {most} zien, hier dus geen.",
        "en": "{count} choices with a picture. The bot shows {most} at most, so here none.",
    },
    "no_survey": {
        "nl": 'er is geen blad "survey". Daar horen de vragen te staan.',
        "en": 'there is no sheet "survey". That is where the questions belong.',
    },
    "no_questions": {
        "nl": "er staat geen enkele vraag in.",
        "en": "it holds no question at all.",
    },
    "no_column": {
        "nl": 'de kolom "{found}" ontbreekt.',
        "en": 'the column "{found}" is missing.',
    },
    "no_type": {
        "nl": "deze rij heeft geen type.",
        "en": "this row has no type.",
    },
    "no_name": {
        "nl": "deze rij heeft geen naam.",
        "en": "this row has no name.",
    },
    "bad_name": {
        "nl": '"{found}" kan geen naam zijn. Begin met een letter; gebruik letters, cijfers en _.',
        "en": '"{found}" cannot be a name. Start with a letter; use letters, digits and _.',
    },
    "same_name": {
        "nl": 'de naam "{found}" staat er meer dan één keer. Een naam hoort bij één vraag.',
        "en": 'the name "{found}" is there more than once. A name belongs to one question.',
    },
    "unknown_earlier": {
        "nl": 'de vraag "{found}" is er niet. Dit veld blijft dus leeg.',
        "en": 'there is no question "{found}". So this field stays empty.',
    },
    "unknown_type": {
        "nl": 'het type "{found}" bestaat niet.',
        "en": 'there is no type "{found}".',
    },
    "type_not_supported": {
        "nl": 'het type "{found}" kan deze bot niet vragen.',
        "en": 'this bot cannot ask the type "{found}".',
    },
    "not_supported": {
        "nl": "{found} kan deze bot niet.",
        "en": "this bot cannot do {found}.",
    },
    "not_yet": {
        "nl": "{found} kan deze bot nog niet.",
        "en": "this bot cannot do {found} yet.",
    },
    "external_file": {
        "nl": 'het formulier leest het bestand "{found}". Bestanden naast het formulier kan deze bot niet lezen.',
        "en": 'the form reads the file "{found}". This bot cannot read files beside the form.',
    },
    "nested_repeat": {
        "nl": "een herhaling in een herhaling kan deze bot niet.",
        "en": "this bot cannot do a repeat within a repeat.",
    },
    "no_translation": {
        "nl": "hier ontbreken woorden in: {found}. De bot gebruikt daar de eerste taal.",
        "en": "words are missing here in: {found}. There the bot uses the first language.",
    },
    "no_words": {
        "nl": "deze vraag heeft geen woorden. Vul een label of een hint in.",
        "en": "this question has no words. Fill in a label or a hint.",
    },
    "no_words_of_choice": {
        "nl": "deze keuze heeft geen woorden. De bot laat de code zien.",
        "en": "this choice has no words. The bot shows its code.",
    },
    "long_label": {
        "nl": "{found} tekens is te lang voor één bericht. Houd het onder {most}.",
        "en": "{found} characters are too long for one message. Stay under {most}.",
    },
    "long_choice": {
        "nl": "{found} tekens is te lang voor een knop. De keuze komt als nummer in de tekst.",
        "en": "{found} characters are too long for a button. The choice is numbered in the text.",
    },
    "long_list": {
        "nl": 'de keuzelijst "{found}" heeft {count} keuzes. Meer dan {most} past niet goed in een gesprek.',
        "en": 'the list "{found}" has {count} choices. More than {most} do not fit a conversation well.',
    },
    "many_questions": {
        "nl": "{found} vragen. Meer dan {most} is veel voor een gesprek.",
        "en": "{found} questions. More than {most} are many for a conversation.",
    },
    "bad_default": {
        "nl": '"{found}" past niet bij het type "{sort}" en telt niet.',
        "en": '"{found}" does not fit the type "{sort}" and does not count.',
    },
    "never_ended": {
        "nl": '"{found}" wordt nergens afgesloten. Zet eronder een rij met {end}.',
        "en": '"{found}" is never ended. Put a row with {end} below it.',
    },
    "nothing_to_end": {
        "nl": '"{found}" sluit niets af: hier staat {open} open.',
        "en": '"{found}" ends nothing: {open} is open here.',
    },
    "default_expression": {
        "nl": '"{found}" wordt als formule gelezen, en dat kan niet. Zet tekst tussen aanhalingstekens.',
        "en": '"{found}" is read as an expression, which it is not. Put text between quotation marks.',
    },
    "near_column": {
        "nl": "onbekend, zou worden overgeslagen.",
        "en": "unknown, would be ignored.",
    },
    "near_sheet": {
        "nl": 'het blad "{found}" is onbekend en wordt overgeslagen.',
        "en": 'the sheet "{found}" is unknown and is ignored.',
    },
    "ignored_column": {
        "nl": "onbekend, wordt overgeslagen.",
        "en": "unknown, is ignored.",
    },
    "column_not_supported": {
        "nl": 'met deze kolom kan deze bot niets. Gevonden: "{found}".',
        "en": 'this bot can do nothing with this column. Found: "{found}".',
    },
    "no_list_named": {
        "nl": "dit type heeft de naam van een keuzelijst nodig.",
        "en": "this type needs the name of a list of choices.",
    },
    "unknown_list": {
        "nl": 'de keuzelijst "{found}" staat niet op het blad "choices".',
        "en": 'the list "{found}" is not on the sheet "choices".',
    },
    "several_of_answers": {
        "nl": "uit de antwoorden op {found} kan er maar één gekozen worden. Gebruik select_one.",
        "en": "of the answers to {found} only one can be chosen. Use select_one.",
    },
    "space_in_choice": {
        "nl": 'de code "{found}" heeft een spatie. Codes staan met een spatie ertussen opgeslagen.',
        "en": 'the code "{found}" has a space. Codes are stored with a space between them.',
    },
    "same_choice": {
        "nl": 'de code "{found}" staat twee keer in deze lijst.',
        "en": 'the code "{found}" is in this list twice.',
    },
    "no_form_id": {
        "nl": 'op het blad "settings" staat geen form_id. Het formulier heet nu "{found}".',
        "en": 'the sheet "settings" has no form_id. The form is now called "{found}".',
    },
    "compiler": {
        "nl": "de XLSForm-vertaler meldt: {found}",
        "en": "the XLSForm compiler says: {found}",
    },
    "cycle": {
        "nl": "{found} hangt van zichzelf af.",
        "en": "{found} depends on itself.",
    },
    "unknown_place": {
        "nl": '"{found}" verwijst naar niets in dit formulier.',
        "en": '"{found}" refers to nothing in this form.',
    },
    "bad_range": {
        "nl": 'de schaal "{found}" klopt niet. Nodig: start, end en step, zoals start=1 end=5 step=1.',
        "en": 'the range "{found}" is not right. It needs start, end and step, such as start=1 end=5 step=1.',
    },
    "unreadable_xml": {
        "nl": "dit is geen leesbare XForm: {found}.",
        "en": "this is no readable XForm: {found}.",
    },
}


def sentence(key: str, **words: str | int) -> dict[str, str]:
    """The sentence in every language, its words filled in."""
    return {language: text.format(**words) for language, text in _SENTENCES[key].items()}
