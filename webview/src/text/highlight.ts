import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";

for (const [name, language] of Object.entries({ bash, json, markdown, python, sql, typescript })) {
  hljs.registerLanguage(name, language);
}

/** Longer code is shown without colours: colouring it would stall the page. Characters. */
const longestColoured = 30_000;

/** Code as HTML, escaped; coloured when the language is known and the code is not huge. */
export function highlight(code: string, language: string): string {
  return code.length <= longestColoured && hljs.getLanguage(language) !== undefined
    ? hljs.highlight(code, { language, ignoreIllegals: true }).value
    : escapeHtml(code);
}

/** Text that means itself in HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
