import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tool } from "../../src/agents/ports/tool.ts";
import { startModelServer } from "../../src/agents/testing/model-server.ts";
import { said } from "../../src/agents/testing/server-answers.ts";
import { agentSamples, sampleOf } from "./agent-samples.ts";
import { codeAgents } from "./code-agents-fixture.ts";

const run = promisify(execFile);
let folder = "";

/** The package as npm packs it, installed by unpacking it, and the samples beside it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-agent-package-"));
  const { stdout } = await run("npm", ["pack", "--pack-destination", folder, "--json"], {
    cwd: resolve("dist", "byzer-agent"),
    shell: process.platform === "win32",
  });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  expect(stdout).toContain(tarball);
  const target = join(folder, "node_modules", "byzer-agent");
  mkdirSync(target, { recursive: true });
  await run("tar", ["-xzf", join(folder, tarball ?? ""), "-C", target, "--strip-components=1"]);
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  for (const { name, text } of agentSamples().filter(({ language }) => ["js", "ts"].includes(language))) {
    writeFileSync(join(folder, name), text);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

async function node(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ["--no-warnings", ...args], { cwd: folder });
  return stdout;
}

test("the package holds what it needs and no more", () => {
  const files = readdirSync(join(folder, "node_modules", "byzer-agent")).toSorted();
  expect(files).toEqual(["LICENSE", "environment-model.mjs", "index.d.ts", "index.mjs", "package.json"]);
});

const inPackage = (name: string) => readFileSync(join(folder, "node_modules", "byzer-agent", name), "utf8");

test("the package asks for Node 20 and uses nothing that came later", () => {
  expect(JSON.parse(inPackage("package.json"))).toMatchObject({ engines: { node: ">=20" } });
  const later =
    /\b(?:Promise\.(?:withResolvers|try)|Array\.fromAsync|(?:Object|Map)\.groupBy|URL\.parse|RegExp\.escape|Iterator\.from|import\.meta\.(?:dirname|filename)|\.(?:isSubsetOf|isSupersetOf|symmetricDifference|toBase64|getOrInsert)\()/gu;
  expect(inPackage("index.mjs").match(later)).toBeNull();
  expect(inPackage("environment-model.mjs").match(later)).toBeNull();
});

test("every sample of code in the documentation has a name, and is run below", () => {
  const names = agentSamples()
    .filter(({ language }) => ["js", "ts", "mjs", "cjs", "javascript", "typescript"].includes(language))
    .map(({ name }) => name);
  expect(new Set(names)).toEqual(
    new Set([
      "hello.agent.mjs",
      "haiku.agent.ts",
      "editor-in-chief.agent.mjs",
      "run-hello.mjs",
      "run-group.mjs",
      "extension.cjs",
      "custom.agent.mjs",
    ]),
  );
});

test("the same file answers in a process of its own and under plain Node", async () => {
  const { load, ask } = codeAgents();
  const text = sampleOf("hello.agent.mjs");
  for (const name of ["hello.agent.mjs", "hello.agent.ts"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const entry = await load(name, text);
    expect(entry.definition.description).toBe("Says hello.");
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect((await ask(entry, "World"))?.content).toBe("Hello, World!");
  }
  expect(await node("run-hello.mjs")).toBe("Hello, World!\n");
  cpSync(join(folder, "hello.agent.mjs"), join(folder, "hello.agent.ts"));
  writeFileSync(
    join(folder, "run-hello-ts.mjs"),
    sampleOf("run-hello.mjs").replace("hello.agent.mjs", "hello.agent.ts"),
  );
  expect(await node("run-hello-ts.mjs")).toBe("Hello, World!\n");
});

test("the agents of the documentation write, count and talk in a group", async () => {
  const lines = (await node("run-group.mjs")).trimEnd().split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "user (to desk): frogs",
    "desk (to haiku_agent): user: frogs",
    "haiku_agent (to desk): old pond / A haiku about user: frogs.",
  ]);
  expect(lines).toContain("desk (to editor_in_chief): user: frogs");
  expect(lines.filter((line) => line.startsWith("editor_in_chief (to haiku_agent): "))).toHaveLength(1);
  expect(lines.at(-1)).toMatch(/^\d+ words$/u);
});

test("they do so in processes of their own, with the editor's model and tools", async () => {
  const { agents, load, ask } = codeAgents();
  const haiku = await load("haiku.agent.ts", sampleOf("haiku.agent.ts"));
  const shown: string[] = [];
  const help = { complete: pond, show: (text: string) => shown.push(text) };
  expect((await ask(haiku, "frogs", { help }))?.content).toBe("old pond");
  expect((await ask(haiku, " ", { help }))?.content).toBe("Give me a subject.");
  expect(await ask(haiku, "!", { help })).toBeUndefined();
  expect(shown).toEqual(["old pond"]);
  const text = sampleOf("editor-in-chief.agent.mjs").replace('send("haiku_agent"', 'send("echo"');
  const chief = await load("editor-in-chief.agent.mjs", text);
  const callTool = async (name: string, input: unknown) => {
    const tool: Tool | undefined = agents.tools.find((each) => each.name === name);
    return (await tool?.run(input, { agent: "x", signal: new AbortController().signal })) ?? { text: "", failed: true };
  };
  expect((await ask(chief, "two words", { help: { callTool } }))?.content).toBe("echo: two words\n\n3 words");
});

test("a model that the environment names answers under plain Node", async () => {
  const server = await startModelServer();
  try {
    server.expectChat(() => said("Hello from the server."));
    writeFileSync(
      join(folder, "run-model.mjs"),
      `import { createOffice, defineAgent } from "byzer-agent";
const office = createOffice();
await office.add(defineAgent({ name: "asked", systemMessage: "Be brief." }));
console.log((await office.send("asked", "Hi")).content);`,
    );
    const env = { ...process.env, OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: "none", BYZER_MODEL: "scripted" };
    const { stdout } = await run(process.execPath, ["run-model.mjs"], { cwd: folder, env });
    expect(stdout).toBe("Hello from the server.\n");
  } finally {
    await server.close();
  }
});

test("the types are whole, and refuse what is wrong", async () => {
  writeFileSync(
    join(folder, "wrong.ts"),
    `import { defineAgent } from "byzer-agent";
// @ts-expect-error -- no such field
defineAgent({ sytemMessage: "" });
// @ts-expect-error -- no reply
defineAgent({ replies: [{ reply: () => "text" }] });
export const right = defineAgent({ replies: [{ reply: async ({ agent }) => [true, (await agent.send("x", "y"))?.content ?? null] }] });`,
  );
  const options = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      module: "nodenext",
      target: "es2023",
      types: [],
      checkJs: true,
      allowImportingTsExtensions: true,
    },
    files: ["wrong.ts", "haiku.agent.ts", "hello.agent.mjs", "node_modules/byzer-agent/index.d.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  await expect(run("tsc", ["-p", folder])).resolves.toMatchObject({ stdout: "" });
});

test("the types for other extensions are whole, and fit the sample", async () => {
  const options = {
    extends: resolve("tsconfig.base.json"),
    compilerOptions: {
      noEmit: true,
      composite: false,
      declaration: false,
      emitDeclarationOnly: false,
      skipLibCheck: true,
      checkJs: true,
      allowJs: true,
      types: ["node", "vscode"],
      typeRoots: [resolve("node_modules", "@types")],
    },
    files: [resolve("test", "fixtures", "hello-extension", "extension.cjs")],
  };
  writeFileSync(join(folder, "tsconfig.extension.json"), JSON.stringify(options));
  await expect(run("tsc", ["-p", join(folder, "tsconfig.extension.json")])).resolves.toMatchObject({ stdout: "" });
  const alone = {
    compilerOptions: { strict: true, noEmit: true, types: [], lib: ["es2023", "dom"] },
    files: [resolve("api", "byzer-agent-api.d.ts")],
  };
  writeFileSync(join(folder, "tsconfig.api.json"), JSON.stringify(alone));
  await expect(run("tsc", ["-p", join(folder, "tsconfig.api.json")])).resolves.toMatchObject({ stdout: "" });
});

async function pond(_request: object, onText?: (text: string) => void) {
  onText?.("old pond");
  return { text: "old pond", toolCalls: [] };
}
