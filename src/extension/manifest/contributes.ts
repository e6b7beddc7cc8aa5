import { interpreterPorts } from "../../agents/python/interpreter-ports.ts";
import { commands } from "./commands.ts";
import { menus } from "./menus.ts";
import { settings } from "./settings.ts";
import { type ManifestText, text } from "./text.ts";
import {
  agentLanguage,
  customEditors,
  editorAgentLanguage,
  messageScheme,
  panels,
  textLanguage,
  views,
} from "./view-ids.ts";

const category = text("Byzer Agent", "Byzer Agent");
const description = text(
  "Agents that answer from the files of your workspace, with citations that open the place, and analyse its tables: they write Python, run it in a terminal you can see, and answer with text, tables and plots.",
  "智能体根据工作区中的文件作答，引用可打开原文所在位置；并分析其中的表格：编写 Python，在可见的终端中运行，并以文字、表格和图表作答。",
);
const untrusted = text(
  "In an untrusted workspace the data card, the chat and searching in files work; no code runs, and nothing is sent to a model before you ask.",
  "在不受信任的工作区中，数据卡片、聊天和文件检索可用；不会运行任何代码，在您提问之前也不会向模型发送任何内容。",
);
const virtual = text("Files must be on a disk that Python can reach.", "文件必须位于 Python 可以访问的磁盘上。");

/** The part of `package.json` that is generated, and the texts it refers to by `%key%`. */
export interface GeneratedManifest {
  readonly fields: { readonly [key: string]: unknown };
  readonly texts: { readonly [key: string]: ManifestText };
}

/** Builds the manifest from the typed tables. */
export function generateManifest(): GeneratedManifest {
  const texts = new Map<string, ManifestText>();
  const use = (key: string, value: ManifestText): string => {
    texts.set(key, value);
    return `%${key}%`;
  };
  const fields = {
    displayName: "Byzer Agent",
    description: use("description", description),
    publisher: "byzer",
    categories: ["AI", "Data Science", "Chat"],
    keywords: ["csv", "data analysis", "agent", "rag", "chat with files", "pdf", "python", "openai", "ollama"],
    icon: "media/icon.png",
    main: "./dist/extension.cjs",
    l10n: "./l10n",
    engines: { vscode: "^1.107.0" },
    extensionKind: ["workspace"],
    activationEvents: [
      `onLanguage:${editorAgentLanguage}`,
      `onWebviewPanel:${panels.sessionAgents}`,
      `onFileSystem:${messageScheme}`,
    ],
    capabilities: {
      untrustedWorkspaces: {
        supported: "limited",
        description: use("untrusted", untrusted),
        restrictedConfigurations: restrictedSettings(),
      },
      virtualWorkspaces: { supported: "limited", description: use("virtual", virtual) },
    },
    contributes: {
      configurationDefaults: {
        "remote.portsAttributes": {
          [`${interpreterPorts.first}-${interpreterPorts.last}`]: { label: "Byzer Agent", onAutoForward: "ignore" },
        },
        [`[${textLanguage}]`]: { "editor.wordWrap": "on", "editor.occurrencesHighlight": "off" },
        [`[${agentLanguage}]`]: {
          "editor.insertSpaces": true,
          "editor.tabSize": 2,
          "editor.wordWrap": "on",
          "editor.quickSuggestions": { comments: "off", strings: "on", other: "on" },
          "editor.wordBasedSuggestions": "off",
          "editor.unicodeHighlight.ambiguousCharacters": false,
        },
      },
      languages: [
        { id: textLanguage, aliases: [use("language.document-text", text("Document text", "文档文本"))] },
        {
          id: agentLanguage,
          aliases: [use("language.agent-file", text("Byzer Agent file", "Byzer Agent 智能体文件"))],
          filenamePatterns: ["**/.byzer/agents/*.agent.md", "**/.byzer/agents/*.group.md"],
          configuration: "./media/agent-file-language.json",
        },
      ],
      grammars: [
        {
          language: agentLanguage,
          path: "./media/agent-file.tmLanguage.json",
          scopeName: "text.html.markdown.byzer-agent-file",
        },
      ],
      viewsContainers: {
        activitybar: [{ id: views.container, title: "Byzer Agent", icon: "media/byzer.svg" }],
      },
      views: {
        [views.container]: [
          {
            id: views.chat,
            type: "webview",
            name: use("view.chat", text("Chat", "聊天")),
            icon: "media/byzer.svg",
            initialSize: 4,
          },
          {
            id: views.agents,
            name: use("view.agents", text("Agents", "智能体")),
            icon: "media/byzer.svg",
            visibility: "collapsed",
            initialSize: 1,
          },
        ],
      },
      customEditors: [
        {
          viewType: customEditors.pdf,
          displayName: use("editor.pdf", text("Byzer Agent: PDF", "Byzer Agent：PDF")),
          selector: [{ filenamePattern: "*.pdf" }],
          priority: "option",
        },
      ],
      commands: commandEntries(use),
      menus,
      configuration: { title: "Byzer Agent", properties: settingEntries(use) },
    },
  };
  return { fields, texts: Object.fromEntries(texts) };
}

type Use = (key: string, value: ManifestText) => string;

function restrictedSettings(): readonly string[] {
  return Object.entries(settings)
    .filter(([, { restricted }]) => restricted)
    .map(([name]) => `byzer.${name}`);
}

function commandEntries(use: Use): readonly object[] {
  return Object.entries(commands).map(([id, { title, ...rest }]) => {
    return { command: id, title: use(`command.${id}`, title), category: use("category", category), ...rest };
  });
}

function settingEntries(use: Use): object {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { schema, default: value, description: words }], order) => {
      const markdownDescription = use(`setting.${name}`, words);
      return [`byzer.${name}`, { ...schema, default: value, scope: "window", order, markdownDescription }];
    }),
  );
}
