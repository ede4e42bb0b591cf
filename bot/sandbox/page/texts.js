// What the page says itself, in Dutch and English; everything in the chats comes from the bot.

const TEXTS = {
  nl: {
    days: ["zo", "ma", "di", "wo", "do", "vr", "za"],
    longDays: ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"],
    months: ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    longMonths: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
      "oktober", "november", "december"],
    hint: "Probeer nu:",
    clock: "De klok staat op",
    controls: "De klok verzetten",
    phones: "Telefoons",
    phoneOf: "Telefoon van",
    messages: "Berichten",
    bot: "bot",
    typing: "typt…",
    edited: "bewerkt",
    edit: "Bericht aanpassen",
    editing: "Je past je bericht aan",
    cancel: "Annuleren",
    write: "Schrijf een bericht",
    send: "Versturen",
    attach: "Bijlage",
    commands: "Menu",
    more: "Meer",
    choosePhoto: "Foto kiezen…",
    samplePhoto: "Voorbeeldfoto sturen",
    chooseVoice: "Geluidsbestand kiezen…",
    sampleVoice: "Kort spraakbericht sturen",
    chooseVideo: "Video kiezen…",
    sampleVideo: "Korte video sturen",
    sampleLocation: "Locatie sturen",
    chooseFile: "Bestand kiezen…",
    sticker: "Sticker sturen",
    odd: "Iets anders…",
    odds: {
      animation: "GIF", dice: "Dobbelsteen", poll: "Peiling", contact: "Contact", venue: "Plek met een naam",
      video_note: "Videobericht", forwarded: "Doorgestuurd bericht", via_bot: "Bericht van een andere bot",
      game: "Spel", story: "Verhaal",
    },
    reaction: "👍 bij het nieuwste bericht",
    block: "Bot blokkeren",
    unblock: "Bot deblokkeren",
    blocked: "Je hebt deze bot geblokkeerd.",
    deactivated: "Dit account bestaat niet meer.",
    start: "Starten",
    startAgain: "Opnieuw starten",
    openInvitation: "Uitnodiging openen…",
    invitation: "Link of code van je uitnodiging",
    invitationHint: "Heb je een uitnodiging? Plak de link hier.",
    newChat: "Nog geen berichten. Tik op Starten.",
    photo: "Foto",
    openPhoto: "Foto groot bekijken",
    play: "Afspelen",
    pause: "Pauzeren",
    voice: "Spraakbericht",
    seconds: "seconden",
    download: "Downloaden",
    location: "Locatie",
    video: "Video",
    close: "Sluiten",
    newPhone: "Nieuwe telefoon",
    firstName: "Voornaam",
    language: "Taal van de telefoon",
    dutch: "Nederlands",
    english: "Engels",
    make: "Maken",
    empty: "Er is nog geen telefoon.",
    emptyHint: "Maak er een. Tik daarna op Starten om met de bot te praten.",
    you: "Jij",
    openOn: "Op welke telefoon open je de uitnodiging?",
    lost: "De verbinding is weg. Ik probeer het opnieuw…",
    failed: "Dat lukte niet.",
    unread: "nieuw",
  },
  en: {
    days: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    longDays: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    longMonths: ["January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December"],
    hint: "Try next:",
    clock: "The clock says",
    controls: "Move the clock",
    phones: "Phones",
    phoneOf: "Phone of",
    messages: "Messages",
    bot: "bot",
    typing: "typing…",
    edited: "edited",
    edit: "Edit message",
    editing: "You are editing your message",
    cancel: "Cancel",
    write: "Write a message",
    send: "Send",
    attach: "Attach",
    commands: "Menu",
    more: "More",
    choosePhoto: "Choose a photo…",
    samplePhoto: "Send a sample photo",
    chooseVoice: "Choose a sound file…",
    sampleVoice: "Send a short voice note",
    chooseVideo: "Choose a video…",
    sampleVideo: "Send a short video",
    sampleLocation: "Send a location",
    chooseFile: "Choose a file…",
    sticker: "Send a sticker",
    odd: "Something else…",
    odds: {
      animation: "GIF", dice: "Dice", poll: "Poll", contact: "Contact", venue: "Place with a name",
      video_note: "Video message", forwarded: "Forwarded message", via_bot: "Message of another bot",
      game: "Game", story: "Story",
    },
    reaction: "👍 on the newest message",
    block: "Block the bot",
    unblock: "Unblock the bot",
    blocked: "You have blocked this bot.",
    deactivated: "This account no longer exists.",
    start: "Start",
    startAgain: "Start again",
    openInvitation: "Open an invitation…",
    invitation: "Link or code of your invitation",
    invitationHint: "Do you have an invitation? Paste the link here.",
    newChat: "No messages yet. Tap Start.",
    photo: "Photo",
    openPhoto: "View the photo large",
    play: "Play",
    pause: "Pause",
    voice: "Voice note",
    seconds: "seconds",
    download: "Download",
    location: "Location",
    video: "Video",
    close: "Close",
    newPhone: "New phone",
    firstName: "First name",
    language: "Language of the phone",
    dutch: "Dutch",
    english: "English",
    make: "Make",
    empty: "There is no phone yet.",
    emptyHint: "Make one. Then tap Start to talk with the bot.",
    you: "You",
    openOn: "On which phone do you open the invitation?",
    lost: "The connection is lost. Trying again…",
    failed: "That did not work.",
    unread: "new",
  },
};

let language = "nl";

export function speak(wanted) {
  language = wanted in TEXTS ? wanted : "nl";
  document.documentElement.lang = language;
}

export function spoken() {
  return language;
}

export function say(name) {
  return TEXTS[language][name];
}

// Times come as the play's wall clock shows them, "2026-11-23T07:00", and are only laid out here.
function parts(wall) {
  const [year, month, day] = wall.slice(0, 10).split("-").map(Number);
  return { year, month: month - 1, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

export function timeOf(wall) {
  return wall.slice(11, 16);
}

export function shortDate(wall) {
  const { year, month, day, weekday } = parts(wall);
  return `${say("days")[weekday]} ${day} ${say("months")[month]} ${year}`;
}

export function longDate(wall) {
  const { month, day, weekday } = parts(wall);
  return `${say("longDays")[weekday]} ${day} ${say("longMonths")[month]}`;
}

export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${amount.toLocaleString(language, { maximumFractionDigits: amount < 10 ? 1 : 0 })} ${unit}`;
}

export function lengthOf(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
