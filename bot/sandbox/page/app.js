// The page: what stands around the phones, and the stream that keeps them up to date.

import { button, icon, make } from "/dom.js";
import { PhoneView } from "/phone.js";
import { say, shortDate, speak, spoken, timeOf } from "/texts.js";

const place = (id) => document.getElementById(id);
const views = new Map();
const unread = new Map();
let stage = null;
const drawn = new Map();
let shown = 0;
let language = localStorage.getItem("language");

// ---- the stream

function listen() {
  const stream = new EventSource("/phones/events");
  stream.addEventListener("stage", (event) => receiveStage(event.data));
  stream.addEventListener("phone", (event) => {
    const news = JSON.parse(event.data);
    views.get(news.id)?.receive(news);
  });
  stream.addEventListener("open", () => notice(""));
  stream.addEventListener("error", () => notice(say("lost")));
}

function notice(words) {
  place("notice").textContent = words;
  place("notice").hidden = !words;
}

function receiveStage(data) {
  stage = JSON.parse(data);
  speak(language || stage.language);
  document.title = stage.title;
  drawStage();
  if (changed("phones", stage.phones)) drawPhones();
}

// Whether `value` differs from what was drawn under this name before, so that only that is drawn anew.
function changed(name, value) {
  const text = JSON.stringify(value);
  const differs = drawn.get(name) !== text;
  drawn.set(name, text);
  return differs;
}

// ---- the title, the clock, the controls, the hint

function drawStage() {
  const { title, clock: time, controls, hint, newcomers } = stage;
  if (changed("top", [title, newcomers, spoken()])) drawTop();
  if (changed("clock", [time, spoken()])) drawClock();
  if (changed("controls", [controls, spoken()])) drawControls();
  if (changed("hint", [hint, spoken()])) drawHint();
}

function drawTop() {
  place("top").replaceChildren(
    make("h1", {}, stage.title),
    make("p", { class: "clock", id: "time", role: "timer" }),
    make("div", { class: "tools" }, languages(), stage.newcomers && newcomerButton()),
  );
  drawn.delete("clock");
}

function drawClock() {
  const time = stage.clock;
  place("time").hidden = !time;
  if (!time) return;
  place("time").setAttribute("aria-label", `${say("clock")} ${shortDate(time)}, ${timeOf(time)}`);
  place("time").replaceChildren(
    icon("clock"),
    make("span", {}, `${shortDate(time)}, `, make("strong", {}, timeOf(time))),
  );
}

function drawControls() {
  place("controls").hidden = !stage.controls.length;
  place("controls").setAttribute("aria-label", say("controls"));
  place("controls").replaceChildren(...stage.controls.map(
    (label, number) => button(label, { onclick: (event) => press(event.currentTarget, number) }),
  ));
}

async function press(pressed, number) {
  pressed.classList.add("busy");
  pressed.setAttribute("aria-busy", "true");
  const answer = await fetch(`/stage/controls/${number}`, { method: "POST" }).catch(() => ({ ok: false }));
  pressed.classList.remove("busy");
  pressed.removeAttribute("aria-busy");
  notice(answer.ok ? "" : `${pressed.textContent}: ${say("failed")}`);
}

function drawHint() {
  place("hint").hidden = !stage.hint;
  place("hint").replaceChildren(
    icon("bulb"),
    make("span", {}, make("b", {}, say("hint")), ` ${stage.hint}`),
  );
}

function languages() {
  return make(
    "div",
    { class: "languages", role: "group", "aria-label": "Taal / Language" },
    ["nl", "en"].map((code) => make("button", {
      type: "button",
      lang: code,
      "aria-pressed": String(spoken() === code),
      title: code === "nl" ? "Nederlands" : "English",
      onclick: () => changeLanguage(code),
    }, code.toUpperCase())),
  );
}

function changeLanguage(code) {
  language = code;
  localStorage.setItem("language", code);
  speak(code);
  drawStage();
  document.querySelector(`.languages [lang="${code}"]`).focus();
  for (const view of views.values()) view.draw();
  drawTabs();
  drawNone();
}

// ---- the phones

function drawPhones() {
  const wanted = new Set(stage.phones.map((phone) => phone.id));
  for (const [id, view] of views) {
    if (wanted.has(id)) continue;
    view.element.remove();
    views.delete(id);
  }
  stage.phones.forEach((phone, index) => {
    if (!views.has(phone.id)) views.set(phone.id, new PhoneView(phone, stage.bot, { look, open: openOn, count }));
    // An element that is moved loses its place in the chat, so only what is new is put in.
    const { element } = views.get(phone.id);
    const there = place("phones").children[index];
    if (there !== element) place("phones").insertBefore(element, there ?? null);
  });
  if (!wanted.has(shown)) shown = stage.phones[0]?.id ?? 0;
  drawTabs();
  drawNone();
}

function drawNone() {
  place("phones").querySelector(".nobody")?.remove();
  if (stage.phones.length) return;
  place("phones").append(make(
    "div",
    { class: "nobody" },
    make("h2", {}, say("empty")),
    make("p", {}, say("emptyHint")),
    stage.newcomers && make("button", { type: "button", class: "main", onclick: askNewcomer }, say("newPhone")),
  ));
}

function count(id, fresh) {
  if (!fresh || id === shown) return;
  unread.set(id, (unread.get(id) || 0) + fresh);
  drawTabs();
}

function drawTabs() {
  const focused = place("tabs").contains(document.activeElement);
  for (const [id, view] of views) view.element.classList.toggle("shown", id === shown);
  place("tabs").setAttribute("aria-label", say("phones"));
  place("tabs").hidden = stage.phones.length < 2;
  place("tabs").replaceChildren(...stage.phones.map((phone) => {
    const fresh = unread.get(phone.id) || 0;
    return make(
      "button",
      { type: "button", "aria-current": phone.id === shown && "true", onclick: () => turnTo(phone.id) },
      make("span", { class: "tab-name" }, phone.name),
      phone.caption && make("span", { class: "tab-caption" }, phone.caption.split(/[,·(]/)[0].trim()),
      fresh > 0 && make("span", { class: "badge" }, String(fresh), make("span", { class: "unseen" }, ` ${say("unread")}`)),
    );
  }));
  if (focused) place("tabs").querySelector("[aria-current]")?.focus();
}

function turnTo(id) {
  shown = id;
  unread.delete(id);
  drawTabs();
  views.get(id).toEnd();
}

// ---- dialogs

function newcomerButton() {
  return button(say("newPhone"), { class: "add", onclick: askNewcomer }, icon("plus"));
}

function askNewcomer() {
  const dialog = place("newcomer");
  const name = make("input", { type: "text", name: "name", maxlength: "40", required: true, autocomplete: "off" });
  const tongue = make("select", { name: "language" }, make("option", { value: "nl" }, say("dutch")), make("option", { value: "en" }, say("english")));
  const form = make(
    "form",
    { method: "dialog" },
    make("h2", {}, say("newPhone")),
    make("label", {}, say("firstName"), name),
    make("label", {}, say("language"), tongue),
    make("div", { class: "choices" }, button(say("cancel"), { class: "plain", onclick: () => dialog.close() }), make("button", { type: "submit", class: "main" }, say("make"))),
  );
  form.addEventListener("submit", () => addPhone(name.value, tongue.value));
  dialog.replaceChildren(form);
  dialog.showModal();
}

async function addPhone(name, tongue) {
  const answer = await fetch("/phones", { method: "POST", body: JSON.stringify({ name, language: tongue }) });
  if (!answer.ok) return notice(say("failed"));
  const { id } = await answer.json();
  shown = id;
  if (views.has(id)) show(id);
}

function show(id) {
  turnTo(id);
  views.get(id).element.scrollIntoView({ inline: "nearest", block: "nearest" });
}

// An invitation is for somebody else, so the page asks on whose phone it is opened.
function openOn(payload) {
  const dialog = place("newcomer");
  const choose = (id) => {
    dialog.close();
    show(id);
    views.get(id).start(payload);
  };
  dialog.replaceChildren(make(
    "div",
    {},
    make("h2", {}, say("openOn")),
    stage.phones.map((phone) => make(
      "button",
      { type: "button", class: "item", onclick: () => choose(phone.id) },
      make("span", { class: `face tint${phone.id % 6}`, "aria-hidden": "true" }, [...phone.name][0]),
      make("span", { class: "name" }, phone.name),
      phone.caption && make("span", { class: "caption" }, phone.caption),
    )),
    button(say("cancel"), { class: "plain", onclick: () => dialog.close() }),
  ));
  dialog.showModal();
}

function look(address, words) {
  const dialog = place("viewer");
  dialog.replaceChildren(
    make("img", { src: address, alt: words }),
    button(say("close"), { class: "round", onclick: () => dialog.close() }, icon("close")),
  );
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.showModal();
}

listen();
