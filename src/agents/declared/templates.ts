/** What a new agent may begin as. */
export const templateKinds = ["agent", "tools", "reviewer", "group", "javascript", "typescript"] as const;
export type TemplateKind = (typeof templateKinds)[number];

/** A file of a template. The first of them is the one to open. */
export interface TemplateFile {
  /** Below the folder of agents. */
  readonly name: string;
  readonly text: string;
  /** Shared between agents: left as it is where it is there already. */
  readonly isShared: boolean;
}

/** The file in which the types of `byzer-agent` lie beside agents in code. */
export const typesFile = "types/byzer-agent.d.ts";

/**
 * The files of a new agent.
 *
 * @param locale of the texts in them
 */
export function filesOf(kind: TemplateKind, name: string, locale: string): readonly TemplateFile[] {
  const isChinese = locale.toLowerCase().startsWith("zh");
  const say = (english: string, chinese: string): string => (isChinese ? chinese : english);
  return templates[kind](name, say);
}

type Say = (english: string, chinese: string) => string;
type Template = (name: string, say: Say) => readonly TemplateFile[];

function markdown(name: string, head: readonly string[], body: readonly string[]): TemplateFile {
  return { name, text: ["---", ...head, "---", "", ...body, ""].join("\n"), isShared: false };
}

function plainAgent(name: string, say: Say): readonly TemplateFile[] {
  const head = [`description: ${say("Answers greetings and small talk", "回答问候和闲聊")}`];
  const body = [
    say(
      `You are ${name}. Greet whoever writes to you and answer in one or two sentences.`,
      `你是${name}。问候来信的人，用一两句话回答。`,
    ),
    say("Answer in the language of the question.", "用提问所用的语言回答。"),
  ];
  return [markdown(`${name}.agent.md`, head, body)];
}

function agentWithTools(name: string, say: Say): readonly TemplateFile[] {
  const head = [
    `description: ${say("Answers questions about the files of this workspace", "回答有关此工作区文件的问题")}`,
    "tools: [list_files, read_file, search_files]",
    "limits:",
    "  modelCalls: 8",
  ];
  const body = [
    say(`You are ${name}. Look into the files before you answer.`, `你是${name}。先查看文件，再回答。`),
    say(
      "Say only what you have read, and name the file. Where the files do not say it, say so.",
      "只说读到的内容，并注明文件。文件中没有的，如实说明。",
    ),
  ];
  return [markdown(`${name}.agent.md`, head, body)];
}

function reviewer(name: string, say: Say): readonly TemplateFile[] {
  const head = [
    `description: ${say("Finds what is wrong or missing in a text or in code", "找出文字或代码中的错误与遗漏")}`,
    "tools: [read_file]",
  ];
  const body = [
    say(`You are ${name}, a careful reviewer.`, `你是${name}，一位细心的审阅者。`),
    "",
    say(
      "- Name each fault with its place and how to mend it, the worst first.",
      "- 逐条指出问题、位置和改法，最严重的在前。",
    ),
    say("- Praise nothing, and change nothing yourself.", "- 不夸奖，也不自行修改。"),
    say("- Where nothing is wrong, say so in one sentence.", "- 没有问题时，用一句话说明。"),
  ];
  return [markdown(`${name}.agent.md`, head, body)];
}

function groupChat(name: string, say: Say): readonly TemplateFile[] {
  const [writer, critic] = [`${name}-${say("writer", "写手")}`, `${name}-${say("critic", "评审")}`];
  const head = [
    `description: ${say("Writes a text and improves it until it is good", "撰写文稿并反复修改到满意为止")}`,
    `members: [${writer}, ${critic}]`,
    "speaker: round-robin",
    "maxRounds: 6",
    "end: [finish]",
    "answer: last",
  ];
  const body = [
    say("The critic finishes with the whole text as soon as it is good.", "文稿令人满意时，评审以全文结束对话。"),
  ];
  const writes = [
    say(
      `You are ${writer}. Write the text that is asked for, and mend what ${critic} finds.`,
      `你是${writer}。撰写所要的文稿，并按${critic}的意见修改。`,
    ),
    say("Give the whole text each time.", "每次都给出全文。"),
  ];
  const judges = [
    say(
      `You are ${critic}. Name at most three faults of the text, or finish with the text where there are none.`,
      `你是${critic}。最多指出文稿的三处问题；没有问题时，以全文结束对话。`,
    ),
  ];
  return [
    markdown(`${name}.group.md`, head, body),
    markdown(`${writer}.agent.md`, [`description: ${say(`Writes for ${name}`, `为${name}撰稿`)}`], writes),
    markdown(`${critic}.agent.md`, [`description: ${say(`Judges for ${name}`, `为${name}评审`)}`], judges),
  ];
}

const codeProject = `{
  "compilerOptions": {
    "target": "es2024",
    "module": "preserve",
    "strict": true,
    "noEmit": true,
    "allowJs": true,
    "checkJs": true,
    "skipLibCheck": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true,
    "paths": { "byzer-agent": ["./${typesFile}"] }
  },
  "include": ["*.agent.ts", "*.agent.mts", "*.agent.js", "*.agent.mjs"]
}
`;

function inCode(extension: string): Template {
  return (name, say) => [
    { name: `${name}.agent.${extension}`, text: codeOf(name, say, extension === "ts"), isShared: false },
    { name: "tsconfig.json", text: codeProject, isShared: true },
  ];
}

function codeOf(name: string, say: Say, isTyped: boolean): string {
  const quoted = JSON.stringify(name);
  return `import { defineAgent, defineTool } from "byzer-agent";

const clock = defineTool({
  name: "clock",
  description: "${say("Tells the time, as ISO 8601.", "报告当前时间（ISO 8601）。")}",
  parameters: { type: "object", properties: {} },
  effect: "reads",
  run: ()${isTyped ? ": string" : ""} => new Date().toISOString(),
});

export default defineAgent({
  name: ${quoted},
  description: "${say("Greets by name, and knows the time", "按名字问候，并知道时间")}",
  systemMessage: "${say(`You are ${name}. Answer in one or two sentences.`, `你是${name}。用一两句话回答。`)}",
  tools: [clock],
  replies: [
    {
      // ${say("Tried first; a message that it does not answer goes to the model.", "最先尝试；它不回答的消息会交给模型。")}
      name: "greeting",
      reply: ({ message, sender }) =>
        /^(hello|你好)/iu.test(message.content) ? [true, \`${say("Hello, ${sender}!", "你好，${sender}！")}\`] : [false],
    },
  ],
});
`;
}

const templates: { readonly [K in TemplateKind]: Template } = {
  agent: plainAgent,
  tools: agentWithTools,
  reviewer,
  group: groupChat,
  javascript: inCode("mjs"),
  typescript: inCode("ts"),
};
