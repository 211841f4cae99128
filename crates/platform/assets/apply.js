// Applying for information: shows what is public already while somebody types. The form works without this file.

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
