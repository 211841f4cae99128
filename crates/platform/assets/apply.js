// Applying for information: shows what is public already while somebody types, and keeps a draft on the device of those who
// ask for it. The form works without this file.

const WAIT_MILLISECONDS = 500;
const CHARACTERS_MIN = 4;

const box = document.querySelector("[data-offers]");
const form = box?.closest("form");

if (box && form) {
  const list = box.querySelector("ul");
  const seen = new Set();
  let timer;
  let asked = "";
  let running;

  const item = (offer) => {
    const line = document.createElement("li");
    const title = document.createElement("p");
    const link = document.createElement("a");
    link.href = offer.link;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = offer.title;
    title.append(link);
    line.append(title);
    if (offer.note) {
      const note = document.createElement("p");
      note.className = "hint";
      note.textContent = offer.note;
      line.append(note);
    }
    const found = document.createElement("button");
    found.setAttribute("form", "offer-found");
    found.name = "of";
    found.value = offer.key;
    found.textContent = "已找到，不再申请";
    found.setAttribute("aria-label", `已找到，不再申请：${offer.title}`);
    // Only somebody who has looked can say so.
    found.hidden = true;
    link.addEventListener("click", () => (found.hidden = false));
    link.addEventListener("auxclick", () => (found.hidden = false));
    line.append(found);
    return line;
  };

  const show = (offers) => {
    for (const line of [...list.children]) if (!offers.some((offer) => offer.key === line.dataset.key)) line.remove();
    const there = new Map([...list.children].map((line) => [line.dataset.key, line]));
    for (const offer of offers) {
      const line = there.get(offer.key) ?? item(offer);
      line.dataset.key = offer.key;
      list.append(line);
      seen.add(offer.key);
    }
    box.hidden = offers.length === 0;
    // What was seen here is not shown again as a step of its own.
    form.elements.offered.value = offers.length > 0 ? "1" : "";
  };

  const ask = async () => {
    const [subject, description] = [form.elements.subject.value.trim(), form.elements.description.value.trim()];
    const text = `${subject}\n${description}`;
    if (text === asked || Math.max(subject.length, description.length) < CHARACTERS_MIN) return;
    asked = text;
    running?.abort();
    running = new AbortController();
    const body = new URLSearchParams({ subject, description, seen: [...seen].join(" ") });
    try {
      const answer = await fetch("/requests/offers", {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        signal: running.signal,
      });
      if (answer.ok) show((await answer.json()).offers);
    } catch {
      // Without an answer people go on typing; the step before the check shows the same.
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.name !== "subject" && event.target.name !== "description") return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MILLISECONDS);
  });
}

// A draft stays on this device alone, only when somebody ticks so, without numbers of papers; it goes when the receipt is there.
const KEY = "gk_apply_draft";
const NEVER_KEPT = ["paper_number"];

const stored = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
};

const drop = () => {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing has nothing to remove.
  }
};

if (document.querySelector("[data-draft-done]")) drop();

const keeps = document.querySelector("[data-draft]");
const applying = keeps?.closest("form");

if (keeps && applying) {
  const box = keeps.querySelector("[data-draft-keep]");
  const note = document.querySelector("[data-draft-found]");
  const kind = keeps.dataset.draft;
  const typed = () =>
    [...applying.elements].filter(
      (field) =>
        field.name &&
        !["hidden", "file", "submit", "button", "checkbox"].includes(field.type) &&
        !NEVER_KEPT.includes(field.name),
    );
  const draft = stored();
  const there = draft?.kind === kind ? draft : null;

  const keep = () => {
    if (!box.checked) return;
    const fields = stored()?.kind === kind ? stored().fields : {};
    for (const field of typed()) fields[field.name] = field.value;
    try {
      localStorage.setItem(KEY, JSON.stringify({ kind, fields }));
    } catch {
      box.checked = false;
    }
  };

  const use = () => {
    for (const [name, value] of Object.entries(there.fields)) {
      const field = applying.elements.namedItem(name) ?? document.createElement("input");
      if (!field.name) {
        field.type = "hidden";
        field.name = name;
        applying.append(field);
      }
      field.value = value;
    }
    note.hidden = true;
  };

  keeps.hidden = false;
  box.checked = there !== null;
  const differs = there && typed().some((field) => (there.fields[field.name] ?? field.value) !== field.value);
  note.hidden = !differs;
  note.querySelector("[data-draft-use]").addEventListener("click", use);
  note.querySelector("[data-draft-drop]").addEventListener("click", () => {
    drop();
    box.checked = false;
    note.hidden = true;
  });
  box.addEventListener("change", () => (box.checked ? keep() : drop()));
  applying.addEventListener("input", () => {
    if (note.hidden) keep();
  });
  applying.addEventListener("submit", () => {
    if (note.hidden) keep();
  });
}
