// The browser's half of a widget: tool bar, controls, canvas, sentence, code. Plain JavaScript, nothing is fetched.
// It draws nothing itself: the kernel sends a PNG and a sentence for each frame, this paints and acknowledges them.

const digits = (step) => {
  const text = String(step);
  return text.includes("e-") ? Number(text.split("e-")[1]) : (text.split(".")[1] || "").length;
};

// The bytes of a PNG, as what a canvas can draw. Chromium would carry a Blob through another process and back, which takes
// 5 ms more; but a page may forbid data addresses.
const picture = async (bytes) => {
  const image = new Image();
  try {
    await new Promise((done, fail) => {
      Object.assign(image, { onload: done, onerror: fail, src: "data:image/png;base64," + base64(bytes) });
    });
    return image;
  } catch {
    return createImageBitmap(new Blob([bytes], { type: "image/png" }));
  }
};

const base64 = (view) => {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
};

// One control: a row with a label; get and set its value. `changed(name, value)` is called on every move.
const buildControl = (spec, changed) => {
  const label = spec.label || spec.name;
  const row = make("label", { class: "dlc-control dlc-" + spec.kind, "data-name": spec.name });
  const name = make("span", { class: "dlc-label" }, label);
  if (spec.kind === "toggle") {
    const box = make("input", { type: "checkbox", "aria-label": label });
    box.addEventListener("change", () => changed(spec.name, box.checked));
    row.append(box, name);
    return { row, inputs: [box], set: (value) => { box.checked = value; }, limit: () => {} };
  }
  if (spec.kind === "choice") {
    const list = make("select", { "aria-label": label }, ...spec.options.map((o) => make("option", { value: o }, o)));
    list.addEventListener("change", () => changed(spec.name, list.value));
    row.append(name, list);
    return { row, inputs: [list], set: (value) => { list.value = value; }, limit: () => {} };
  }
  if (spec.kind === "text") {
    const box = make("input", {
      type: "text", "aria-label": label, maxlength: spec.longest, autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    });
    box.addEventListener("input", () => {
      box.value = [...box.value.toLowerCase()].filter((letter) => spec.letters.includes(letter)).join("");
      changed(spec.name, box.value);
    });
    row.append(name, box);
    return { row, inputs: [box], set: (value) => { if (document.activeElement !== box) box.value = value; }, limit: () => {} };
  }
  let { low, high } = spec;
  const to = spec.log ? Math.log10 : (v) => v;
  const from = spec.log ? (v) => Number((10 ** v).toPrecision(3)) : (v) => Number(v.toFixed(digits(spec.step)));
  const range = make("input", { type: "range", "aria-label": label, min: to(low), max: to(high), step: spec.step });
  const box = make("input", {
    type: "number", "aria-label": label + " (number)", min: low, max: high, step: spec.log ? "any" : spec.step,
  });
  const show = (value) => Number(Number(value).toPrecision(6));
  const set = (value) => {
    range.value = to(value);
    range.setAttribute("aria-valuetext", show(value));
    if (document.activeElement !== box) box.value = show(value);
  };
  range.addEventListener("input", () => {
    const value = from(Number(range.value));
    box.value = show(value);
    range.setAttribute("aria-valuetext", show(value));
    changed(spec.name, value);
  });
  box.addEventListener("input", () => {
    if (box.value === "" || !Number.isFinite(box.valueAsNumber)) return;
    const value = Math.min(Math.max(box.valueAsNumber, low), high);
    range.value = to(value);
    changed(spec.name, value);
  });
  box.addEventListener("change", () => { box.value = show(Math.min(Math.max(Number(box.value), low), high)); });
  // The ends may depend on the state: a network with three layers has no layer 4.
  const limit = (ends = [spec.low, spec.high]) => {
    if (low === ends[0] && high === ends[1]) return;
    [low, high] = ends;
    Object.assign(range, { min: to(low), max: to(high) });
    Object.assign(box, { min: low, max: high });
  };
  row.append(name, range, box);
  return { row, inputs: [range, box], set, limit };
};

class View {
  constructor(model, el) {
    this.model = model;
    this.name = Math.random().toString(36).slice(2);
    this.controls = {};
    this.pending = {};      // newest values of controls that were not sent yet
    this.events = [];       // pointer and key events that were not sent yet
    this.n = 0;             // number of the last message with changes
    this.heard = 0;         // number of the last one that the kernel has taken in
    this.painted = 0;
    this.portrait = null;
    this.undo = [];
    this.build(el);
    this.listen();
    this.hello();
  }

  // Skeleton ------------------------------------------------------------------------------------------------
  build(el) {
    this.tools = make("div", { class: "dlc-tools", role: "toolbar", "aria-label": "Widget tools" });
    this.question = make("div", { class: "dlc-question", hidden: true });
    this.fields = make("div", { class: "dlc-fields" });
    this.canvas = make("canvas", { role: "img", tabindex: "0", "aria-label": "The picture is on its way.", width: 720, height: 360 });
    this.sentence = make("p", { class: "dlc-sentence", "aria-live": "polite" });
    this.error = make("div", { class: "dlc-error", role: "alert", hidden: true });
    this.note = make("p", { class: "dlc-note", role: "status", hidden: true });
    this.code = make("pre", { tabindex: "0", "aria-label": "Code of this state" });
    this.copy = make("button", { type: "button", onclick: () => this.copyCode() }, "Copy");
    this.panel = make("div", { class: "dlc-code", hidden: true }, this.copy, this.code);
    // A click beside all controls gives it the keyboard, not JupyterLab.
    this.root = make("div", { class: "dlc", role: "group", tabindex: "-1" },
      this.question, this.tools, this.fields, this.error, this.note, this.canvas, this.sentence, this.panel);
    el.append(this.root);
  }

  on(target, type, handler, options) {
    target.addEventListener(type, handler, options);
    this.undo.push(() => target.removeEventListener(type, handler, options));
  }

  listen() {
    const receive = (message, buffers) => this.receive(message, buffers);
    this.model.on("msg:custom", receive);
    this.undo.push(() => this.model.off("msg:custom", receive));
    const theme = new MutationObserver(() => this.look());
    theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
    this.undo.push(() => theme.disconnect());
    const size = new ResizeObserver(() => {
      clearTimeout(this.resizing);
      this.resizing = setTimeout(() => this.look(), 120);
    });
    size.observe(this.root);
    size.observe(this.root.parentElement); // which may grow where the root has its largest width already
    this.undo.push(() => size.disconnect());
    for (const [type, kind] of [["pointerdown", "down"], ["pointermove", "move"], ["pointerup", "up"],
      ["pointercancel", "up"], ["dblclick", "double"]]) {
      this.on(this.canvas, type, (event) => this.pointed(event, kind));
    }
    this.on(this.canvas, "keydown", (event) => this.keyed(event));
    // JupyterLab's notebook cancels arrow keys that reach it, and the sliders would never move.
    this.on(this.root, "keydown", (event) => {
      if (event.key !== "Escape" && !event.ctrlKey && !event.metaKey) event.stopPropagation();
      this.typed(event);
    });
  }

  close() {
    this.send({ do: "bye" });
    this.over = true;
    this.undo.forEach((undo) => undo());
    clearTimeout(this.waiting);
    clearTimeout(this.resizing);
  }

  // To the kernel -------------------------------------------------------------------------------------------
  // The kernel receives on two threads, so one message may overtake another; numbers put them in order again.
  send(message) {
    if (this.over && message.do !== "bye") return;
    try {
      this.number = (this.number || 0) + 1;
      this.model.send({ ...message, view: this.name, number: this.number });
    } catch (error) {
      this.lost();
    }
  }

  // Every message is numbered, but for the first one, with which a view joins the numbering of the kernel.
  ask(message) {
    this.send(message.do === "hello" ? message : { ...message, n: ++this.n });
    this.count();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.lost(), 4000);
  }

  // How many messages the kernel has not answered yet; with data-still, what shows that all has come to rest.
  count() {
    this.root.dataset.unheard = Math.max(this.n - this.heard, 0);
  }

  lost() {
    this.note.textContent = "No answer from the kernel. If a cell is running, wait for it to end; else run this cell again.";
    this.note.hidden = false;
  }

  // The cell was run again while its widget is shown here, too: the last picture stays.
  end() {
    this.over = this.locked = true;
    clearTimeout(this.waiting);
    for (const one of this.root.querySelectorAll("button, input, select")) one.disabled = true;
    this.root.classList.add("dlc-locked");
    this.note.textContent = "The cell that made this widget has run again. Run this cell too, and it moves again.";
    this.note.hidden = false;
  }

  lookNow() {
    return { ratio: window.devicePixelRatio || 1, width: this.room(), dark: isDark() };
  }

  // Width for the picture. Where the cell has room, the controls of a tall widget stand beside it.
  room() {
    const picture = this.portrait?.beside || 0;
    const beside = picture > 0 && this.root.parentElement.clientWidth >= picture + 216;
    this.root.classList.toggle("dlc-beside", beside);
    return beside ? picture : this.root.clientWidth || 720;
  }

  hello() {
    this.seen = this.lookNow();
    this.ask({ do: "hello", ...this.seen });
  }

  look() {
    const now = this.lookNow();
    if (!this.root.clientWidth || JSON.stringify(now) === JSON.stringify(this.seen)) return;
    this.seen = now;
    this.root.classList.toggle("dlc-dark", now.dark);
    this.ask({ do: "look", ...now });
  }

  changed(name, value) {
    this.pending[name] = value;
    this.flush();
  }

  // At most two messages of changes on the way; what comes meanwhile is joined, the newest value counts.
  flush() {
    if (this.n - this.heard >= 2) return;
    if (Object.keys(this.pending).length) {
      this.ask({ do: "set", values: this.pending });
      this.pending = {};
    }
    if (this.events.length) {
      this.ask({ do: "events", events: this.events });
      this.events = [];
    }
  }

  happened(event) {
    const last = this.events[this.events.length - 1];
    if (last && last.kind === "hover" && event.kind === "hover") this.events.pop();
    this.events.push(event);
    this.flush();
  }

  pointed(event, kind) {
    if (!this.portrait || !this.portrait.touch || this.locked) return;
    if (kind === "down") {
      if (event.button !== 0) return;
      this.held = true;
      const focused = this.root.contains(document.activeElement); // else this press brings the keyboard
      this.first = focused ? null : { x: event.clientX, y: event.clientY };
      this.canvas.setPointerCapture(event.pointerId);
      this.canvas.focus({ preventScroll: true });
      event.preventDefault();
    }
    if (kind === "up" && !this.held) return;
    if (kind === "move" && this.held && this.first) {
      if (Math.hypot(event.clientX - this.first.x, event.clientY - this.first.y) < 4) return; // a hand is never quite still
      this.first = null;
    }
    const box = this.canvas.getBoundingClientRect();
    const name = kind === "move" ? (this.held ? "drag" : "hover") : kind;
    if (kind === "up") this.held = false;
    const all = name === "drag" && event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const one of all.length ? all : [event]) {
      this.happened({
        kind: name, x: (one.clientX - box.left) / box.width, y: (one.clientY - box.top) / box.height, shift: event.shiftKey,
        first: kind === "down" && Boolean(this.first),
      });
    }
  }

  keyed(event) {
    const browsers = ["Tab", "Escape", "Shift", "Control", "Alt", "Meta", "PageUp", "PageDown", "Home", "End"];
    if (browsers.includes(event.key) || /^F\d/.test(event.key)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || this.locked) return;
    event.preventDefault();
    event.stopPropagation();
    this.happened({ key: event.key });
  }

  // A letter that is typed beside all fields, after a slider or a button, goes into the text field, or else to the picture.
  typed(event) {
    if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey || this.locked) return;
    if (event.target.closest("input[type=text], input[type=number], select, pre")) return;
    const field = this.root.querySelector("input[type=text]");
    if (field) {
      field.focus(); // and the browser writes the letter there, in place of what is in it
      field.select();
    } else this.keyed(event);
  }

  // From the kernel -----------------------------------------------------------------------------------------
  async receive(message, buffers) {
    if (message.over) {
      this.end();
      return;
    }
    clearTimeout(this.waiting);
    this.note.hidden = true;
    if (message.controls) this.dress(message);
    if (message.values) this.status(message);
    if (message.code !== undefined) this.code.textContent = message.code;
    if (message.frame === undefined) return;
    const bytes = buffers && buffers[0];
    this.canvas.dataset.still = !bytes; // until it is painted; then true if it is the last one of a movement
    try {
      if (bytes) await this.paint(message, bytes);
    } finally {
      this.send({ do: "ack", frame: message.frame }); // not before: its way to the kernel and back would delay the picture
    }
  }

  async paint(message, bytes) {
    const order = (this.order = (this.order || 0) + 1);
    const image = await picture(bytes);
    if (order < this.painted) return; // a newer one was quicker
    this.painted = order;
    const canvas = this.canvas;
    if (canvas.width !== image.width || canvas.height !== image.height) {
      canvas.width = image.width;
      canvas.height = image.height;
    }
    canvas.style.width = message.css + "px";
    canvas.getContext("2d").drawImage(image, 0, 0);
    canvas.setAttribute("aria-label", message.sentence);
    const first = canvas.dataset.frame === undefined;
    canvas.dataset.frame = message.frame;
    canvas.dataset.still = message.still && order === this.order;
    this.tell(message.caption);
    // A slide that has grown is laid out now. Else the first press would do it, and a button leave the place that is pressed.
    if (first && canvas.closest(".reveal")) window.dispatchEvent(new Event("resize"));
  }

  // What stands under the picture is always true; a screen reader is told at most once a second.
  tell(sentence) {
    if (this.sentence.textContent === sentence) return;
    const now = performance.now();
    this.sentence.setAttribute("aria-live", now - (this.told || 0) > 1000 ? "polite" : "off");
    if (now - (this.told || 0) > 1000) this.told = now;
    this.sentence.textContent = sentence;
  }

  status(message) {
    this.heard = message.heard ?? this.heard; // a portrait says nothing of it, its frame does
    this.n = Math.max(this.n, this.heard); // another view's messages count too
    this.count();
    this.locked = message.locked;
    const settled = this.heard >= this.n && !Object.keys(this.pending).length;
    for (const [name, control] of Object.entries(this.controls)) {
      if (settled) {
        control.limit(message.limits[name]);
        control.set(message.values[name]);
      }
      const idle = message.idle.includes(name);
      control.row.hidden = message.absent.includes(name);
      control.row.classList.toggle("dlc-idle", idle);
      control.row.title = idle ? "Changes nothing at the moment" : "";
      control.inputs.forEach((input) => { input.disabled = message.locked || idle; });
    }
    for (const button of this.tools.querySelectorAll("button")) {
      const idle = message.idle.includes(button.dataset.action);
      button.disabled = message.locked || idle;
      if (button.dataset.action) button.title = idle ? "Changes nothing at the moment" : "";
      button.hidden = message.absent.includes(button.dataset.action);
    }
    this.root.classList.toggle("dlc-locked", message.locked);
    this.root.dataset.playing = message.playing;
    if (this.play) {
      this.playing = message.playing;
      this.play.textContent = message.playing ? "Pause" : "Play";
      this.play.disabled = this.step.disabled = message.locked || !(message.ahead || message.playing);
      this.back.disabled = message.locked || !message.back;
    }
    this.error.hidden = !message.error;
    if (message.error) {
      this.error.replaceChildren(make("p", {}, message.error.message));
      if (message.error.details) {
        this.error.append(make("details", {}, make("summary", {}, "Where it happened"), make("pre", {}, message.error.details)));
      }
    }
    this.flush();
  }

  // Build tools and controls from the portrait that the kernel sends.
  dress(portrait) {
    this.portrait = portrait;
    this.root.setAttribute("aria-label", portrait.title);
    this.root.classList.toggle("dlc-dark", isDark());
    this.canvas.classList.toggle("dlc-touch", portrait.touch);
    const button = (text, message, title) => make("button", {
      type: "button", title: title || false, onclick: () => this.ask(typeof message === "function" ? message() : message),
    }, text);
    this.tools.replaceChildren(make("span", { class: "dlc-title" }, portrait.title));
    this.play = null;
    if (portrait.evolves) {
      this.play = button("Play", () => ({ do: this.playing ? "pause" : "play" }));
      this.back = button("Back", { do: "back" }, "One step back");
      this.step = button("Step", { do: "step" }, "One step forward");
      this.tools.append(this.play, this.step, this.back);
    }
    for (const [name, label] of Object.entries(portrait.actions)) {
      const made = button(label, { do: "action", name });
      made.dataset.action = name;
      this.tools.append(made);
    }
    const code = make("button", { type: "button", "aria-expanded": String(!this.panel.hidden) }, "Code");
    code.addEventListener("click", () => {
      this.panel.hidden = !this.panel.hidden;
      code.setAttribute("aria-expanded", String(!this.panel.hidden));
      this.ask({ do: "code", open: !this.panel.hidden });
    });
    this.tools.append(button("Reset", { do: "reset" }, "Back to the first state"), code);
    this.dressFields(portrait);
    this.dressQuestion(portrait);
    this.look();
  }

  dressFields({ controls, limits, values }) {
    const open = this.fields.querySelector("details")?.open;
    const more = make("div", { class: "dlc-fields" });
    this.fields.replaceChildren();
    this.controls = {};
    for (const spec of controls) {
      const control = buildControl(spec, (name, value) => this.changed(name, value));
      control.limit(limits[spec.name]); // at once: a new slider of the browser's stands at its upper end
      control.set(values[spec.name]);
      this.controls[spec.name] = control;
      (spec.advanced ? more : this.fields).append(control.row);
    }
    if (more.childElementCount) {
      const folded = make("details", { class: "dlc-more" }, make("summary", {}, "More settings"), more);
      folded.open = Boolean(open);
      this.fields.append(folded);
    }
  }

  dressQuestion({ predict, prediction, outcome }) {
    this.question.hidden = !predict;
    if (!predict) return;
    this.question.replaceChildren(make("p", {}, make("strong", {}, "Predict first. "), predict.question));
    const row = make("div", { role: "group", "aria-label": "Your prediction" });
    for (const choice of predict.choices) {
      row.append(make("button", {
        type: "button", "aria-pressed": String(choice === prediction), disabled: Boolean(prediction),
        onclick: () => this.ask({ do: "predict", choice }),
      }, choice));
    }
    this.question.append(row, make("p", { class: "dlc-outcome", role: "status" }, outcome || ""));
  }

  async copyCode() {
    const range = document.createRange();
    range.selectNodeContents(this.code);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    let done = false;
    try {
      done = document.execCommand("copy"); // works without a permission and without https
    } catch {
      done = false;
    }
    this.copy.textContent = done ? "Copied" : "Selected: press Ctrl+C";
    setTimeout(() => { this.copy.textContent = "Copy"; }, 2000);
  }
}

export default {
  render({ model, el }) {
    saveWithoutViews(model.widget_manager?.context?.model);
    const view = new View(model, el);
    return () => view.close();
  },
};
