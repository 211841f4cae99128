// The editor of a document's body. The text area stays the field that is sent: the editor fills it, and without scripts
// (or without the front build) it is written in by hand.
import { Editor, Mark, Node } from "@tiptap/core";
import { Table, TableKit } from "@tiptap/extension-table";
import StarterKit from "@tiptap/starter-kit";

// Each button: words, what it does, and what tells that it is on or of use.
const BUTTONS = [
  ["正文", (chain) => chain.setParagraph(), (editor) => editor.isActive("paragraph") && !editor.isActive("listItem")],
  ["一级标题", (chain) => chain.toggleHeading({ level: 2 }), (editor) => editor.isActive("heading", { level: 2 })],
  ["二级标题", (chain) => chain.toggleHeading({ level: 3 }), (editor) => editor.isActive("heading", { level: 3 })],
  ["加粗", (chain) => chain.toggleBold(), (editor) => editor.isActive("bold")],
  ["下划线", (chain) => chain.toggleUnderline(), (editor) => editor.isActive("underline")],
  ["上标", (chain) => chain.unsetMark("subscript").toggleMark("superscript"), (editor) => editor.isActive("superscript")],
  ["下标", (chain) => chain.unsetMark("superscript").toggleMark("subscript"), (editor) => editor.isActive("subscript")],
  ["项目符号", (chain) => chain.toggleBulletList(), (editor) => editor.isActive("bulletList")],
  ["编号", (chain) => chain.toggleOrderedList(), (editor) => editor.isActive("orderedList")],
  ["清除格式", (chain) => chain.unsetAllMarks().clearNodes()],
  ["撤销", (chain) => chain.undo(), null, (can) => can.undo()],
  ["重做", (chain) => chain.redo(), null, (can) => can.redo()],
  ["插入表格", (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), null, (can) => can.insertTable()],
];
// Shown while the caret stands in a table.
const TABLE_BUTTONS = [
  ["下方加行", (chain) => chain.addRowAfter()],
  ["右侧加列", (chain) => chain.addColumnAfter()],
  ["删除行", (chain) => chain.deleteRow()],
  ["删除列", (chain) => chain.deleteColumn()],
  ["合并单元格", (chain) => chain.mergeCells(), null, (can) => can.mergeCells()],
  ["拆分单元格", (chain) => chain.splitCell(), null, (can) => can.splitCell()],
  ["表头行", (chain) => chain.toggleHeaderRow()],
  ["删除表格", (chain) => chain.deleteTable()],
];

// Without the widths that the extension writes as styles: the server clears them and the page forbids them.
const PlainTable = Table.extend({ renderHTML: () => ["table", ["tbody", 0]] }).configure({ resizable: false });

// The document's own pictures stay where they are; new ones come with an uploaded file.
const Picture = Node.create({
  name: "picture",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ src: { default: null }, alt: { default: "" } }),
  parseHTML: () => [{ tag: 'img[src^="pictures/"]' }],
  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
  // What a file brought has an address once the text is saved. Until then, as in a form that came back, its name stands
  // there: a broken image would be taken for a mistake and deleted.
  addNodeView: () => ({ node }) => {
    const dom = document.createElement("span");
    const picture = document.createElement("img");
    picture.addEventListener("error", () => {
      dom.className = "picture-later";
      dom.textContent = `${node.attrs.alt || "图片"}（保存后显示）`;
    });
    picture.alt = node.attrs.alt;
    picture.src = node.attrs.src;
    dom.append(picture);
    return { dom };
  },
});

// 10³ is not 103: what stands above or below the line stays there.
const raised = (name, tag) =>
  Mark.create({ name, parseHTML: () => [{ tag }], renderHTML: () => [tag, 0] });

// The editor's tables have no captions: the words stand above the table instead of becoming one of its rows.
const withoutCaptions = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const caption of page.querySelectorAll("table > caption")) {
    const words = page.createElement("p");
    words.append(...caption.childNodes);
    caption.parentElement.before(words);
    caption.remove();
  }
  return page.body.innerHTML;
};

const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
const paragraphs = (text) =>
  text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => `<p>${escaped(line)}</p>`).join("");

function bar(words, buttons, editor, textarea) {
  const toolbar = document.createElement("div");
  toolbar.className = "editor-bar";
  toolbar.setAttribute("role", "toolbar");
  toolbar.setAttribute("aria-label", words);
  toolbar.setAttribute("aria-controls", `${textarea.id}-editor`);
  const made = buttons.map(([name, act, on, possible]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => act(editor.chain().focus()).run());
    toolbar.append(button);
    return { button, on, possible };
  });
  // One stop for the Tab key; arrows go from button to button, as toolbars do.
  made.forEach(({ button }, index) => (button.tabIndex = index === 0 ? 0 : -1));
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const usable = made.map(({ button }) => button).filter((button) => !button.disabled);
    const next = usable[(usable.indexOf(document.activeElement) + step + usable.length) % usable.length];
    made.forEach(({ button }) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
    event.preventDefault();
  });
  const show = () => {
    for (const { button, on, possible } of made) {
      if (on) button.setAttribute("aria-pressed", String(on(editor)));
      if (possible) button.disabled = !possible(editor.can());
    }
    if (made.every(({ button }) => button.disabled || button.tabIndex < 0)) {
      const first = made.find(({ button }) => !button.disabled);
      if (first) first.button.tabIndex = 0;
    }
  };
  return { toolbar, show };
}

function mount(textarea) {
  const form = textarea.form;
  const html = form.querySelector("input[name=markup][value=html]");
  const place = document.createElement("div");
  place.className = "editor";
  const label = form.querySelector(`label[for="${textarea.id}"]`);
  label.id = `${textarea.id}-label`;
  const editor = new Editor({
    element: place,
    injectCSS: false,
    extensions: [
      StarterKit.configure({ heading: { levels: [2, 3, 4] }, code: false, codeBlock: false, link: { openOnClick: false } }),
      PlainTable,
      TableKit.configure({ table: false }),
      Picture,
      raised("superscript", "sup"),
      raised("subscript", "sub"),
    ],
    content: html.checked ? withoutCaptions(textarea.value) : paragraphs(textarea.value),
    editorProps: {
      transformPastedHTML: withoutCaptions,
      attributes: {
        id: `${textarea.id}-editor`,
        class: "document-text",
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
      },
    },
    onUpdate: () => {
      textarea.value = editor.isEmpty ? "" : editor.getHTML();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  const text = bar("文字格式", BUTTONS, editor, textarea);
  const table = bar("表格", TABLE_BUTTONS, editor, textarea);
  place.prepend(text.toolbar, table.toolbar);
  const show = () => {
    text.show();
    table.show();
    table.toolbar.hidden = !editor.isActive("table");
  };
  editor.on("transaction", show);
  show();
  label.addEventListener("click", (event) => {
    event.preventDefault();
    editor.commands.focus();
  });
  html.checked = true;
  html.closest("fieldset").hidden = true;
  textarea.value = editor.isEmpty ? "" : editor.getHTML();
  textarea.hidden = true;
  textarea.after(place);
}

document.querySelectorAll("[data-editor] textarea").forEach(mount);
