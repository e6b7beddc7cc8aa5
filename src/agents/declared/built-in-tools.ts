import type { KnownName } from "./known-names.ts";

/** What is said of each tool that every agent may name. */
const words: Readonly<Record<string, readonly [english: string, chinese: string]>> = {
  run_python: [
    "Runs Python in the session's interpreter, after your yes.",
    "在会话的解释器中运行 Python，运行前需经您同意。",
  ],
  search_files: [
    "Searches the files that are asked about and gives passages with their places.",
    "检索所询问的文件，给出带出处的段落。",
  ],
  search_conversations: [
    "Searches the earlier conversations of this workspace, where they are remembered.",
    "检索此工作区中已记住的以前的对话。",
  ],
  read_file: [
    "Reads a file of the workspace; never one with keys in it.",
    "读取工作区中的文件；从不读取存放密钥的文件。",
  ],
  list_files: ["Lists the files of a folder of the workspace.", "列出工作区某个文件夹中的文件。"],
  ask_agent: ["Asks one of the agents under “agents”; offered by itself.", "询问“agents”中的智能体；会自动提供。"],
  hand_off: [
    "Gives the conversation to one of the agents under “handoffs”; offered by itself.",
    "把对话交给“handoffs”中的智能体；会自动提供。",
  ],
  finish: ["Ends the group with an answer; offered by itself.", "给出回答并结束群组对话；会自动提供。"],
};

const talking: ReadonlySet<string> = new Set(["ask_agent", "hand_off", "finish"]);

/** The tools of the product, described in the language of the locale. */
export function builtInTools(locale: string): readonly KnownName[] {
  const language = locale.toLowerCase().startsWith("zh") ? 1 : 0;
  return Object.entries(words).map(([name, texts]) => {
    return { name, description: texts[language], comesByItself: talking.has(name) };
  });
}
