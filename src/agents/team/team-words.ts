import { questionLanguage } from "../analysis/question-language.ts";

/** What these agents say in their own words, in the language of a question. */
export interface TeamWords {
  readonly kept: (list: string, place: string) => string;
  readonly noTermSaid: string;
  readonly forgotten: (terms: string) => string;
  readonly notKnown: (terms: string) => string;
  readonly noTerms: string;
  readonly terms: (list: string, place: string) => string;
  readonly howToTerms: string;
  readonly plan: (steps: string) => string;
  readonly newPlan: (steps: string) => string;
  readonly noPlan: string;
  readonly nameSomething: string;
  readonly dataFiles: (list: string) => string;
  readonly notFound: (name: string) => string;
  readonly several: (name: string, list: string) => string;
  readonly outside: (path: string) => string;
  readonly isFolder: (path: string, list: string) => string;
  readonly server: (address: string) => string;
  readonly otherAddress: (address: string) => string;
  readonly declined: (address: string) => string;
  readonly failed: (name: string, reason: string) => string;
  readonly loaded: (name: string, facts: string) => string;
  readonly rows: (rows: number, columns: string) => string;
  readonly tables: (list: string) => string;
  readonly download: (address: string) => string;
}

const english: TeamWords = {
  kept: (list, place) =>
    `Kept for this workspace:\n\n${list}\n\nAgents are told of it when a question has the term. It can be edited in \`${place}\`.`,
  noTermSaid: "You have not said what a term means. Say for example: GMV means gross merchandise value.",
  forgotten: (terms) => `Forgotten: ${terms}.`,
  notKnown: (terms) => `No such term is kept: ${terms}.`,
  noTerms: "No terms are kept for this workspace yet.",
  terms: (list, place) => `Kept for this workspace:\n\n${list}\n\nThey can be edited in \`${place}\`.`,
  howToTerms: "Say what a term means (“GMV means gross merchandise value”), “forget GMV”, or “show terms”.",
  plan: (steps) => `The plan:\n\n${steps}`,
  newPlan: (steps) => `What remains:\n\n${steps}`,
  noPlan: "No plan could be made of this task. Say in other words what is to be done.",
  nameSomething: "Name the file, the database or the address that is to be loaded.",
  dataFiles: (list) => `Files with tables in this workspace:\n\n${list}`,
  notFound: (name) => `There is no file \`${name}\` here.`,
  several: (name, list) => `There are several files \`${name}\`. Name the one that is meant:\n\n${list}`,
  outside: (path) => `\`${path}\` lies outside of the workspace: name it yourself, or attach it.`,
  isFolder: (path, list) => `\`${path}\` is a folder. Name the files that are to be loaded:\n\n${list}`,
  server: (address) =>
    `A database server (\`${address}\`) cannot be loaded: export the tables to files, or ask assistant_agent to read them by Python.`,
  otherAddress: (address) => `Only addresses with http and https can be loaded, not \`${address}\`.`,
  declined: (address) => `\`${address}\` was not downloaded: you declined.`,
  failed: (name, reason) => `\`${name}\` could not be loaded: ${reason}`,
  loaded: (name, facts) => `**${name}** is in this chat: ${facts}`,
  rows: (rows, columns) => `${rows} rows; columns ${columns}.`,
  tables: (list) => `Its tables: ${list}.`,
  download: (address) => `Downloads ${address}:`,
};

const chinese: TeamWords = {
  kept: (list, place) =>
    `已为此工作区记住：\n\n${list}\n\n问题中出现该术语时会告知各智能体。可在 \`${place}\` 中修改。`,
  noTermSaid: "您还没有说明术语的含义。例如：GMV 是指成交总额。",
  forgotten: (terms) => `已忘记：${terms}。`,
  notKnown: (terms) => `没有记录这个术语：${terms}。`,
  noTerms: "此工作区还没有记录任何术语。",
  terms: (list, place) => `此工作区记录的术语：\n\n${list}\n\n可在 \`${place}\` 中修改。`,
  howToTerms: "请说明术语的含义（“GMV 是指成交总额”），或说“忘记 GMV”、“列出术语”。",
  plan: (steps) => `计划：\n\n${steps}`,
  newPlan: (steps) => `剩余步骤：\n\n${steps}`,
  noPlan: "无法为此任务制定计划。请换一种说法说明要做什么。",
  nameSomething: "请说出要加载的文件、数据库或网址。",
  dataFiles: (list) => `此工作区中包含表格的文件：\n\n${list}`,
  notFound: (name) => `这里没有文件 \`${name}\`。`,
  several: (name, list) => `有多个名为 \`${name}\` 的文件，请说明是哪一个：\n\n${list}`,
  outside: (path) => `\`${path}\` 在工作区之外：请您亲自说出它的路径，或直接添加。`,
  isFolder: (path, list) => `\`${path}\` 是文件夹。请说出要加载的文件：\n\n${list}`,
  server: (address) =>
    `无法加载数据库服务器（\`${address}\`）：请将表导出为文件，或让 assistant_agent 用 Python 读取。`,
  otherAddress: (address) => `只能加载 http 和 https 网址，不能加载 \`${address}\`。`,
  declined: (address) => `未下载 \`${address}\`：您已拒绝。`,
  failed: (name, reason) => `无法加载 \`${name}\`：${reason}`,
  loaded: (name, facts) => `**${name}** 已加入此会话：${facts}`,
  rows: (rows, columns) => `${rows} 行；列：${columns}。`,
  tables: (list) => `其中的表：${list}。`,
  download: (address) => `下载 ${address}：`,
};

/** The words for a question: Chinese for Chinese ones, else English. @param names Files and columns that it may name. */
export function teamWords(question: string, names: readonly string[] = []): TeamWords {
  return questionLanguage(question, names)?.startsWith("Chinese") === true ? chinese : english;
}
