import type { Problem } from "../problem.ts";
import { agentFileProblemInChinese } from "./agent-file-text.ts";
import { agentProblemInChinese } from "./agent-problems-zh.ts";
import { indexProblemInChinese } from "./index-problems-zh.ts";
import { mcpProblemInChinese } from "./mcp-problems-zh.ts";
import { remoteProblemInChinese } from "./remote-problems-zh.ts";
import { serviceProblemInChinese } from "./service-problems-zh.ts";
import { tableReasonInChinese } from "./table-reasons-zh.ts";

/** Says what is wrong; `reason` is empty where the code says it all. */
type Say = (name: string, reason: string) => string;

const because = (reason: string): string => (reason === "" ? "" : `：${reason}`);

const sentences: Readonly<Record<string, Say>> = {
  "table.not-found": (name) => `“${name}”不在了：可能已被移动、改名或删除。请重新选择。`,
  "table.not-readable": (name, reason) => `无法读取“${name}”${because(reason)}。`,
  "table.changed": (name) => `“${name}”在读取期间发生了变化，各部分对不上。请等写入它的程序结束后重新读取。`,
  "table.not-a-file": (name) => `“${name}”不是文件。请选择表格文件。`,
  "table.empty": (name) => `“${name}”是空的，没有任何内容。请检查保存方式。`,
  "table.not-a-table": (name, reason) => `“${name}”中没有可以读取的表格${because(reason)}。`,
  "table.damaged": (name, reason) => `“${name}”已损坏${because(reason)}。`,
  "table.no-rows": () => "按这种方式读取，没有任何行。",
  "table.stopped": (name) => `“${name}”的读取在得知任何内容之前就已停止。`,
  "table.password": (name) => `“${name}”受密码保护。请打开或解压后保存一份没有密码的副本。`,
  "terms.not-readable": (name, reason) => `无法读取术语文件“${name}”：请修正或删除它${because(reason)}。`,
  "table.too-large": (name, reason) => `“${name}”太大，无法读取${because(reason)}。`,
};

/** What went wrong with a table, an index, embeddings or reranking, in Chinese; `null` for other codes. What only the system can say stays in its words. */
export function problemInChinese(problem: Problem): string | null {
  const { code, details } = problem;
  const ofIndex =
    indexProblemInChinese(problem) ??
    agentFileProblemInChinese(problem) ??
    agentProblemInChinese(problem) ??
    mcpProblemInChinese(code, details) ??
    remoteProblemInChinese(code, details);
  if (ofIndex !== null) {
    return ofIndex;
  }
  const { path, reason } = details;
  if (typeof path !== "string") {
    return serviceProblemInChinese(code, details);
  }
  const name = path.split(/[/\\]/u).at(-1) ?? path;
  const said = typeof reason === "string" ? reason : "";
  return sentences[code]?.(name, tableReasonInChinese(said) ?? said) ?? null;
}

/** A problem in the language of the locale where its code is known there, else in English. */
export function problemText(problem: Problem, locale: string): string {
  return (locale.toLowerCase().startsWith("zh") ? problemInChinese(problem) : null) ?? problem.message;
}
