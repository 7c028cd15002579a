// The browser's half of the review questions: folded at first, one question at a time, settled here and at once, so that a
// kernel that is busy keeps nobody waiting. The kernel only notes what was given: see questions.py.

// In JupyterLab a link to a lesson opens it there; elsewhere it is the browser's own.
const leadTo = (link, model) => {
  const handler = model.widget_manager?.rendermime?.linkHandler;
  const path = model.widget_manager?.context?.path;
  if (!handler || !path) return;
  const folder = path.slice(0, path.lastIndexOf("/") + 1).replace(/^[^/:]*:/, "");
  handler.handleLink(link, folder + link.getAttribute("href"), "");
};

class Questions {
  constructor(model, el) {
    this.model = model;
    this.questions = model.get("questions");
    this.at = this.questions.findIndex((one) => !this.given(one));
    this.summary = make("summary", {});
    this.place = make("div", {});
    this.told = make("p", { role: "status" }); // stays, or what is written in it would not be read aloud
    this.next = make("button", { type: "button", onclick: () => this.goOn() });
    this.folded = make("details", {}, this.summary, this.place, this.told, this.next);
    this.root = make("div", { class: "dlc-review", role: "group", tabindex: "-1" }, this.folded);
    this.root.setAttribute("aria-label", model.get("title"));
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" && !event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
    this.folded.addEventListener("toggle", () => this.show());
    this.changed = () => this.show();
    model.on("change:given", this.changed);
    this.theme = new MutationObserver(() => this.look());
    this.theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
    el.append(this.root);
    this.show();
  }

  close() {
    this.model.off("change:given", this.changed);
    this.theme.disconnect();
  }

  look() {
    this.root.classList.toggle("dlc-dark", isDark());
  }

  given(question) {
    return this.model.get("given")[question.id];
  }

  // What is on the screen was asked; "" is kept for what was skipped or not answered yet.
  give(question, choice) {
    if (this.given(question)) return;
    this.model.set("given", { ...this.model.get("given"), [question.id]: choice });
    this.model.save_changes();
  }

  show() {
    this.look();
    const answered = this.questions.filter((one) => this.given(one)).length;
    this.summary.textContent = this.model.get("title") + (answered ? ` (${answered} of ${this.questions.length} answered)` : "");
    if (!this.folded.open) return;
    const question = this.questions[this.at];
    if (!question) {
      this.showEnd();
      return;
    }
    if (this.given(question) === undefined) this.give(question, "");
    this.showQuestion(question);
  }

  showQuestion(question) {
    const choice = this.given(question);
    const row = make("div", { class: "dlc-review-choices", role: "group", "aria-label": "Your answer" });
    for (const one of question.choices) {
      const right = Boolean(choice) && one === question.answer;
      row.append(make("button", {
        type: "button", "aria-pressed": String(one === choice), disabled: Boolean(choice), class: right ? "dlc-right" : false,
        onclick: () => { this.give(question, one); this.show(); this.next.focus(); },
      }, right ? `✓ ${one}` : one));
    }
    const link = make("a", { href: question.file, target: "_blank", rel: "noopener" }, question.lesson);
    leadTo(link, this.model);
    this.next.textContent = !choice ? "Skip" : this.at + 1 < this.questions.length ? "Next question" : "Done";
    const came = !choice ? "" : choice === question.answer ? "Right. " : `It is: ${question.answer}. Yours was: ${choice}. `;
    this.place.replaceChildren(
      make("p", {}, make("strong", {}, `${this.at + 1} of ${this.questions.length}. `), question.context, " ",
        make("strong", {}, question.asks)),
      row,
    );
    this.told.replaceChildren(...(choice ? [make("strong", {}, came), question.why, " From ", link, "."] : []));
  }

  goOn() {
    const later = this.questions.findIndex((one, place) => place > this.at && !this.given(one));
    this.at = later < 0 ? this.questions.length : later;
    this.show();
    (this.place.querySelector("button") || this.summary).focus();
  }

  showEnd() {
    const right = this.questions.filter((one) => this.given(one) === one.answer).length;
    const answered = this.questions.filter((one) => this.given(one)).length;
    this.place.replaceChildren();
    this.next.hidden = true;
    this.told.textContent = (answered ? `${right} of ${answered} right. ` : "") + this.model.get("farewell");
  }
}

export default {
  render({ model, el }) {
    saveWithoutViews(model.widget_manager?.context?.model);
    const view = new Questions(model, el);
    return () => view.close();
  },
};
