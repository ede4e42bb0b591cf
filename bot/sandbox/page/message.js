// One message as a bubble.

import { button, icon, make } from "/dom.js";
import { lengthOf, say, sizeOf, timeOf } from "/texts.js";

// `act` holds the names around it and what can be done from a bubble: tap, say, open, edit, look.
export function drawMessage(message, act) {
  const own = message.mine;
  const bare = Boolean(message.sticker);
  const bubble = make(
    "div",
    { class: `bubble${bare ? " bare" : ""}${message.photo ? " pictured" : ""}` },
    make("span", { class: "unseen" }, `${own ? say("you") : act.bot}: `),
    attachment(message, act),
    message.text && make("p", { class: "words" }, formatted(message, act)),
    make(
      "span",
      { class: "meta" },
      message.edited && make("span", {}, say("edited")),
      make("time", { datetime: message.on }, timeOf(message.on)),
    ),
  );
  const editable = own && message.text;
  const element = make(
    "li",
    { class: `message ${own ? "mine" : "theirs"}`, id: `m${act.phone}-${message.id}` },
    make(
      "div",
      { class: "line" },
      editable && button(say("edit"), { class: "edit", onclick: () => act.edit(message) }, icon("pencil")),
      bubble,
    ),
    message.rows.length > 0 && keyboard(message, act),
  );
  if (editable) onLongPress(bubble, () => act.edit(message));
  return element;
}

function keyboard(message, act) {
  return make(
    "div",
    { class: "keyboard" },
    message.rows.map((row) => make("div", { class: "row" }, row.map((key) => keyOf(key, message, act)))),
  );
}

function keyOf(key, message, act) {
  if (key.url) return link(key.url, key.text, act, "key");
  return button(key.text, {
    class: "key",
    onclick: (event) => {
      event.currentTarget.classList.add("tapped");
      act.tap(message, key.callback_data);
    },
  });
}

// ---- what is attached

function attachment(message, act) {
  if (message.photo) return photo(message, act);
  if (message.voice) return voice(message.voice, message.id);
  if (message.clip) return clip(message.clip);
  if (message.document) return file(message.document);
  if (message.location) return place(message.location);
  if (message.odd) return make("p", { class: "place" }, icon("sticker"), make("span", {}, message.odd));
  return message.sticker ? make("p", { class: "sticker" }, message.sticker) : null;
}

function photo(message, act) {
  const { address, width, height } = message.photo;
  const image = make("img", { src: address, width, height, alt: message.text || say("photo"), loading: "lazy" });
  return button(say("openPhoto"), { class: "photo", onclick: () => act.look(address, image.alt) }, image);
}

function clip({ address, name, size, kind }) {
  if (kind === "audio") return make("audio", { class: "clip", src: address, controls: true, preload: "none", "aria-label": name });
  const film = make("video", { class: "clip", src: address, controls: true, preload: "metadata", "aria-label": `${say("video")}: ${name}` });
  const plain = file({ address, name, size });
  film.addEventListener("error", () => film.replaceWith(plain), { once: true });
  return film;
}

function place([latitude, longitude]) {
  const words = `${say("location")}: ${latitude}, ${longitude}`;
  return make("p", { class: "place" }, icon("pin"), make("span", {}, words));
}

function file({ address, name, size }) {
  const kind = name.includes(".") ? name.split(".").pop().slice(0, 4) : "";
  return make(
    "a",
    { class: "file", href: address, download: name, "aria-label": `${say("download")}: ${name}, ${sizeOf(size)}` },
    make("span", { class: `kind kind-${kind.toLowerCase()}` }, kind || icon("file")),
    make(
      "span",
      { class: "filing" },
      make("span", { class: "name" }, name),
      make("span", { class: "size" }, `${sizeOf(size)} · ${say("download")}`),
    ),
  );
}

function voice({ address, seconds }, seed) {
  const sound = new Audio();
  sound.preload = "none";
  const bars = make("span", { class: "bars", "aria-hidden": "true" }, heights(seed).map(bar));
  const left = make("span", { class: "length" }, lengthOf(seconds));
  const name = `${say("voice")}, ${Math.round(seconds)} ${say("seconds")}`;
  const player = button(`${say("play")}: ${name}`, { class: "play" }, icon("play"));
  const show = () => {
    const label = sound.paused ? say("play") : say("pause");
    player.replaceChildren(icon(sound.paused ? "play" : "pause"));
    player.setAttribute("aria-label", `${label}: ${name}`);
    const done = sound.currentTime / (sound.duration || seconds || 1);
    [...bars.children].forEach((each, place) => each.classList.toggle("done", place / bars.children.length < done));
    left.textContent = lengthOf(sound.paused && !sound.currentTime ? seconds : sound.currentTime);
  };
  for (const moment of ["play", "pause", "timeupdate"]) sound.addEventListener(moment, show);
  sound.addEventListener("ended", () => { sound.currentTime = 0; });
  player.addEventListener("click", () => {
    if (!sound.src) sound.src = address;
    if (sound.paused) sound.play().catch(() => {});
    else sound.pause();
  });
  return make("div", { class: "voice" }, player, make("div", { class: "sounding" }, bars, left));
}

// Looks like speech and is the same each time for one message; it is decoration, not a measurement.
function heights(seed) {
  return Array.from({ length: 28 }, (_, place) => {
    const wave = Math.sin(place * 1.7 + seed) + Math.sin(place * 0.61 + seed * 2.3) + 2;
    return Math.max(1, Math.min(6, Math.round(wave * 1.6)));
  });
}

function bar(height) {
  return make("span", { class: `beat h${height}` });
}

// ---- formatted text

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "q", spoiler: "span" };
const LIVE = /https?:\/\/t\.me\/\w+\?start=[\w-]+|(?<![\w/])\/[a-z0-9_]{1,32}\b/gi;

// Offsets and lengths count UTF-16 units, as JavaScript's strings do.
function formatted(message, act) {
  const cuts = new Set([0, message.text.length]);
  for (const { offset, length } of message.entities) cuts.add(offset).add(offset + length);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1];
    const around = message.entities.filter((one) => one.offset <= from && one.offset + one.length >= to);
    const words = livened(message.text.slice(from, to), message, act);
    return around.reduce((inner, entity) => [dressed(entity, inner, act)], words);
  }).flat();
}

function dressed(entity, inner, act) {
  if (entity.type === "text_link") return link(entity.url, inner, act, "");
  return TAGS[entity.type] ? make(TAGS[entity.type], {}, inner) : make("span", {}, inner);
}

// Commands and invitation links in the bot's words can be tapped, as in the app.
function livened(words, message, act) {
  const pieces = [];
  let from = 0;
  for (const found of words.matchAll(LIVE)) {
    pieces.push(words.slice(from, found.index));
    pieces.push(live(found[0], message, act));
    from = found.index + found[0].length;
  }
  pieces.push(words.slice(from));
  return pieces.filter((piece) => piece !== "");
}

function live(found, message, act) {
  if (found.startsWith("http")) return link(found, found, act, "");
  if (message.mine) return make("span", { class: "command" }, found);
  return make("button", { type: "button", class: "command", onclick: () => act.say(found) }, found);
}

function link(url, inner, act, kind) {
  const invitation = /^https?:\/\/t\.me\/\w+\?start=([\w-]+)$/i.exec(url);
  if (invitation) {
    return make("button", { type: "button", class: `link ${kind}`, onclick: () => act.open(invitation[1]) }, inner);
  }
  if (!/^https?:\/\//i.test(url)) return make("span", { class: kind }, inner);
  return make("a", { class: `link ${kind}`, href: url, target: "_blank", rel: "noopener noreferrer" }, inner);
}

function onLongPress(element, action) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") timer = setTimeout(action, 500);
  });
  for (const moment of ["pointerup", "pointercancel", "pointermove", "pointerleave"]) {
    element.addEventListener(moment, stop);
  }
}
