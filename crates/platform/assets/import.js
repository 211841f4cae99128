// The import wizard: upload with progress, and the tasks beside their source by keyboard. Every page works without this file.

// Upload: the same form, sent with a bar.
for (const form of document.querySelectorAll("form[data-import-upload]")) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !window.XMLHttpRequest) return;
    event.preventDefault();
    const line = form.querySelector(".import-progress");
    const bar = line.querySelector("progress");
    const words = line.querySelector("[data-import-percent]");
    line.hidden = false;
    const label = line.querySelector("label");
    const failed = (text) => {
      delete form.dataset.sending;
      label.hidden = true;
      line.classList.add("warn");
      words.textContent = text;
    };
    // What the server would refuse after a minute of sending is told at once.
    const megabytes = Number(form.dataset.importUpload);
    const size = form.querySelector("input[type=file]").files[0]?.size ?? 0;
    if (megabytes && size > megabytes * 1024 * 1024) {
      failed(`文件超过 ${megabytes} MB，没有上传。请删去与方案无关的图片和附件后再上传。`);
      return;
    }
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      bar.value = (sent.loaded / sent.total) * 100;
      words.textContent = sent.loaded < sent.total ? `${Math.round(bar.value)}%` : "已上传，正在读取…";
    });
    line.classList.remove("warn");
    label.hidden = false;
    words.textContent = "";
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status === 200 && answer?.next) window.location.assign(answer.next);
      else failed(sentence(answer));
    });
    request.addEventListener("error", () => failed("上传没有完成，没有保存任何内容。请检查网络后重新上传。"));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(new FormData(form));
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sentence(problem) {
  if (!problem) return "没有完成，已有内容没有改动。请刷新页面后再试。";
  // The details of these say themselves what happened and what to do now; the general words speak of a list, or of going back.
  const said = problem.detail && [400, 413, 422].includes(problem.status);
  const { title, detail, safe, advice } = problem;
  const parts = (said ? [detail, safe] : [title, detail, safe, advice]).filter(Boolean);
  return parts.map((part) => (/[。！？：]$/u.test(part) ? part : `${part}。`)).join("");
}

const list = document.querySelector("[data-import-tasks]");
if (list) tasks(list);

function tasks(list) {
  const status = document.querySelector("[data-import-status]");
  const say = (text) => (status.textContent = text);
  const cards = () => [...list.querySelectorAll(".import-card")];
  let current = null;
  let queue = Promise.resolve();

  // Puts the eye on a card, and the source at the place where it stands.
  const select = (card, scroll = true) => {
    if (!card) return;
    current?.classList.remove("import-current");
    current = card;
    card.classList.add("import-current");
    if (scroll) card.scrollIntoView({ block: "nearest" });
    showSource(card);
  };
  const showSource = (card) => {
    for (const old of document.querySelectorAll(".import-marked")) old.classList.remove("import-marked");
    const place = card.dataset.anchor && document.getElementById(card.dataset.anchor);
    const pane = document.querySelector(".import-source-body");
    if (!place || !pane) return;
    place.classList.add("import-marked");
    if (pane.scrollHeight > pane.clientHeight) {
      const offset = place.getBoundingClientRect().top - pane.getBoundingClientRect().top;
      pane.scrollTop += offset - pane.clientHeight / 3;
    }
  };
  const step = (by, wanted = () => true) => {
    const all = cards();
    const from = current ? all.indexOf(current) : -1;
    for (let at = from + by; at >= 0 && at < all.length; at += by) if (wanted(all[at])) return all[at];
    return null;
  };
  const nextDoubt = () => {
    const doubtful = (card) => card.classList.contains("import-doubtful");
    const found = step(1, doubtful) ?? cards().find(doubtful);
    if (!found) return say("这一页没有疑点了。");
    select(found);
    found.focus({ preventScroll: true });
  };

  // Edits go one after the other, each naming the version that the one before left.
  const send = (form, act) => {
    const fields = new FormData(form);
    if (act) fields.set("act", act);
    if (act === "split" && !fields.get("before")) fields.set("at", cursor(form));
    queue = queue.then(() => post(form, fields)).catch(() => say("没有保存：网络不通。已填内容还在页面上，请稍后再试。"));
    return queue;
  };
  const cursor = (form) => {
    const text = form.querySelector("textarea[name=text]");
    const lead = text.value.length - text.value.trimStart().length;
    return String([...text.value.slice(lead, text.selectionStart).replaceAll("\r\n", "\n")].length);
  };
  const post = async (form, fields) => {
    fields.set("version", document.querySelector("input[name=version]").value);
    say("正在保存…");
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(fields),
    });
    const body = parsed(await answer.text());
    if (!answer.ok) return say(sentence(body));
    show(body, form, fields.get("act"));
  };
  const show = (body, form, act) => {
    for (const field of document.querySelectorAll("input[name=version]")) field.value = body.version;
    const saved = form.classList.contains("import-card") && body.removed.length === 1 && body.inserted.length === 1;
    const openEditor = saved && form.querySelector("details.import-edit")?.open;
    const active = document.activeElement;
    // A card in which somebody is typing is left alone; its words are saved.
    const typing = openEditor && form.contains(active) && active.matches("input, textarea, select");
    if (!typing) {
      const unfolded = [];
      for (const key of body.removed) {
        const card = document.getElementById(`task-${key}`);
        for (const part of card?.querySelectorAll("details[open]") ?? []) unfolded.push([key, part.className]);
        card?.remove();
      }
      const place = document.createElement("template");
      place.innerHTML = body.html;
      const before = body.after && document.getElementById(`task-${body.after}`);
      const behind = body.next && document.getElementById(`task-${body.next}`);
      // Not `behind.before(…)`: a card is a form, and its field of that name hides the method.
      list.insertBefore(place.content, before?.nextSibling ?? behind ?? list.querySelector("[data-import-end]"));
      for (const field of list.querySelectorAll("input[name=version]")) field.value = body.version;
      for (const [key, part] of unfolded) {
        const again = document.querySelector(`#task-${key} details.${part}`);
        if (again) again.open = true;
      }
      const first = document.getElementById(`task-${body.focus}`) ?? before ?? behind;
      select(first);
      if (!active || active === document.body || !document.contains(active)) first?.focus({ preventScroll: true });
      // The same button again where it moved, and the empty field where a task was added.
      const wanted = { up: ".import-more [value=up]", down: ".import-more [value=down]", add: "textarea[name=text]" }[act];
      if (wanted) first?.querySelector(wanted)?.focus({ preventScroll: true });
    }
    list.querySelector("[data-import-empty]")?.remove();
    document.querySelector("[data-import-total]").textContent = body.total;
    document.querySelector("[data-import-doubts]").textContent = body.doubts;
    document.querySelector("[data-import-undo]").disabled = body.undo === 0;
    // Beijing's time, as everywhere, wherever the computer stands.
    const clock = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    say(`已保存到草稿 ${new Date().toLocaleTimeString("zh-CN", clock)}`);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches(".import-card, [data-import-plain]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    delete form.dataset.sending;
    send(form, event.submitter?.value);
  }, true);
  list.addEventListener("change", (event) => {
    const form = event.target.closest(".import-card");
    if (form && event.target.name !== "before") send(form, "save");
  });
  list.addEventListener("focusin", (event) => select(event.target.closest(".import-card"), false));
  list.addEventListener("click", (event) => {
    const card = event.target.closest(".import-card");
    if (!card) return;
    select(card, false);
    if (event.target.closest("[data-import-source]") && window.matchMedia("(min-width: 1000px)").matches) event.preventDefault();
  });
  // Both sides move together: the topmost card that can be seen decides.
  let waiting = false;
  list.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const top = list.getBoundingClientRect().top;
      const first = cards().find((card) => card.getBoundingClientRect().bottom > top + 8);
      if (first && !list.contains(document.activeElement)) select(first, false);
    });
  });

  const next = document.querySelector("[data-import-next]");
  next.hidden = false;
  next.addEventListener("click", nextDoubt);
  const edit = (selector) => {
    if (!current) return;
    current.querySelector("details.import-edit").open = true;
    current.querySelector(selector)?.focus();
  };
  // The button at the foot of the page turns single keys off, as on every page that has them.
  const silent = () => {
    try {
      return localStorage.getItem("gk_keys") === "off";
    } catch {
      return false;
    }
  };
  const press = (act) => current && send(current, act);
  const keys = {
    j: () => { select(step(1)); current?.focus({ preventScroll: true }); },
    k: () => { select(step(-1)); current?.focus({ preventScroll: true }); },
    n: nextDoubt,
    x: () => press("settle"),
    e: () => edit("textarea[name=text]"),
    o: () => edit("input[name=organ_name]"),
    s: () => press("split"),
    m: () => press("merge"),
    d: () => press("delete"),
    u: () => {
      const form = document.querySelector("[data-import-undo]").form;
      send(form, "undo");
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.matches("input, textarea, select")) {
      if (event.key === "Escape") {
        const card = event.target.closest(".import-card");
        event.target.blur();
        card?.focus({ preventScroll: true });
      }
      return;
    }
    const act = silent() ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  select(document.querySelector(".import-card:target") ?? cards()[0], false);

  // On narrow screens the source is folded until somebody opens it; beside the tasks it is open.
  const narrow = window.matchMedia("(max-width: 999px)");
  const foldSource = () => {
    document.querySelector(".import-source").open = !narrow.matches;
  };
  narrow.addEventListener("change", foldSource);
  foldSource();
}
