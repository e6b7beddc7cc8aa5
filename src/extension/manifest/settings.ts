import type { ModelPrices } from "../../agents/protocol/model-costs.ts";
import type { ModelChoice } from "../../agents/protocol/model.ts";
import type { SandboxMode } from "../../agents/protocol/sandbox.ts";
import { type ManifestText, text } from "./text.ts";

/** One setting as the manifest and the code both see it. */
interface Setting<T> {
  readonly default: T;
  readonly description: ManifestText;
  /** JSON Schema of the value, without default and description. */
  readonly schema: { readonly [key: string]: unknown };
  /** A folder that is not trusted cannot change it. */
  readonly restricted: boolean;
}

const noEndpoints: readonly string[] = [];
const noPackages: readonly string[] = [];
const noPrices: { readonly default: ModelPrices } = { default: {} };
const sandboxes: { readonly default: SandboxMode } = { default: "workspace" };
const rerankers: { readonly default: "off" | "model" | "endpoint" } = { default: "off" };
const sqlEngines: { readonly default: "duckdb" | "spark" } = { default: "duckdb" };
const remoteModels: { readonly default: "window" | "endpoint" } = { default: "window" };
const reviews: { readonly default: "risky" | "always" } = { default: "risky" };
const noServers: Readonly<Record<string, unknown>> = {};
const textsSchema = { type: "object", additionalProperties: { type: "string" } };
const serverSchema = {
  type: "object",
  properties: {
    type: { type: "string", enum: ["stdio", "http", "sse"] },
    command: { type: "string" },
    args: { type: "array", items: { type: "string" } },
    env: textsSchema,
    envFile: { type: "string" },
    cwd: { type: "string" },
    url: { type: "string" },
    headers: textsSchema,
    trusted: { type: "boolean" },
  },
  anyOf: [{ required: ["command"] }, { required: ["url"] }],
  additionalProperties: false,
};
const modelSchema = {
  type: ["object", "null"],
  properties: {
    provider: { type: "string", enum: ["openai-compatible", "editor"] },
    baseUrl: { type: "string" },
    model: { type: "string" },
  },
  required: ["provider", "baseUrl", "model"],
  additionalProperties: false,
};

/** Every setting; `package.json` is generated from this table, so the two cannot disagree. */
export const settings = {
  model: modelSetting(
    text(
      "The model that answers, where a workspace has not chosen its own in the panel.",
      "默认使用的模型；工作区在面板中另行选择时以面板为准。",
    ),
  ),
  "models.endpoints": {
    default: noEndpoints,
    description: text(
      "Base URLs of OpenAI-compatible servers, such as `https://api.example.com/v1`. Keys are kept apart, by the command “Set API Key”.",
      "OpenAI 兼容服务的基础地址，例如 `https://api.example.com/v1`。密钥单独保存，请使用命令“设置 API 密钥”。",
    ),
    schema: { type: "array", items: { type: "string", pattern: "^https?://" }, uniqueItems: true },
    restricted: true,
  },
  "models.discover": booleanSetting(
    true,
    text(
      "Look for Ollama (127.0.0.1:11434) and LM Studio (127.0.0.1:1234) on this machine.",
      "在本机查找 Ollama（127.0.0.1:11434）和 LM Studio（127.0.0.1:1234）。",
    ),
  ),
  "models.router": modelSetting(
    text(
      "The model that selects the agent; the answering model where empty.",
      "负责选择智能体的模型；留空时使用回答模型。",
    ),
  ),
  "models.reviewer": modelSetting(
    text("The model that reviews code; the answering model where empty.", "负责审查代码的模型；留空时使用回答模型。"),
  ),
  "models.embedding": modelSetting(
    text(
      "The model that embeds text, so that searching finds what means the same in other words. Where empty, an embedding model that Ollama has on this machine is taken; without any, searching goes by words.",
      "用于检索的文本向量模型，使措辞不同但含义相同的内容也能找到。留空时使用本机 Ollama 中的向量模型；都没有时按词语检索。",
    ),
  ),
  "models.prices": {
    ...noPrices,
    description: text(
      'What models cost, by name, for a million tokens read (`input`) and written (`output`), in a currency of your choice, such as `{ "large-model": { "input": 2.5, "output": 10 } }`. Costs are shown among the agents of a session.',
      '各模型的价格：按名称给出每百万词元的输入价（`input`）和输出价（`output`），货币自定，例如 `{ "large-model": { "input": 2.5, "output": 10 } }`。费用显示在会话的智能体页中。',
    ),
    schema: {
      type: "object",
      additionalProperties: {
        type: "object",
        properties: { input: { type: "number", minimum: 0 }, output: { type: "number", minimum: 0 } },
        required: ["input", "output"],
        additionalProperties: false,
      },
    },
    restricted: false,
  },
  "retrieval.reranker": {
    ...rerankers,
    description: text(
      "What puts found passages into order before they are read. `off`: the search itself. `model`: the chat model reads them, which takes one more call. `endpoint`: a rerank service.",
      "检索到的段落在阅读前由谁排序。`off`：检索本身。`model`：由聊天模型判断，多一次调用。`endpoint`：重排序服务。",
    ),
    schema: { type: "string", enum: ["off", "model", "endpoint"] },
    restricted: true,
  },
  "retrieval.rerankEndpoint": {
    default: "",
    description: text(
      "Base URL of a rerank service in the form of Cohere or Jina, such as `https://api.jina.ai/v1`. Its key is kept apart, by the command “Set API Key”.",
      "重排序服务（Cohere 或 Jina 形式）的基础地址，例如 `https://api.jina.ai/v1`。密钥单独保存，请使用命令“设置 API 密钥”。",
    ),
    schema: { type: "string", pattern: "^(https?://.*)?$" },
    restricted: true,
  },
  "retrieval.rerankModel": {
    default: "",
    description: text("The model of the rerank service.", "重排序服务的模型。"),
    schema: { type: "string" },
    restricted: true,
  },
  "index.url": {
    default: "",
    description: text(
      "A PostgreSQL database with pgvector that keeps the index, such as `postgresql://name@host/database`, so that a team shares it. Empty keeps it in the editor's storage on this machine. The password is asked for and kept apart.",
      "用于保存索引的 PostgreSQL 数据库（含 pgvector），例如 `postgresql://name@host/database`，供团队共用。留空时索引保存在本机编辑器的存储中。密码会另行询问并单独保存。",
    ),
    schema: { type: "string", pattern: "^(postgres(ql)?://.*)?$" },
    restricted: true,
  },
  "index.maxFiles": numberSetting(
    100_000,
    { minimum: 1, maximum: 1_000_000 },
    text(
      "Files of one folder that are read for searching; those deepest down are left out first. Not read is what `.gitignore`, `.byzerignore`, `files.exclude` and `search.exclude` name; `search.useIgnoreFiles` switches `.gitignore` off. What you name yourself is read.",
      "一个文件夹中为检索而读取的文件数上限；超出时先略去层级最深的文件。`.gitignore`、`.byzerignore`、`files.exclude` 和 `search.exclude` 所列内容不读取；关闭 `search.useIgnoreFiles` 后，`.gitignore` 不再起作用。您亲自指定的内容会被读取。",
    ),
  ),
  "python.path": {
    default: "",
    description: text(
      "The Python that runs code. Empty takes the Python extension's choice, then the one on PATH.",
      "用于运行代码的 Python。留空时依次使用 Python 扩展所选的环境和 PATH 中的 Python。",
    ),
    schema: { type: "string" },
    restricted: true,
  },
  "python.timeLimitSeconds": numberSetting(
    300,
    { minimum: 0, maximum: 86_400 },
    text("Seconds that one cell may run; 0 for no limit.", "单个代码单元最多运行的秒数；0 表示不限。"),
  ),
  "python.memoryLimitMegabytes": numberSetting(
    0,
    { minimum: 0 },
    text(
      "Megabytes that Python may use; 0 for three quarters of this machine's memory.",
      "Python 最多可用的内存（MB）；0 表示本机内存的四分之三。",
    ),
  ),
  "interpreter.sandbox": {
    ...sandboxes,
    description: text(
      "What holds the code that runs, where the system can. `workspace`: it writes in the workspace and the session's folder only, and cannot read where keys are kept. `strict`: it writes in the session's folder only and has no network. `off`: nothing holds it. Approval is asked for in all of them.",
      "在系统支持时如何限制运行的代码。`workspace`：只能写入工作区和会话文件夹，不能读取存放密钥的位置。`strict`：只能写入会话文件夹，且没有网络。`off`：不限制。无论哪种方式，运行前都会询问。",
    ),
    schema: { type: "string", enum: ["off", "workspace", "strict"] },
    restricted: true,
  },
  "sql.engine": {
    ...sqlEngines,
    description: text(
      "What runs the SQL of `spark_sql_agent`. `duckdb`: DuckDB in the session's Python. `spark`: PySpark, on this machine (it needs Java) or on the server of `#byzer.sql.sparkRemote#`.",
      "由什么执行 `spark_sql_agent` 的 SQL。`duckdb`：会话 Python 中的 DuckDB。`spark`：PySpark，在本机运行（需要 Java），或使用 `#byzer.sql.sparkRemote#` 指定的服务器。",
    ),
    schema: { type: "string", enum: ["duckdb", "spark"] },
    restricted: true,
  },
  "sql.sparkRemote": {
    default: "",
    description: text(
      "Address of a Spark Connect server, such as `sc://host:15002`, to which the session's tables are sent. Empty runs Spark on this machine.",
      "Spark Connect 服务器的地址，例如 `sc://host:15002`；会话中的表会发送到该服务器。留空时在本机运行 Spark。",
    ),
    schema: { type: "string", pattern: "^(sc://.*)?$" },
    restricted: true,
  },
  "ray.serveAddress": {
    default: "",
    description: text(
      "Address of Ray Serve of the cluster, such as `https://cluster.example/serve`, where it is not on the host of the dashboard or is reached through a proxy. Empty takes what the cluster says.",
      "集群中 Ray Serve 的地址，例如 `https://cluster.example/serve`；仅当它与仪表板不在同一主机或需经代理访问时填写。留空时以集群给出的地址为准。",
    ),
    schema: { type: "string", pattern: "^(https?://.*)?$" },
    restricted: true,
  },
  "ray.models": {
    ...remoteModels,
    description: text(
      "How agents that live on a cluster reach models. `window`: through this window, which keeps the key; they wait while no window is open. `endpoint`: by themselves, where the chosen model is an OpenAI-compatible endpoint; its key is then sent to the cluster, where it is kept in memory only and whoever can run code there could read it.",
      "位于集群上的智能体如何访问模型。`window`：经由此窗口，密钥留在本机；没有窗口打开时它们会等待。`endpoint`：当所选模型是 OpenAI 兼容服务时由它们直接访问；密钥会发送到集群，只保存在内存中，但能在集群上运行代码的人有可能读到。",
    ),
    schema: { type: "string", enum: ["window", "endpoint"] },
    restricted: true,
  },
  "ray.space": {
    default: "",
    description: text(
      "A name under which the agents of this workspace that live on a cluster are found again. Where two machines have the same one, they speak with the same agents. Empty keeps them apart.",
      "用于再次找到此工作区位于集群上的智能体的名称。两台机器使用相同的名称时，会与同一批智能体交谈。留空时各自独立。",
    ),
    schema: { type: "string", maxLength: 200 },
    restricted: true,
  },
  "ray.packages": {
    default: noPackages,
    description: text(
      "Packages that Ray installs for the Python of a session that runs on a cluster, and for what its code spreads over the cluster, as pip reads them, such as `dask[dataframe]`, with which tables larger than a machine are worked on all over it. They take effect when the session's Python is next started there.",
      "为在集群上运行的会话 Python 以及其代码分布到集群上的任务安装的软件包，写法与 pip 相同，例如 `dask[dataframe]`：有了它，比单台机器还大的表格可以在整个集群上处理。下次在集群上启动会话的 Python 时生效。",
    ),
    schema: { type: "array", items: { type: "string", minLength: 1, maxLength: 1000 }, uniqueItems: true },
    restricted: true,
  },
  "ray.idleHours": numberSetting(
    24,
    { minimum: 0, maximum: 8760 },
    text(
      "Hours after which what a session or an agent has running on a cluster ends, where no window is connected to it and it has nothing to do; 0 for never.",
      "会话或智能体在集群上运行的程序在没有窗口连接且没有工作时，经过多少小时后结束；0 表示不结束。",
    ),
  ),
  "mcp.servers": {
    default: noServers,
    description: text(
      "MCP servers whose tools agents may name, as `mcp:SERVER/TOOL` or `mcp:SERVER/*`; those of `.vscode/mcp.json` are there too. Each starts when it is needed. `trusted`: tools that it marks as reading only are not asked about.",
      "智能体可以使用其工具的 MCP 服务器，写作 `mcp:服务器/工具` 或 `mcp:服务器/*`；`.vscode/mcp.json` 中的服务器同样可用。服务器在需要时才启动。`trusted`：对其标明只读的工具不再询问。",
    ),
    schema: { type: "object", additionalProperties: serverSchema },
    restricted: true,
  },
  "memory.enabled": {
    default: true,
    description: text(
      "Remembers what was asked and found in the conversations of a workspace, so that it can be searched and asked about in later ones. It is kept on this machine only, in the editor's storage; parts that fit a question are told to the model that answers it, and where a model for embeddings is set, to that one. Nothing is remembered in a workspace that is not trusted.",
      "记住工作区各个对话中的提问与结论，以便之后检索和询问。仅保存在本机的编辑器存储中；与问题相关的部分会发给回答该问题的模型，设置了嵌入模型时也会发给嵌入模型。在不受信任的工作区中不会记住任何内容。",
    ),
    schema: { type: "boolean" },
    restricted: true,
  },
  "agent.review": {
    ...reviews,
    description: text(
      "When a second agent reads code before it runs. Code that writes files, starts processes or uses the network is always read.",
      "何时由第二个智能体在运行前审查代码。写入文件、启动进程或访问网络的代码总会被审查。",
    ),
    schema: { type: "string", enum: ["risky", "always"] },
    restricted: false,
  },
  "export.failedAttempts": booleanSetting(
    false,
    text(
      "Exports also show attempts that failed and were repaired. They are shown, and do not run again.",
      "导出内容也包括失败后已修复的尝试。它们只供阅读，不会再次运行。",
    ),
  ),
  "agent.maxMessages": numberSetting(
    200,
    { minimum: 10, maximum: 10_000 },
    text("Messages that agents may exchange over one question.", "一个问题中智能体之间最多交换的消息数。"),
  ),
  "agent.maxModelCalls": numberSetting(
    40,
    { minimum: 1, maximum: 500 },
    text("Model calls that one question may take.", "一个问题最多调用模型的次数。"),
  ),
  "agent.maxTokens": numberSetting(
    1_000_000,
    { minimum: 1000 },
    text("Tokens that one question may take, both ways together.", "一个问题最多使用的词元数（输入与输出合计）。"),
  ),
  "agent.maxMinutes": numberSetting(
    60,
    { minimum: 1, maximum: 1440 },
    text("Minutes that one question may take.", "一个问题最多花费的分钟数。"),
  ),
} as const satisfies { readonly [name: string]: Setting<unknown> };

export type SettingName = keyof typeof settings;
export type SettingValue<K extends SettingName> = (typeof settings)[K]["default"];

function modelSetting(description: ManifestText): Setting<ModelChoice | null> {
  return { default: null, description, schema: modelSchema, restricted: true };
}

function booleanSetting(value: boolean, description: ManifestText): Setting<boolean> {
  return { default: value, description, schema: { type: "boolean" }, restricted: false };
}

function numberSetting(
  value: number,
  range: { readonly minimum: number; readonly maximum?: number },
  description: ManifestText,
): Setting<number> {
  return { default: value, description, schema: { type: "integer", ...range }, restricted: false };
}
