// Copies what the binary embeds (dist/web, notices) and what lies beside it (dist/fonts) out of node_modules,
// and joins the editor into one file.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const dist = join(here, "dist");
// Made here, and put in place of the former only where it differs: a new date would have all that embeds it built anew.
const made = join(modules, ".dist");

// [from, to, least bytes]: a file that is much smaller than known was not fetched whole.
const files = [
  ["echarts/dist/echarts.common.min.js", "web/echarts.min.js", 500_000],
  ["echarts/LICENSE", "licenses/echarts-LICENSE.txt", 1_000],
  ["echarts/NOTICE", "licenses/echarts-NOTICE.txt", 100],
  ["zrender/LICENSE", "licenses/zrender-LICENSE.txt", 1_000],
  ["@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf", "fonts/NotoSansHans-Regular.otf", 8_000_000],
  ["@embedpdf/fonts-sc/fonts/NotoSansHans-Bold.otf", "fonts/NotoSansHans-Bold.otf", 8_000_000],
  ["@embedpdf/fonts-sc/LICENSE", "fonts/NotoSansHans-LICENSE.txt", 1_000],
];

await rm(made, { recursive: true, force: true });
for (const [from, to, least] of files) {
  const source = join(modules, from);
  const { size } = await stat(source);
  if (size < least) throw new Error(`${from} has ${size} bytes, expected at least ${least}`);
  await mkdir(dirname(join(made, to)), { recursive: true });
  await cp(source, join(made, to));
}
const editor = await build({
  absWorkingDir: here,
  entryPoints: ["editor.mjs"],
  outfile: join(made, "web/editor.min.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  metafile: true,
});

// Whichever packages went into the editor, their licences go along; one without stops the build.
const parts = new Set();
for (const input of Object.keys(editor.metafile.inputs)) {
  const [, inside] = input.split(/.*node_modules\//);
  if (inside) parts.add(inside.split("/").slice(0, inside.startsWith("@") ? 2 : 1).join("/"));
}
const notices = [];
for (const part of [...parts].sort()) {
  const folder = join(modules, part);
  const name = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (!name) throw new Error(`${part} is part of the editor and brings no licence`);
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  notices.push(`${part} ${version}\n\n${(await readFile(join(folder, name), "utf8")).trim()}\n`);
}
await writeFile(join(made, "licenses/editor-LICENSES.txt"), notices.join(`\n${"-".repeat(78)}\n\n`));

/** What a folder holds, by names and bytes; `undefined` where there is none. */
async function contents(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return undefined;
  const hash = createHash("sha256");
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    hash.update(`${entry.name}\n`).update(entry.isDirectory() ? await contents(path) : await readFile(path));
  }
  return hash.digest("hex");
}

if ((await contents(made)) === (await contents(dist))) {
  await rm(made, { recursive: true });
} else {
  await rm(dist, { recursive: true, force: true });
  await rename(made, dist);
}
console.log(`front: ${files.length + 2} files in ${dist}`);
