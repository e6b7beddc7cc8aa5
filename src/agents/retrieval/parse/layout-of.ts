import { extname } from "node:path";
import type { TextLayout } from "./parsed-document.ts";

const layouts: { readonly [layout in Exclude<TextLayout, "plain" | "document" | "rows">]: string } = {
  markdown: "md markdown mdown mkd mdx rmd qmd",
  restructured: "rst rest",
  table: "csv tsv psv tab",
  json: "json jsonl ndjson json5 geojson jsonc",
  code: `adb ads as asm astro awk bash bat bicep c cc cgi cjs clj cljs cls cmake cmd coffee cpp cr cs css cts cu cuh cxx d
    dart dpr el elm erl ex exs f f03 f90 f95 fish for fs fsx gd glsl go gradle graphql groovy h hbs hcl hh hlsl hpp hrl hs hxx
    inc ini ino java jl js jsx kt kts less lisp lua m mjs mk ml mli mm mts nim nix pas php pl pm pp proto ps1 psm1 pug py pyi
    pyx r rb rkt rs s sass scala scm scss sh sol sql sv svelte swift tcl tex tf thrift toml ts tsx v vala vb vhd vim vue wat
    xsl xslt yaml yml zig zsh`,
};

const byExtension: ReadonlyMap<string, TextLayout> = new Map<string, TextLayout>(
  Object.entries(layouts).flatMap(([layout, extensions]) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of the table above
    extensions.split(/\s+/).map((extension) => [`.${extension}`, layout as TextLayout] as const),
  ),
);

const codeNames = /^(?:(?:make|docker|jenkins|rake|gem|vagrant|brew|cake)file|build|workspace|cmakelists\.txt)$/i;

/** How a text file is laid out, by its name. Unknown names are plain text. */
export function layoutOf(name: string): TextLayout {
  return byExtension.get(extname(name).toLowerCase()) ?? (codeNames.test(name) ? "code" : "plain");
}
