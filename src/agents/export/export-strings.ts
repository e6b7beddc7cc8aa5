import { languageByScript } from "../analysis/language.ts";
import type { Session } from "../protocol/session-state.ts";
import type { SetupComments } from "./setup-code.ts";

/** The words of an export, beside what was said in the session. */
export interface ExportStrings {
  readonly locale: "en" | "zh-cn";
  readonly files: string;
  readonly rowsAndColumns: (rows: string, columns: string) => string;
  readonly headerLine: (line: string) => string;
  readonly noHeader: string;
  readonly sheet: (name: string) => string;
  readonly encoding: (name: string) => string;
  readonly delimiter: (name: string) => string;
  readonly reading: string;
  readonly warnings: string;
  readonly notRead: (reason: string) => string;
  readonly exportedOn: (moment: string) => string;
  readonly question: string;
  readonly answer: string;
  readonly noAnswer: string;
  readonly answeredBy: (agents: string, models: string, moment: string) => string;
  readonly code: string;
  readonly output: string;
  readonly note: string;
  readonly preparation: string;
  readonly edited: string;
  readonly reviewed: (reviewer: string, approved: boolean, comment: string) => string;
  readonly wroteFiles: (details: string) => string;
  readonly asksForInput: string;
  readonly leftOut: (count: number) => string;
  readonly failedAttempt: string;
  readonly endings: Readonly<Record<"error" | "interrupted" | "timeout" | "exited" | "denied", string>>;
  readonly guard: (error: string) => string;
  readonly stoppedThen: string;
  readonly absolutePaths: (folder: string) => string;
  readonly relativePaths: string;
  readonly pictureGone: (alt: string) => string;
  readonly picture: string;
  readonly lines: (first: string, last: string) => string;
  readonly page: (page: string) => string;
  /** Of a mark behind something that nothing read supports. */
  readonly unsupported: string;
  readonly tableSize: (rows: string, columns: string) => string;
  readonly moreRows: (shown: string) => string;
  readonly cutOutput: (bytes: string) => string;
  readonly setup: SetupComments;
}

const english: ExportStrings = {
  locale: "en",
  files: "Files",
  rowsAndColumns: (rows, columns) => `${rows} rows × ${columns} columns`,
  headerLine: (line) => `header on line ${line}`,
  noHeader: "no header",
  sheet: (name) => `sheet “${name}”`,
  encoding: (name) => `encoding ${name}`,
  delimiter: (name) => `delimiter ${name}`,
  reading: "Read with",
  warnings: "Warnings",
  notRead: (reason) => `could not be read: ${reason}`,
  exportedOn: (moment) => `Exported from Byzer Agent on ${moment}`,
  question: "Question",
  answer: "Answer",
  noAnswer: "No answer was given.",
  answeredBy: (agents, models, moment) => [agents, models, moment].filter((part) => part !== "").join(" · "),
  code: "Code",
  output: "Output",
  note: "Note",
  preparation: "Code of other questions whose variables are used below",
  edited: "The code was edited by hand before it ran.",
  reviewed: (reviewer, approved, comment) => `${reviewer} ${approved ? "approved" : "rejected"} the code: ${comment}`,
  wroteFiles: (details) => `This code does more than compute: ${details}. It does so again when it runs again.`,
  asksForInput: "This code asks for a value. What was typed is not recorded: it asks again when it runs again.",
  leftOut: (count) =>
    count === 1
      ? "One attempt that did not succeed is left out."
      : `${count} attempts that did not succeed are left out.`,
  failedAttempt: "Attempt that did not succeed",
  endings: {
    error: "It ended with an error.",
    interrupted: "It was stopped.",
    timeout: "It was stopped at its time limit.",
    exited: "Python ended while it ran.",
    denied: "It was not allowed to run.",
  },
  guard: (error) => `This ended with ${error} when it first ran; code below uses what it had set before.`,
  stoppedThen: "being stopped",
  absolutePaths: (folder) =>
    `The files are not in the folder of this document. Paths in the code are those of the computer it was exported on; the code runs in ${folder}.`,
  relativePaths: "Paths in the code are relative, so that the folder can be moved as a whole.",
  pictureGone: (alt) => `[The picture is no longer there: ${alt}]`,
  picture: "Picture",
  lines: (first, last) => (first === last ? `line ${first}` : `lines ${first}–${last}`),
  page: (page) => `page ${page}`,
  unsupported: "Nothing that was read supports this.",
  tableSize: (rows, columns) => `${rows} rows × ${columns} columns`,
  moreRows: (shown) => `the first ${shown} rows`,
  cutOutput: (bytes) => `The output had ${bytes} bytes; a part is shown.`,
  setup: {
    setup: "What Byzer Agent sets up by itself, in plain code.",
    folder: "Relative paths start from the folder of this file.",
    fonts: "Chinese characters in plots need a font that has them.",
    pictures: "Plots are saved beside this script instead of being shown in windows.",
    restart: "Python was started anew here: variables that were set before are gone.",
    display: "Prints what a notebook would show.",
  },
};

const chinese: ExportStrings = {
  locale: "zh-cn",
  files: "文件",
  rowsAndColumns: (rows, columns) => `${rows} 行 × ${columns} 列`,
  headerLine: (line) => `表头在第 ${line} 行`,
  noHeader: "无表头",
  sheet: (name) => `工作表“${name}”`,
  encoding: (name) => `编码 ${name}`,
  delimiter: (name) => `分隔符 ${name}`,
  reading: "读取方式",
  warnings: "注意事项",
  notRead: (reason) => `无法读取：${reason}`,
  exportedOn: (moment) => `由 Byzer Agent 导出于 ${moment}`,
  question: "问题",
  answer: "回答",
  noAnswer: "没有得到回答。",
  answeredBy: (agents, models, moment) => [agents, models, moment].filter((part) => part !== "").join(" · "),
  code: "代码",
  output: "输出",
  note: "说明",
  preparation: "其他问题的代码，下文要用到其中的变量",
  edited: "运行前，代码经人工修改。",
  reviewed: (reviewer, approved, comment) => `${reviewer} ${approved ? "批准" : "拒绝"}了这段代码：${comment}`,
  wroteFiles: (details) => `这段代码不只是计算：${details}。再次运行时会再做一次。`,
  asksForInput: "这段代码会要求输入。当时输入的内容没有记录，再次运行时会重新询问。",
  leftOut: (count) => `略去 ${count} 次未成功的尝试。`,
  failedAttempt: "未成功的尝试",
  endings: {
    error: "以错误结束。",
    interrupted: "被停止。",
    timeout: "因超时被停止。",
    exited: "运行时 Python 退出了。",
    denied: "未获准运行。",
  },
  guard: (error) => `首次运行时以 ${error} 结束；下文的代码要用到它在此之前设置的变量。`,
  stoppedThen: "中断",
  absolutePaths: (folder) =>
    `数据文件不在本文档所在的文件夹内。代码中的路径是导出时那台电脑上的路径，代码在 ${folder} 中运行。`,
  relativePaths: "代码中的路径是相对路径，整个文件夹可以一起移动。",
  pictureGone: (alt) => `[图片已不存在：${alt}]`,
  picture: "图片",
  lines: (first, last) => (first === last ? `第 ${first} 行` : `第 ${first}–${last} 行`),
  page: (page) => `第 ${page} 页`,
  unsupported: "读取的内容中没有依据。",
  tableSize: (rows, columns) => `${rows} 行 × ${columns} 列`,
  moreRows: (shown) => `前 ${shown} 行`,
  cutOutput: (bytes) => `输出共 ${bytes} 字节，这里只显示一部分。`,
  setup: {
    setup: "Byzer Agent 自动完成的准备工作，以普通代码写出。",
    folder: "相对路径以本文件所在的文件夹为起点。",
    fonts: "图中的中文需要含有中文字形的字体。",
    pictures: "图保存在本脚本旁边，不在窗口中显示。",
    restart: "Python 在此重新启动：之前设置的变量都已不在。",
    display: "打印笔记本会显示的内容。",
  },
};

/** The words in the language in which most questions were asked; that of the files' columns where nobody asked. */
export function exportStrings({ turns, files }: Pick<Session, "turns" | "files">): ExportStrings {
  const asked = turns.map(({ question }) => question);
  const texts =
    asked.length > 0 ? asked : files.flatMap(({ profile }) => profile?.columns.map(({ name }) => name) ?? []);
  const inChinese = texts.filter((text) => languageByScript(text)?.startsWith("Chinese") === true).length;
  return inChinese * 2 > texts.length ? chinese : english;
}
