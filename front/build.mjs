// Copies what the binary embeds (dist/web, notices) and what lies beside it (dist/fonts) out of node_modules,
// and joins the editor into one file.
import { cp, mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const dist = join(here, "dist");

// [from, to, least bytes]: a file that is much smaller than known was not fetched whole.
const files = [
  ["echarts/dist/echarts.common.min.js", "web/echarts.min.js", 500_000],
  ["echarts/LICENSE", "licenses/echarts-LICENSE.txt", 1_000],
  ["echarts/NOTICE", "licenses/echarts-NOTICE.txt", 100],
  ["zrender/LICENSE", "licenses/zrender-LICENSE.txt", 1_000],
  ["@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf", "fonts/NotoSansHans-Regular.otf", 8_000_000],
  ["@embedpdf/fonts-sc/fonts/NotoSansHans-Bold.otf", "fonts/NotoSansHans-Bold.otf", 8_000_000],
  ["@tiptap/core/LICENSE.md", "licenses/tiptap-LICENSE.txt", 500],
  ["prosemirror-model/LICENSE", "licenses/prosemirror-LICENSE.txt", 500],
  ["@embedpdf/fonts-sc/LICENSE", "fonts/NotoSansHans-LICENSE.txt", 1_000],
];

await rm(dist, { recursive: true, force: true });
for (const [from, to, least] of files) {
  const source = join(modules, from);
  const { size } = await stat(source);
  if (size < least) throw new Error(`${from} has ${size} bytes, expected at least ${least}`);
  await mkdir(dirname(join(dist, to)), { recursive: true });
  await cp(source, join(dist, to));
}
await build({
  entryPoints: [join(here, "editor.mjs")],
  outfile: join(dist, "web/editor.min.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
});
console.log(`front: ${files.length + 1} files in ${dist}`);
