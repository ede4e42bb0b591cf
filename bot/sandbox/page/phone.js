// One phone: the chat, what is typed, and the menus.

import { button, icon, make } from "/dom.js";
import { drawMessage } from "/message.js";
import { longDate, say } from "/texts.js";

const TOAST_SHOWN = 4000;
const TYPING_SHOWN = 5000;
const NEAR_THE_END = 120;

export class PhoneView {
  // `page` looks at pictures, opens invitations and counts what is new.
  constructor(phone, bot, page) {
    this.phone = phone;
    this.bot = bot;
    this.page = page;
    this.messages = new Map();
    this.drawn = new Map();
    this.state = { standing: "new", commands: [], description: "", invitation: "" };
    this.editing = null;
    this.draft = "";
    this.element = make("section", { class: "phone", id: `phone-${phone.id}` });
    this.draw();
  }

  // ---- what comes from the sandbox

  receive(news) {
    if (news.whole) this.forget();
    const before = JSON.stringify(this.state);
    this.state = { standing: news.standing, commands: news.commands, description: news.description,
      invitation: news.invitation };
    news.removed.forEach((id) => this.remove(id));
    const fresh = news.messages.filter((message) => !this.messages.has(message.id));
    news.messages.forEach((message) => this.put(message));
    if (!news.whole) fresh.forEach((message) => this.drawn.get(message.id).classList.add("fresh"));
    this.drawDays();
    if (before !== JSON.stringify(this.state)) this.drawFoot();
    if (news.messages.length) this.showTyping(false);
    if (news.typing) this.showTyping(true);
    news.toasts.forEach((words) => this.toast(words));
    this.drawEmpty();
    if (news.whole || fresh.some((message) => message.mine)) this.toEnd();
    this.focusNext(fresh);
    if (!news.whole) this.page.count(this.phone.id, fresh.filter((message) => !message.mine).length);
  }

  forget() {
    this.messages.clear();
    this.drawn.clear();
    this.log.replaceChildren();
  }

  put(message) {
    const old = this.drawn.get(message.id);
    const element = drawMessage(message, this.deeds());
    const focused = old && old.contains(document.activeElement);
    if (old) old.replaceWith(element);
    else this.log.append(element);
    this.messages.set(message.id, message);
    this.drawn.set(message.id, element);
    if (focused) this.keepFocus(element);
  }

  remove(id) {
    this.drawn.get(id)?.remove();
    this.drawn.delete(id);
    this.messages.delete(id);
    if (this.editing === id) this.stopEditing();
  }

  // Whoever goes by keyboard stays at the same button, or goes on to the next question's first one.
  keepFocus(element) {
    const tapped = element.querySelector(".keyboard .key");
    if (tapped) tapped.focus({ preventScroll: true });
    else this.awaitsNext = true;
  }

  focusNext(fresh) {
    if (!this.awaitsNext) return;
    const next = fresh.findLast((message) => !message.mine && message.rows.length);
    if (!next) return;
    this.awaitsNext = false;
    if (document.activeElement === document.body) {
      this.drawn.get(next.id).querySelector(".key").focus({ preventScroll: true });
    }
  }

  // ---- what the person does

  deeds() {
    return {
      phone: this.phone.id,
      bot: this.bot.name,
      tap: (message, data) => this.send(`tap?message=${message.id}`, data),
      say: (words) => this.send("say", words),
      open: (payload) => this.page.open(payload),
      edit: (message) => this.startEditing(message),
      look: this.page.look,
    };
  }

  start(payload) {
    return this.send(`start?payload=${encodeURIComponent(payload)}`);
  }

  async send(action, body = "") {
    try {
      const answer = await fetch(`/phones/${this.phone.id}/${action}`, { method: "POST", body });
      if (answer.ok) return true;
      const told = await answer.json().catch(() => ({}));
      this.toast(told.error || say("failed"));
    } catch {
      this.toast(say("failed"));
    }
    this.log.querySelectorAll(".tapped").forEach((key) => key.classList.remove("tapped"));
    return false;
  }

  async submit() {
    const words = this.field.value.trim();
    if (!words) return;
    const editing = this.editing;
    if (editing) this.stopEditing();
    else this.setField("");
    const done = await this.send(editing ? `edit?message=${editing}` : "say", words);
    if (!done && !this.field.value) this.setField(words);
  }

  startEditing(message) {
    if (!this.field) return;
    if (!this.editing) this.draft = this.field.value;
    this.editing = message.id;
    this.setField(message.text);
    this.banner.hidden = false;
    this.field.focus();
  }

  stopEditing() {
    this.editing = null;
    this.setField(this.draft);
    this.draft = "";
    this.banner.hidden = true;
  }

  choose(kinds, send) {
    const field = make("input", { type: "file", accept: kinds });
    field.addEventListener("change", () => field.files[0] && send(field.files[0]));
    field.click();
  }

  async sendPhoto(file) {
    const known = ["image/jpeg", "image/png"].includes(file.type);
    this.send("photo", known ? file : await asJpeg(file).catch(() => file));
  }

  // ---- drawing

  draw() {
    const { name, caption } = this.phone;
    this.more = make("div", { class: "sheet from-top", hidden: true, role: "menu" });
    this.log = make("ol", { class: "log", role: "log", "aria-label": say("messages") });
    this.scroller = make("div", { class: "scroller", tabindex: "0", "aria-label": say("messages"), role: "region" }, this.log);
    this.keepAtEnd();
    this.none = make("div", { class: "none" });
    this.toasts = make("div", { class: "toasts", role: "status" });
    this.foot = make("div", { class: "foot" });
    this.presence = make("span", { class: "presence" }, say("bot"));
    this.element.setAttribute("aria-label", `${say("phoneOf")} ${name}`);
    this.element.replaceChildren(
      make(
        "h2",
        { class: "owner" },
        make("span", { class: `face tint${this.phone.id % 6}`, "aria-hidden": "true" }, [...name][0]),
        make("span", { class: "who" }, make("span", { class: "name" }, name), caption && make("span", { class: "caption" }, caption)),
      ),
      make(
        "div",
        { class: "screen" },
        make(
          "div",
          { class: "bar" },
          make("img", { class: "bot-face", src: "/icon.svg", alt: "", width: 36, height: 36 }),
          make("span", { class: "who" }, make("span", { class: "name" }, this.bot.name), this.presence),
          this.opener("more", "more", this.more, () => this.drawMore()),
          this.more,
        ),
        make("div", { class: "chat" }, this.none, this.scroller, this.toasts),
        this.foot,
      ),
    );
    const known = [...this.messages.values()];
    this.forget();
    known.forEach((message) => this.put(message));
    this.drawDays();
    this.drawFoot();
    this.drawEmpty();
    this.toEnd();
  }

  drawDays() {
    this.log.querySelectorAll(".day").forEach((line) => line.remove());
    let last = "";
    for (const [id, message] of this.messages) {
      const day = message.on.slice(0, 10);
      if (day !== last) this.drawn.get(id).before(make("li", { class: "day" }, make("span", {}, longDate(message.on))));
      last = day;
    }
  }

  drawEmpty() {
    this.none.hidden = this.messages.size > 0;
    if (this.none.hidden) return;
    this.none.replaceChildren(
      make("img", { src: "/icon.svg", alt: "", width: 64, height: 64 }),
      make("p", { class: "name" }, this.bot.name),
      make("p", { class: "about" }, this.state.description || say("newChat")),
    );
  }

  drawFoot() {
    const writing = this.field && this.field.value;
    const had = this.field && this.field === document.activeElement;
    this.field = null;
    this.editing = null;
    const { standing } = this.state;
    if (standing === "new") this.foot.replaceChildren(this.starter());
    else if (standing === "deactivated") this.foot.replaceChildren(make("p", { class: "closed" }, say("deactivated")));
    else if (standing === "blocked") this.foot.replaceChildren(...this.unblocker());
    else this.foot.replaceChildren(...this.composer());
    if (this.field && writing) this.setField(writing);
    if (this.field && had) this.field.focus();
  }

  starter() {
    const go = button(say("start"), { class: "main", onclick: () => this.start(this.state.invitation) });
    return make("div", { class: "starter" }, go, this.state.invitation ? null : this.invitation());
  }

  invitation() {
    const field = make("input", { type: "text", class: "code", placeholder: say("invitation"), "aria-label": say("invitation"),
      autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    const open = () => {
      const payload = field.value.trim().replace(/^.*[?&]start=/, "").replace(/^\/start\s*/, "");
      if (payload) this.start(payload);
    };
    const form = make("form", { class: "invitation" }, field, button(say("openInvitation"), { class: "round", onclick: open }, icon("send")));
    form.addEventListener("submit", (event) => { event.preventDefault(); open(); });
    return form;
  }

  unblocker() {
    return [
      make("p", { class: "closed" }, say("blocked")),
      button(say("unblock"), { class: "main", onclick: () => this.send("unblock") }),
    ];
  }

  composer() {
    this.attachments = make("div", { class: "sheet", hidden: true, role: "menu" });
    this.menu = make("div", { class: "sheet wide", hidden: true, role: "menu" });
    this.banner = make(
      "div",
      { class: "editing", hidden: true },
      icon("pencil"),
      make("span", {}, say("editing")),
      button(say("cancel"), { class: "round small", onclick: () => this.stopEditing() }, icon("close")),
    );
    this.field = make("textarea", { rows: "1", placeholder: say("write"), "aria-label": say("write"),
      enterkeyhint: "send", autocomplete: "off" });
    this.field.addEventListener("input", () => this.fit());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    const { commands } = this.state;
    return [
      this.banner,
      make(
        "div",
        { class: "composer" },
        commands.length > 0 && this.opener("commands", "menu", this.menu, () => this.drawCommands()),
        make("div", { class: "writing" }, this.field, this.opener("attach", "clip", this.attachments, () => this.drawAttachments())),
        button(say("send"), { class: "round send", onclick: () => this.submit() }, icon("send")),
        this.attachments,
        this.menu,
      ),
    ];
  }

  onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.editing) this.stopEditing();
    else if (event.key === "ArrowUp" && !this.field.value) this.editNewest(event);
  }

  editNewest(event) {
    const own = [...this.messages.values()].findLast((message) => message.mine && message.text);
    if (!own) return;
    event.preventDefault();
    this.startEditing(own);
  }

  setField(words) {
    this.field.value = words;
    this.fit();
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 140)}px`;
    this.foot.classList.toggle("filled", this.field.value.trim() !== "");
  }

  // ---- sheets that open and close

  opener(name, drawing, sheet, fill) {
    const opener = button(say(name), { class: `round ${name}`, "aria-haspopup": "menu", "aria-expanded": "false" }, icon(drawing));
    const close = (back) => {
      sheet.hidden = true;
      opener.setAttribute("aria-expanded", "false");
      document.removeEventListener("pointerdown", outside);
      if (back) opener.focus();
    };
    const outside = (event) => {
      if (!sheet.contains(event.target) && !opener.contains(event.target)) close(false);
    };
    sheet.addEventListener("click", (event) => event.target.closest(".item") && close(false));
    sheet.addEventListener("keydown", (event) => onMenuKey(event, sheet, close));
    opener.addEventListener("click", () => {
      if (!sheet.hidden) return close(true);
      fill();
      sheet.hidden = false;
      opener.setAttribute("aria-expanded", "true");
      document.addEventListener("pointerdown", outside);
      sheet.querySelector(".item")?.focus();
    });
    return opener;
  }

  drawAttachments() {
    this.attachments.replaceChildren(
      item("picture", say("samplePhoto"), () => this.send("photo")),
      item("picture", say("choosePhoto"), () => this.choose("image/*", (file) => this.sendPhoto(file))),
      item("voice", say("sampleVoice"), () => this.send("voice")),
      item("voice", say("chooseVoice"), () => this.choose("audio/*,.oga,.ogg", (file) => this.sendVoice(file))),
      item("video", say("sampleVideo"), () => this.send("video")),
      item("video", say("chooseVideo"), () => this.choose("video/*", (file) => this.send("video", file))),
      item("pin", say("sampleLocation"), () => this.send("location")),
      item("file", say("chooseFile"), () => this.choose("", (file) => this.sendFile(file))),
      item("sticker", say("sticker"), () => this.send("sticker")),
      item("more", say("odd"), (event) => this.drawOdds(event)),
    );
  }

  // The kinds of message that no question asks for; the sheet stays open with them.
  drawOdds(event) {
    event.stopPropagation();
    this.attachments.replaceChildren(
      ...Object.entries(say("odds")).map(([kind, words]) => item("sticker", words, () => this.send(`odd?kind=${kind}`, words))),
      item("sticker", say("reaction"), () => this.react("👍")),
    );
    this.attachments.querySelector(".item").focus();
  }

  react(sign) {
    const newest = [...this.messages.values()].findLast((message) => !message.mine);
    if (newest) this.send(`react?message=${newest.id}`, sign);
  }

  async sendVoice(file) {
    this.send(`voice?seconds=${await secondsOf(file)}`, file);
  }

  sendFile(file) {
    const about = new URLSearchParams({ name: file.name, type: file.type });
    this.send(`document?${about}`, file);
  }

  drawCommands() {
    this.menu.replaceChildren(...this.state.commands.map(({ command, description }) =>
      make(
        "button",
        { type: "button", class: "item command-item", role: "menuitem", onclick: () => this.send("say", `/${command}`) },
        make("span", { class: "slash" }, `/${command}`),
        make("span", { class: "meaning" }, description),
      )));
  }

  drawMore() {
    const open = this.state.standing === "open";
    this.more.replaceChildren(
      item("send", say("startAgain"), () => this.send("start"), !open),
      item("link", say("openInvitation"), () => this.askInvitation(), !open),
      this.state.standing === "blocked"
        ? item("block", say("unblock"), () => this.send("unblock"))
        : item("block", say("block"), () => this.send("block"), !open),
    );
  }

  askInvitation() {
    this.foot.replaceChildren(
      make("p", { class: "closed" }, say("invitationHint")),
      make("div", { class: "starter" }, this.invitation(), button(say("cancel"), { class: "plain", onclick: () => this.drawFoot() })),
    );
    this.field = null;
    this.foot.querySelector("input").focus();
  }

  // ---- small signs

  toast(words) {
    const sign = make("p", { class: "toast" }, words);
    this.toasts.append(sign);
    setTimeout(() => sign.remove(), TOAST_SHOWN);
  }

  showTyping(on) {
    clearTimeout(this.typing);
    this.presence.textContent = on ? say("typing") : say("bot");
    this.presence.classList.toggle("busy", on);
    if (on) this.typing = setTimeout(() => this.showTyping(false), TYPING_SHOWN);
  }

  // Whoever reads at the end stays there while messages, pictures and the keyboard come in.
  keepAtEnd() {
    let last = 0;
    this.atEnd = true;
    this.scroller.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = this.scroller;
      const near = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
      // Only going up leaves the end; content that grows below does not.
      this.atEnd = near || (this.atEnd && scrollTop >= last);
      last = scrollTop;
    });
    const sizes = new ResizeObserver(() => this.atEnd && this.toEnd());
    sizes.observe(this.log);
    sizes.observe(this.scroller);
  }

  toEnd() {
    this.atEnd = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}

function item(drawing, label, action, disabled = false) {
  return make(
    "button",
    { type: "button", class: "item", role: "menuitem", onclick: action, disabled },
    icon(drawing),
    make("span", {}, label),
  );
}

function onMenuKey(event, sheet, close) {
  const items = [...sheet.querySelectorAll(".item:not(:disabled)")];
  const place = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") close(true);
  if (!step || !items.length) return;
  event.preventDefault();
  items[(place + step + items.length) % items.length].focus();
}

async function asJpeg(file) {
  const bitmap = await createImageBitmap(file);
  const canvas = make("canvas", { width: bitmap.width, height: bitmap.height });
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}

// How long a sound lasts, 0 where the browser cannot tell; the sandbox looks for itself first.
async function secondsOf(file) {
  try {
    const sound = await new AudioContext().decodeAudioData(await file.arrayBuffer());
    return Math.max(1, Math.round(sound.duration));
  } catch {
    return 0;
  }
}
