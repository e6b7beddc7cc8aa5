import * as z from "zod/mini";
import type { AgentFileProblem } from "../agent-file-problem.ts";
import type { Problem } from "../problem.ts";

/** A sentence in two languages; `{name}` stands for a value. */
type Sentence = readonly [english: string, chinese: string];

const sentences: Readonly<Record<string, Sentence>> = {
  "file.unreadable": ["The file cannot be read: {reason}.", "无法读取该文件：{reason}。"],
  "file.no-text": ["This is no text file.", "这不是文本文件。"],
  "file.too-large": ["An agent's file may have at most {limit}.", "智能体文件最大为 {limit}。"],
  "head.unclosed": [
    "The front matter does not end: close it with a line of three dashes (---).",
    "文件头没有结束：请用单独一行 --- 结束。",
  ],
  "head.too-large": ["The front matter may have at most {limit}.", "文件头最大为 {limit}。"],
  "head.no-keys": [
    "The front matter is a list of keys and values, such as “description: Answers greetings”.",
    "文件头由键和值组成，例如“description: 回答问候”。",
  ],
  "head.tab": ["YAML is indented with spaces, not with tabs.", "YAML 用空格缩进，不能使用制表符。"],
  "head.twice": ["“{key}” stands here twice: remove one.", "“{key}”出现了两次：请删除其中一个。"],
  "head.indent": ["This line is indented differently from those it belongs to.", "这一行的缩进与它所属的各行不一致。"],
  "head.quote": ["A quotation mark or bracket is missing here.", "此处缺少引号或括号。"],
  "head.colon": [
    "This text has a colon and a space in it: put the text between quotation marks.",
    "这段文字中含有冒号和空格：请用引号括起来。",
  ],
  "head.sign": [
    "A value that begins with this sign stands between quotation marks.",
    "以此符号开头的值须用引号括起来。",
  ],
  "head.no-colon": ["A key is followed by a colon and its value.", "键的后面应有冒号和值。"],
  "head.syntax": ["This is not valid YAML: {reason}", "这不是有效的 YAML：{reason}"],
  "head.nested": ["The front matter cannot be read: it is nested too deeply.", "无法读取文件头：嵌套层次过深。"],
  "key.unknown": ["There is no key “{key}”; it changes nothing.", "没有“{key}”这个键；它不起作用。"],
  "key.unknown-near": [
    "There is no key “{key}”; it changes nothing. Was “{near}” meant?",
    "没有“{key}”这个键；它不起作用。是否想写“{near}”？",
  ],
  "key.editor": [
    "“{key}” is for the editor's own agents; it changes nothing here.",
    "“{key}”供编辑器自带的智能体使用；在此不起作用。",
  ],
  "key.body": [
    "The system message is the text below the front matter; “{key}” changes nothing.",
    "系统消息是文件头下方的正文；“{key}”不起作用。",
  ],
  "key.agent-only": ["A group has no “{key}”; its members have.", "群组没有“{key}”；应写在成员的文件中。"],
  "key.group-only": [
    "Only a group has “{key}”: name the file NAME.group.md.",
    "只有群组才有“{key}”：请将文件命名为“名称.group.md”。",
  ],
  "value.missing": ["“{key}” is missing.", "缺少“{key}”。"],
  "value.text": ["“{key}” is a text.", "“{key}”应为文字。"],
  "value.number": ["“{key}” is a whole number.", "“{key}”应为整数。"],
  "value.yes-no": ["“{key}” is true or false.", "“{key}”应为 true 或 false。"],
  "value.list": ["“{key}” is a name or a list of names.", "“{key}”应为一个名字或名字的列表。"],
  "value.keys": ["“{key}” has keys of its own, on indented lines below.", "“{key}”下面应有缩进的键和值。"],
  "value.other": ["“{key}” cannot be this.", "“{key}”不能是这个值。"],
  "value.choice": ["“{key}” is one of {choices}.", "“{key}”只能是：{choices}。"],
  "value.range": ["“{key}” is a number from {min} to {max}.", "“{key}”应在 {min} 到 {max} 之间。"],
  "value.empty": ["“{key}” names nobody.", "“{key}”没有写任何名字。"],
  "name.invalid": [
    "“{name}” cannot be a name: names have letters of any script, figures, “_” and “-”, begin with a letter, and have at most 64 characters.",
    "“{name}”不能作为名字：名字由各种文字的字母、数字、“_”和“-”组成，以字母开头，最多 64 个字符。",
  ],
  "name.taken": [
    "The name “{name}” is taken by {other}: nobody can call this agent by it.",
    "名字“{name}”已被 {other} 使用：无法用它称呼这个智能体。",
  ],
  "name.reserved": [
    "“{name}” is one of the agents that are there already: choose another name.",
    "“{name}”是已有的智能体：请另选名字。",
  ],
  "description.missing": [
    "Without a “description” nobody knows when to choose this agent.",
    "没有“description”，就无从知道何时选用这个智能体。",
  ],
  "body.empty": [
    "There is no text below the front matter, so the agent has no system message.",
    "文件头下方没有正文，因此该智能体没有系统消息。",
  ],
  "agent.unknown": ["There is no agent “{name}”.", "没有名为“{name}”的智能体。"],
  "agent.unknown-near": [
    "There is no agent “{name}”. Was “{near}” meant?",
    "没有名为“{name}”的智能体。是否想写“{near}”？",
  ],
  "agent.original": [
    "“{name}” is understood as “{near}”, which is its name here.",
    "“{name}”按“{near}”理解，这是它在此处的名字。",
  ],
  "agent.itself": [
    "An agent does not speak to itself: “{key}” passes over “{name}”.",
    "智能体不与自己对话：“{key}”忽略“{name}”。",
  ],
  "agent.twice": ["“{name}” stands in “{key}” twice.", "“{name}”在“{key}”中出现了两次。"],
  "model.editor": [
    "“{name}” is one of the editor's models; here the chat's model answers.",
    "“{name}”是编辑器的模型；在此由聊天所用的模型回答。",
  ],
  "tool.no-server": [
    "“{name}” is a tool of an MCP server, and none is configured: see “byzer.mcp.servers” and .vscode/mcp.json. The agent works without it.",
    "“{name}”是 MCP 服务器的工具，但没有配置任何服务器：请见“byzer.mcp.servers”和 .vscode/mcp.json。智能体会在没有它的情况下工作。",
  ],
  "tool.unknown-server": [
    "“{name}” names no tool of a configured MCP server: mcp:SERVER/TOOL, or mcp:SERVER/*. Servers: {servers}. The agent works without it.",
    "“{name}”不是已配置的 MCP 服务器的工具：应为 mcp:服务器/工具，或 mcp:服务器/*。服务器：{servers}。智能体会在没有它的情况下工作。",
  ],
  "tool.unknown": [
    "There is no tool “{name}”; the agent works without it.",
    "没有名为“{name}”的工具；该智能体在没有它的情况下工作。",
  ],
  "tool.unknown-near": [
    "There is no tool “{name}”; the agent works without it. Was “{near}” meant?",
    "没有名为“{name}”的工具；该智能体在没有它的情况下工作。是否想写“{near}”？",
  ],
  "group.no-script": [
    "Where “speaker” is “script”, “script” says who speaks, in order.",
    "“speaker”为“script”时，须用“script”写明发言次序。",
  ],
  "group.script-unused": [
    "“script” is followed only where “speaker” is “script”.",
    "只有“speaker”为“script”时才按“script”发言。",
  ],
  "group.circle": [
    "The group would ask itself: {way}. Take “{name}” out of the members.",
    "该群组会询问自己：{way}。请将“{name}”从成员中移除。",
  ],
  "group.not-member": ["“{name}” is no member of this group.", "“{name}”不是该群组的成员。"],
};

/** Every code that has a sentence. */
export const agentFileCodes: readonly string[] = Object.keys(sentences);

/** What is wrong in an agent's file, in the language of the locale. */
export function agentFileText({ code, values }: Pick<AgentFileProblem, "code" | "values">, locale: string): string {
  const language = locale.toLowerCase().startsWith("zh") ? 1 : 0;
  const sentence = sentences[code]?.[language] ?? code;
  return sentence.replaceAll(/\{(\w+)\}/gu, (whole, name: string) => values[name] ?? whole);
}

const detailsSchema = z.object({
  path: z.string(),
  line: z.number(),
  code: z.string(),
  values: z.record(z.string(), z.string()),
});

/** Why an agent's file makes no agent, in Chinese; `null` for problems of another kind. */
export function agentFileProblemInChinese({ code, details }: Pick<Problem, "code" | "details">): string | null {
  const { data } = detailsSchema.safeParse(details);
  if (code !== "agent.file" || data === undefined) {
    return null;
  }
  const name = data.path.split(/[/\\]/u).at(-1) ?? data.path;
  return `${name} 第 ${data.line} 行：${agentFileText(data, "zh")}`;
}
