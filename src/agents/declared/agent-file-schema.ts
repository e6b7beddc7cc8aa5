import * as z from "zod/mini";
import { inputModeSchema } from "../protocol/agent-definition.ts";
import { type KeyWords, keyWords } from "./key-words.ts";

/** A key with its words. */
function key<S extends z.ZodMiniType>(schema: S, words: KeyWords): z.ZodMiniOptional<S> {
  const optional = z.optional(schema);
  keyWords.add(optional, words);
  return optional;
}

function whole(min: number, max: number): z.ZodMiniNumber {
  return z.int().check(z.gte(min), z.lte(max));
}

const nameOrNames = z.union([z.string(), z.array(z.string())]);

const limitsSchema = z.strictObject({
  replies: key(whole(1, 1000), {
    en: "How many replies it gives to one peer in a row, 1 to 1000.",
    zh: "连续回复同一对象的次数上限，1 到 1000。",
    snippet: "${1:3}",
  }),
  modelCalls: key(whole(1, 500), {
    en: "How often it may ask its model for one message, 1 to 500.",
    zh: "处理一条消息时调用模型的次数上限，1 到 500。",
    snippet: "${1:10}",
  }),
  tokens: key(whole(100, 100_000_000), {
    en: "How many tokens it may spend on one message, 100 to 100,000,000.",
    zh: "处理一条消息时可用的 token 数上限，100 到 100000000。",
    snippet: "${1:50000}",
  }),
  seconds: key(whole(1, 86_400), {
    en: "How long it may work on one message, 1 to 86,400 seconds.",
    zh: "处理一条消息的时间上限，1 到 86400 秒。",
    snippet: "${1:120}",
  }),
});

const handOffSchema = z.strictObject({
  agent: z.string().register(keyWords, {
    en: "Who is given the conversation.",
    zh: "接手对话的智能体。",
    snippet: "$1",
    names: "agents",
  }),
  label: key(z.string(), {
    en: "What a person reads on the way, such as “Have it reviewed”.",
    zh: "交接时显示给人看的文字，例如“请人审阅”。",
    snippet: "${1:Have it reviewed}",
  }),
  prompt: key(z.string(), {
    en: "Said to the other agent besides the question.",
    zh: "除问题之外，另外告诉对方的话。",
    snippet: "${1:Review the answer.}",
  }),
  send: key(z.boolean(), {
    en: "For the editor's own agents; it changes nothing here.",
    zh: "供编辑器自带的智能体使用；在此不起作用。",
    snippet: "${1|true,false|}",
  }),
  model: key(z.string(), {
    en: "For the editor's own agents; it changes nothing here.",
    zh: "供编辑器自带的智能体使用；在此不起作用。",
    snippet: "$1",
  }),
});

const shared = {
  name: key(z.string(), {
    en: "What it is called by, as in `@name`; the file's name where left out.",
    zh: "用来称呼它的名字，如 `@名字`；省略时使用文件名。",
    snippet: "$1",
  }),
  description: key(z.string(), {
    en: "When to choose it: one sentence for people, for routing and for other agents.",
    zh: "何时选用它：一句话，供人、路由和其他智能体阅读。",
    snippet: "${1:Answers questions about …}",
  }),
  model: key(nameOrNames, {
    en: "A role (`chat`, `router`, `reviewer`) or the name of a model; the chat's model where left out. Of a list the first counts.",
    zh: "角色（`chat`、`router`、`reviewer`）或模型名称；省略时使用聊天所用的模型。若为列表，以第一个为准。",
    snippet: "$1",
    names: "models",
  }),
  limits: key(limitsSchema, {
    en: "What it may spend on one message; it ends with a clear reason where that is used up.",
    zh: "处理一条消息的用量上限；用尽时会说明原因并结束。",
    snippet: "\n  modelCalls: ${1:10}",
  }),
};

const location = key(z.enum(["local", "ray"]), {
  en: "Where it lives: `local`, beside the editor, or `ray`, on a cluster.",
  zh: "运行位置：`local`（编辑器所在机器）或 `ray`（集群）。",
  snippet: "${1|local,ray|}",
});

/** What may stand in the front matter of an agent's file. */
export const agentFileSchema = z.strictObject({
  ...shared,
  tools: key(nameOrNames, {
    en: "Tools that it may use, by name; `server/*` stands for all tools of a server.",
    zh: "可以使用的工具名称；`server/*` 表示某个服务的全部工具。",
    snippet: "[$1]",
    names: "tools",
  }),
  agents: key(nameOrNames, {
    en: "Agents that it may ask while it answers; `*` stands for all.",
    zh: "回答时可以询问的智能体；`*` 表示全部。",
    snippet: "[$1]",
    names: "agents",
  }),
  handoffs: key(z.union([z.string(), z.array(z.union([z.string(), handOffSchema]))]), {
    en: "Agents that it may give the whole conversation to; their answer is then the answer.",
    zh: "可以把整个对话交给哪些智能体；对方的回答即为最终回答。",
    snippet: "\n  - agent: ${1:agent}\n    label: ${2:Have it reviewed}\n    prompt: ${3:Review the answer.}",
    names: "agents",
  }),
  inputMode: key(inputModeSchema, {
    en: "When the person is asked for words: `ALWAYS`, before each reply; `TERMINATE`, before it would end; `NEVER`, which is usual.",
    zh: "何时请人输入：`ALWAYS`，每次回复之前；`TERMINATE`，将要结束时；`NEVER`，从不（默认）。",
    snippet: "${1|NEVER,TERMINATE,ALWAYS|}",
  }),
  location,
});
export type AgentFile = z.infer<typeof agentFileSchema>;

const endRule = z.union([
  z.enum(["finish", "silence", "judge"]),
  z.strictObject({
    speaker: z.string().register(keyWords, {
      en: "The group ends when this member has spoken.",
      zh: "该成员发言后群组结束。",
      snippet: "$1",
      names: "agents",
    }),
  }),
]);

/** What may stand in the front matter of a group's file. */
export const groupFileSchema = z.strictObject({
  ...shared,
  members: z.union([z.string(), z.array(z.string())]).register(keyWords, {
    en: "Who is in the group: agents, or other groups. With `round-robin` they speak in this order.",
    zh: "群组成员：智能体或其他群组。`round-robin` 时按此次序发言。",
    snippet: "[$1]",
    names: "agents",
  }),
  speaker: key(z.enum(["round-robin", "model", "script"]), {
    en: "Who speaks next: `round-robin`, in turn (usual); `model`, as the group's model says; `script`, as `script` says.",
    zh: "下一个发言者：`round-robin` 轮流（默认）；`model` 由群组的模型选择；`script` 按 `script` 的次序。",
    snippet: "${1|round-robin,model,script|}",
  }),
  script: key(nameOrNames, {
    en: "Members in the order in which they speak, where `speaker` is `script`; from the start again at its end.",
    zh: "`speaker` 为 `script` 时成员发言的次序；到末尾后从头开始。",
    snippet: "[$1]",
    names: "agents",
  }),
  maxRounds: key(whole(1, 1000), {
    en: "After so many words of members the group ends at the latest, 1 to 1000; 12 where left out.",
    zh: "成员发言达到此次数后必定结束，1 到 1000；省略时为 12。",
    snippet: "${1:12}",
  }),
  end: key(z.union([z.enum(["finish", "silence", "judge"]), z.array(endRule)]), {
    en: "When the group ends: `finish`, a member says that the task is done and gives the answer (usual); `silence`, a member has nothing to add; `judge`, the group's model finds the task done after a round; `speaker: NAME`, that member has spoken.",
    zh: "群组何时结束：`finish`，某成员宣布完成并给出回答（默认）；`silence`，某成员无话可说；`judge`，一轮之后群组的模型认为任务完成；`speaker: 名字`，该成员发言之后。",
    snippet: "[${1|finish,silence,judge|}]",
  }),
  answer: key(z.enum(["last", "summary"]), {
    en: "What the group answers: `last`, the last word (usual); `summary`, what its model makes of all words.",
    zh: "群组的回答：`last`，最后一次发言（默认）；`summary`，由其模型总结全部发言。",
    snippet: "${1|last,summary|}",
  }),
  location,
});
export type GroupFile = z.infer<typeof groupFileSchema>;

/** Which of the two kinds of files one is, by its name. */
export type AgentFileKind = "agent" | "group";

/** The schema of a kind of file: what validation, completion and hover read. */
export function schemaOf(kind: AgentFileKind): typeof agentFileSchema | typeof groupFileSchema {
  return kind === "agent" ? agentFileSchema : groupFileSchema;
}

/** Keys of the editor's own agent files that mean nothing here. */
export const editorKeys: readonly string[] = [
  "argument-hint",
  "disable-model-invocation",
  "hooks",
  "infer",
  "license",
  "compatibility",
  "mcp-servers",
  "metadata",
  "reasoning-effort",
  "target",
  "user-invocable",
];

/** What other frameworks, and the original of this one, call a key. */
export const keysElsewhere: Readonly<Record<string, string>> = {
  asks: "agents",
  ask: "agents",
  handOffs: "handoffs",
  "hand-offs": "handoffs",
  hand_offs: "handoffs",
  human_input_mode: "inputMode",
  input: "inputMode",
  "input-mode": "inputMode",
  max_round: "maxRounds",
  max_rounds: "maxRounds",
  maxRound: "maxRounds",
  "max-rounds": "maxRounds",
  max_consecutive_auto_reply: "limits",
  budget: "limits",
  llm: "model",
  participants: "members",
  speaker_selection_method: "speaker",
  "allowed-tools": "tools",
};

/** Keys under which elsewhere the system message stands. */
export const bodyKeys: readonly string[] = ["systemMessage", "system_message", "system", "prompt", "instructions"];
