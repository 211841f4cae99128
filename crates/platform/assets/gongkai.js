// Small comforts for staff pages. Every page works without this file.

// The first thing to read after a failed form is what was wrong.
document.getElementById("error-summary")?.focus();

// Closes open menus by Escape and by a click elsewhere.
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

// A page that names a key beside a button takes that key alone, while nobody is typing. Speech and a shaking hand press
// keys that nobody meant: a button turns it off for good; with Alt the keys work all the same.
const named = () => [...document.querySelectorAll("main [accesskey]")];
const silent = () => {
  try {
    return localStorage.getItem("gk_keys") === "off";
  } catch {
    return false;
  }
};
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat || silent()) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  const one = named().find((one) => one.accessKey === key);
  if (!one) return;
  event.preventDefault();
  one.click();
});
if (named().length > 0 || document.querySelector("main [data-keys]")) {
  const turn = document.createElement("button");
  turn.type = "button";
  const tell = () => (turn.textContent = silent() ? "打开单键操作" : "关闭单键操作");
  turn.addEventListener("click", () => {
    try {
      localStorage.setItem("gk_keys", silent() ? "on" : "off");
    } catch {
      // A browser that keeps nothing: the keys stay as they are.
    }
    tell();
  });
  tell();
  const line = document.createElement("div");
  line.className = "actions";
  line.append(turn);
  document.querySelector("main").append(line);
}

// On narrow screens the side menu is folded; on wide ones, where nothing unfolds it, it is open.
const narrow = window.matchMedia("(max-width: 800px)");
const foldSide = () => {
  for (const fold of document.querySelectorAll(".side-fold")) fold.open = !narrow.matches;
};
narrow.addEventListener("change", foldSide);
foldSide();

// The menu shows where one is, also where it is longer than the window.
const here = document.querySelector(".side a[aria-current]");
if (here) {
  const side = here.closest(".side");
  side.scrollTop = here.offsetTop - side.clientHeight / 2;
}

// A head can only stay in view of the page where its table needs no box that scrolls.
const measure = (box) => {
  box.classList.remove("fits", "wider");
  box.classList.add(box.scrollWidth > box.clientWidth ? "wider" : "fits");
};
const sizes = new ResizeObserver((entries) => entries.forEach((entry) => measure(entry.target)));
for (const box of document.querySelectorAll(".table-box")) sizes.observe(box);

// Asks before acts that name a question, such as cancelling a task.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// A second click on a sending form does nothing. One that only asks is free: its answer may be a file, which leaves the page
// where it is; one that sends is free again after a while, for the same reason.
const SENDING_MILLISECONDS = 10_000;
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.method === "get") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "1";
  setTimeout(() => delete form.dataset.sending, SENDING_MILLISECONDS);
  window.addEventListener("pageshow", () => delete form.dataset.sending, { once: true });
});

// Filters apply as soon as a choice is made in the open list. In a closed box each arrow key is a choice already, so there the
// form waits for its button. A form that sends something is no filter, whatever it looks like.
for (const select of document.querySelectorAll("form.filters select")) {
  if (select.form.method !== "get") continue;
  let stepping = false;
  select.addEventListener("keydown", (event) => (stepping = event.key !== "Enter"));
  select.addEventListener("pointerdown", () => (stepping = false));
  select.addEventListener("change", () => stepping || select.form.requestSubmit());
}

// What is typed into a search box brings titles that are there.
for (const box of document.querySelectorAll("input[data-typed]")) {
  let wait;
  box.addEventListener("input", (event) => {
    clearTimeout(wait);
    const typed = box.value.trim();
    // A choice from the list is no typing.
    if (typed.length < 2 || event.inputType === "insertReplacementText") return;
    wait = setTimeout(async () => {
      const answer = await fetch(`${box.dataset.typed}?q=${encodeURIComponent(typed)}`).catch(() => null);
      if (!answer?.ok || box.value.trim() !== typed) return;
      const [, titles] = await answer.json();
      box.list.replaceChildren(
        ...titles.map((title) => {
          const option = document.createElement("option");
          option.value = title;
          return option;
        }),
      );
    }, 250);
  });
}

// Selecting rows shows how many a bulk act would touch.
for (const form of document.querySelectorAll("form[data-bulk]")) {
  const boxes = () => [...form.querySelectorAll('tbody input[type="checkbox"]')];
  const show = () => {
    // A line may stand for several.
    const count = boxes().filter((box) => box.checked).reduce((sum, box) => sum + Number(box.dataset.bulkWeight ?? 1), 0);
    const bar = form.querySelector(".bulk-bar");
    if (bar) bar.hidden = count === 0;
    for (const place of form.querySelectorAll("[data-bulk-count]")) place.textContent = String(count);
  };
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-bulk-all]")) for (const box of boxes()) box.checked = event.target.checked;
    show();
  });
  show();
}
