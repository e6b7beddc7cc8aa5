import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { type Socket, createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import type { AgentError } from "../../src/agents/base/errors.ts";
import { codeAgents } from "./code-agents-fixture.ts";

/** A file with one reply function, whose body is given. */
const replying = (body: string, more = ""): string => `
import { defineAgent } from "byzer-agent";
export default defineAgent({
  description: "A test.", systemMessage: "Be brief.",
  ${more}
  replies: [{ name: "own", config: { n: 3 }, async reply({ message, messages, sender, config, agent, signal }) { ${body} } }],
});
`;

test("a reply function is given the message, what was said, the sender and its config", async () => {
  const { load, ask } = codeAgents();
  const entry = await load(
    "hello.agent.mjs",
    replying(
      "return [true, { content: JSON.stringify([message.content, messages.length, sender, config, agent.name, agent.systemMessage]), metadata: { a: [1] } }]",
    ),
  );
  expect(entry).toMatchObject({ state: "ready", problem: null, origin: { kind: "code" } });
  expect(entry.definition).toMatchObject({ name: "hello", description: "A test.", systemMessage: "Be brief." });
  const reply = await ask(entry, "Hi");
  expect(JSON.parse(reply?.content ?? "")).toEqual(["Hi", 1, "user", { n: 3 }, "hello", "Be brief."]);
  expect(reply?.metadata).toEqual({ a: [1] });
});

test.each([
  ["mjs", "const greeting = 'Hello';"],
  ["ts", "const greeting: string = 'Hello' as const;\ninterface Unused { readonly a: number }"],
  ["mts", "type Greeting = string;\nconst greeting: Greeting = 'Hello';"],
  ["js", "const greeting = 'Hello';"],
])("a file in %s is loaded as it is", async (extension, code) => {
  const { load, ask } = codeAgents();
  const entry = await load(
    `hello.agent.${extension}`,
    `import { defineAgent } from "byzer-agent";\n${code}\nexport default defineAgent({ replies: [{ reply: ({ message }) => [true, greeting + message.content] }] });`,
  );
  expect(entry.problem).toBeNull();
  expect((await ask(entry, " World"))?.content).toBe("Hello World");
});

test("agents speak to others, to their model and to tools through the host", async () => {
  const { load, ask } = codeAgents();
  const entry = await load(
    "busy.agent.mjs",
    replying(`
      const heard = await agent.send("echo", "psst", { metadata: { k: 1 } });
      await agent.send("echo", "only told", { requestReply: false });
      const said = await agent.complete("How?", { tools: [{ name: "t", description: "", parameters: {} }] });
      const done = await agent.tool("t", { x: 1 });
      return [true, JSON.stringify([heard.content, heard.metadata, said, done])];`),
  );
  const asked: unknown[] = [];
  const reply = await ask(entry, "go", {
    help: {
      complete: async (request) => {
        asked.push(request);
        return { text: "Thus.", toolCalls: [{ id: "1", name: "t", arguments: "{}" }] };
      },
      callTool: async (name, input) => {
        asked.push([name, input]);
        return { text: "done", failed: false };
      },
    },
  });
  expect(JSON.parse(reply?.content ?? "")).toEqual([
    "echo: psst",
    { heard: true },
    { text: "Thus.", toolCalls: [{ id: "1", name: "t", arguments: "{}" }] },
    { text: "done", failed: false },
  ]);
  expect(asked).toEqual([
    {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "How?" },
      ],
      tools: [{ name: "t", description: "", parameters: {} }],
    },
    ["t", { x: 1 }],
  ]);
});

test("what a model and an agent stream is shown piece by piece", async () => {
  const { load, ask } = codeAgents();
  const entry = await load("stream.agent.mjs", replying(`return [true, agent.stream("Go")];`));
  const shown: string[] = [];
  const reply = await ask(entry, "go", {
    help: {
      show: (text) => shown.push(text),
      complete: async (_request, onText) => {
        onText?.("one ");
        onText?.("two");
        return { text: "one two", toolCalls: [] };
      },
    },
  });
  expect([shown, reply?.content]).toEqual([["one ", "two"], "one two"]);
});

test("a message that no function answers is left to what comes after them", async () => {
  const { load, ask } = codeAgents();
  const entry = await load("quiet.agent.mjs", replying("return [false]"));
  expect(await ask(entry, "Hi")).toBeUndefined();
});

test("tools of a file run in its process, and what they throw is told", async () => {
  const { agents, load } = codeAgents();
  await load(
    "tooled.agent.mjs",
    `import { defineAgent, defineTool } from "byzer-agent";
     export const tools = [defineTool({ name: "add", description: "Adds.", parameters: { type: "object" }, effect: "reads", run: ({ a, b }) => ({ sum: a + b }) })];
     export default defineAgent({ tools: ["search_files", defineTool({ name: "fail", description: "Fails.", parameters: {}, run() { throw new Error("no luck"); } })] });`,
  );
  const caller = { agent: "x", signal: new AbortController().signal };
  const [fail, add] = agents.tools;
  expect(agents.entries[0]?.definition.tools).toEqual(["search_files", "fail", "add"]);
  expect([add?.effect, fail?.effect, add?.origin]).toEqual(["reads", "acts", "tooled.agent.mjs"]);
  expect(await add?.run({ a: 1, b: 2 }, caller)).toEqual({ text: '{"sum":3}', failed: false });
  expect(await fail?.run({}, caller)).toEqual({ text: "fail failed: no luck (tooled.agent.mjs:3)", failed: true });
});

test("an agent sees no key of the environment, and prints into its log", async () => {
  const { load, ask, log } = codeAgents({
    environment: { ...process.env, MY_API_KEY: "secret", NODE_OPTIONS: "--no-warnings" },
  });
  const entry = await load(
    "env.agent.mjs",
    replying(
      `console.log("printed"); console.error("complained"); agent.log("logged", { a: 1 }); return [true, JSON.stringify(process.env)]`,
    ),
  );
  const environment = JSON.parse((await ask(entry, "Hi"))?.content ?? "");
  expect([environment.MY_API_KEY, environment.NODE_OPTIONS, typeof environment.PATH]).toEqual([
    undefined,
    undefined,
    "string",
  ]);
  await expect
    .poll(() => log.map(({ source, text }) => `${source}: ${text}`))
    .toEqual(expect.arrayContaining(["stdout: printed", "stderr: complained", "log: logged { a: 1 }"]));
});

const failures: readonly (readonly [what: string, body: string, code: string, sentence: RegExp])[] = [
  ["throws", "null.nothing", "agent.threw", /^bad failed at bad\.agent\.mjs:6: TypeError: .*null/u],
  ["throws a text", "throw 'just words'", "agent.threw", /just words/u],
  [
    "gives back a number",
    "return 42",
    "agent.nonsense",
    /^bad gave back a number\. A reply function returns \[final, reply\]/u,
  ],
  ["gives back nothing", "", "agent.nonsense", /undefined/u],
  ["gives back another text", "return 'text'", "agent.nonsense", /a string/u],
  ["answers with a number", "return [true, 42]", "agent.nonsense", /a number as its reply/u],
  ["streams numbers", "return [true, (async function* () { yield 1; })()]", "agent.nonsense", /a number as a piece/u],
  [
    "answers with 50 MB",
    "return [true, 'x'.repeat(50 * 1024 * 1024)]",
    "agent.too-large",
    /^bad wanted to send 50 MB; a message holds at most 16 MB/u,
  ],
  [
    "sends 50 MB",
    "await agent.send('echo', 'x'.repeat(50 * 1024 * 1024)); return [true, '']",
    "agent.too-large",
    /50 MB/u,
  ],
  ["hangs", "await new Promise(() => {})", "agent.timeout", /^bad did not answer within 0\.5 seconds/u],
  ["blocks its thread", "for (;;) {}", "agent.blocked", /^bad blocked its thread for more than 0\.4 seconds/u],
  [
    "exits",
    "console.error('farewell'); process.exit(7)",
    "agent.exited",
    /^bad's process ended with exit code 7\.\nIt last said:\nfarewell/u,
  ],
  [
    "rejects elsewhere",
    "void Promise.reject(new Error('lost')); await new Promise(() => {})",
    "agent.exited",
    /exit code 1[^]*lost/u,
  ],
  ["asks for nobody", "await agent.send('nobody', 'Hi')", "agent.unknown", /nobody/u],
];

test.each(failures)(
  "a reply function that %s is told, and the next message is answered",
  async (_what, body, code, sentence) => {
    const { load, ask, agents } = codeAgents({
      limits: code === "agent.blocked" ? { blockedMs: 400, beatMs: 100 } : {},
    });
    const entry = await load(
      "bad.agent.mjs",
      `import { defineAgent } from "byzer-agent";
export default defineAgent({ limits: { seconds: ${code === "agent.timeout" ? 0.5 : 5} },
  replies: [{
    async reply({ message, agent }) {
      if (message.content !== "bad") return [true, "fine"];
      ${body}
    } }] });`,
    );
    const error: AgentError = await ask(entry, "bad").then(
      () => Promise.reject(new Error("It was answered.")),
      (reason) => reason,
    );
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(sentence)]);
    expect((await ask(entry, "good"))?.content).toBe("fine");
    expect(agents.entries[0]).toMatchObject({ state: "ready", problem: null });
  },
);

test("a flood of output is cut and said, and the answer comes", async () => {
  const { load, ask, log } = codeAgents();
  const entry = await load(
    "flood.agent.mjs",
    replying("for (let i = 0; i < 200000; i += 1) console.log('flood'.repeat(20)); return [true, 'done']"),
  );
  expect((await ask(entry, "Hi"))?.content).toBe("done");
  await expect
    .poll(() => log.some(({ source, text }) => source === "host" && /^… \d+ lines were left out$/u.test(text)), {
      timeout: 60_000,
    })
    .toBe(true);
  expect(log.length).toBeLessThan(20_000);
});

test("waiting for others is not counted as the agent's own time", async () => {
  const { load, ask } = codeAgents();
  const entry = await load(
    "patient.agent.mjs",
    replying("return [true, (await agent.complete('?')).text]", "limits: { seconds: 0.3 },"),
  );
  expect((await ask(entry, "Hi", { help: { complete: lateAnswer } }))?.content).toBe("late");
});

test("an answer that is no longer wanted is cancelled in the process", async () => {
  const { load, ask, log } = codeAgents();
  const entry = await load(
    "slow.agent.mjs",
    replying(
      "agent.log('begun'); await new Promise((resolve) => signal.addEventListener('abort', resolve)); agent.log('heard of it'); return [true, '']",
    ),
  );
  const controller = new AbortController();
  const asked = ask(entry, "Hi", { signal: controller.signal });
  await expect.poll(() => log.map(({ text }) => text)).toContain("begun");
  controller.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
  await expect.poll(() => log.map(({ text }) => text)).toContain("heard of it");
});

const broken: readonly (readonly [what: string, name: string, text: string, problem: object])[] = [
  [
    "a syntax error",
    "a.agent.mjs",
    "export default {\n  replies: [\n  ;\n};",
    {
      code: "agent.broken",
      details: { line: 3 },
      message: expect.stringMatching(/^a\.agent\.mjs:3 cannot be loaded: SyntaxError: /u),
    },
  ],
  [
    "a syntax error in TypeScript",
    "a.agent.ts",
    "const a: number = 1;\nconst b: = 2;\nexport default {};",
    { code: "agent.broken", details: { line: 2 } },
  ],
  [
    "TypeScript that is no JavaScript",
    "a.agent.ts",
    "export default {};\nenum Color { Red }\n",
    { code: "agent.broken", details: { line: 2 } },
  ],
  [
    "an import of nothing",
    "a.agent.mjs",
    'import "./nothing.mjs";',
    { code: "agent.broken", message: expect.stringContaining("nothing.mjs") },
  ],
  [
    "an error while it loads",
    "a.agent.mjs",
    "const x = 1;\nthrow new Error('not today');",
    { code: "agent.broken", details: { line: 2 }, message: "a.agent.mjs:2 cannot be loaded: not today." },
  ],
  [
    "no default export",
    "a.agent.mjs",
    "export const a = 1;",
    { code: "agent.broken", message: expect.stringContaining("no default export") },
  ],
  [
    "an unknown field",
    "a.agent.mjs",
    "export default { sytemMessage: '' };",
    { code: "agent.declaration", message: "a: nothing is known of sytemMessage." },
  ],
  [
    "a reply that is no function",
    "a.agent.mjs",
    "export default { replies: [{ reply: 1 }] };",
    { code: "agent.declaration", message: "a: replies.0.reply: Expected a function." },
  ],
  [
    "a setup that throws",
    "a.agent.mjs",
    "export default {\n setup() { throw new Error('oh'); } };",
    { code: "agent.threw", details: { place: "a.agent.mjs:2" } },
  ],
  [
    "a process that exits at once",
    "a.agent.mjs",
    "process.exit(3);",
    { code: "agent.exited", details: { exitCode: 3 } },
  ],
  ["a thread that is blocked at once", "a.agent.mjs", "for (;;) {}", { code: "agent.blocked" }],
  ["a wait that never ends", "a.agent.mjs", "await new Promise(() => {});", { code: "agent.timeout" }],
];

test.each(broken)("%s is the problem of the file, until it is put right", async (what, name, text, problem) => {
  const { load, ask } = codeAgents({
    limits: what.startsWith("a wait")
      ? { readyMs: 1_500 }
      : what.startsWith("a thread")
        ? { blockedMs: 400, beatMs: 100 }
        : {},
  });
  const entry = await load(name, text);
  expect(entry).toMatchObject({ state: "broken", problem });
  await expect(ask(entry, "Hi")).rejects.toThrow(entry.problem?.message ?? "");
  const mended = await load(name, "export default { replies: [{ reply: () => [true, 'well'] }] };");
  expect((await ask(mended, "Hi"))?.content).toBe("well");
});

test("a change of the file, or of one that it imports, starts it anew; other looks do not", async () => {
  const { agents, write, load, ask, entry } = codeAgents();
  write("lib/words.mjs", "export const word = 'old';");
  const first = await load(
    "change.agent.mjs",
    `import { word } from "./lib/words.mjs";\nlet count = 0;\nexport default { replies: [{ reply: () => [true, word + ++count] }] };`,
  );
  const path = first.origin.kind === "code" ? first.origin.path : "";
  expect((await ask(first, "Hi"))?.content).toBe("old1");
  await agents.refresh([path]);
  expect((await ask(entry(path), "Hi"))?.content).toBe("old2");
  write("lib/words.mjs", "export const word = 'new';");
  await agents.refresh([path]);
  expect((await ask(entry(path), "Hi"))?.content).toBe("new1");
});

test("what is being answered when the file changes is answered still", async () => {
  const { load, ask, log } = codeAgents();
  const entry = await load(
    "long.agent.mjs",
    replying("agent.log('begun'); await new Promise((resolve) => setTimeout(resolve, 700)); return [true, 'old']"),
  );
  const asked = ask(entry, "Hi");
  await expect.poll(() => log.map(({ text }) => text)).toContain("begun");
  const changed = await load("long.agent.mjs", replying("return [true, 'new']"));
  expect((await ask(changed, "Hi"))?.content).toBe("new");
  expect((await asked)?.content).toBe("old");
});

test("an agent that the person stopped stays so, and one whose file is gone is gone", async () => {
  const { agents, load, ask } = codeAgents();
  const entry = await load("stop.agent.mjs", replying("return [true, 'here']"));
  const path = entry.origin.kind === "code" ? entry.origin.path : "";
  await agents.stop(path);
  expect(agents.entries[0]?.state).toBe("stopped");
  await expect(ask(entry, "Hi")).rejects.toMatchObject({ code: "agent.stopped" });
  await agents.start(path, new AbortController().signal);
  expect((await ask(entry, "Hi"))?.content).toBe("here");
  rmSync(path);
  await agents.refresh([]);
  expect(agents.entries).toEqual([]);
});

test("code waits for the person's yes, and no code runs before it", async () => {
  const asked: string[] = [];
  const trusted = new Set<string>();
  const answers = [false, true];
  const trust = {
    isTrusted: (path: string) => trusted.has(path),
    ask: async (path: string) => {
      asked.push(path);
      const yes = answers.shift() === true;
      if (yes) {
        trusted.add(path);
        // As the extension does: a yes lets everything be looked at again.
        void fixture.agents.trustChanged();
      }
      return yes;
    },
  };
  const fixture = codeAgents({ trust });
  const { load, ask, log, agents } = fixture;
  const entry = await load(
    "wary.agent.mjs",
    `console.log("it ran");\nexport default { name: "wary_one", replies: [{ reply: () => [true, "yes"] }] };`,
  );
  expect([entry.state, entry.definition.name, log]).toEqual(["untrusted", "wary_one", []]);
  await expect(ask(entry, "Hi")).rejects.toMatchObject({ code: "agent.untrusted" });
  expect([asked.length, log]).toEqual([1, []]);
  expect((await ask(entry, "Hi"))?.content).toBe("yes");
  expect(agents.entries[0]).toMatchObject({ state: "ready", definition: { name: "wary_one" } });
  trusted.clear();
  await agents.trustChanged();
  expect(agents.entries[0]?.state).toBe("untrusted");
});

test("a breakpoint holds an agent that is debugged, for as long as one likes", async () => {
  const { agents, load, ask } = codeAgents({ limits: { blockedMs: 200, beatMs: 50 } });
  const entry = await load(
    "debug.agent.mjs",
    replying("const word = 'held';\nreturn [true, word];", "limits: { seconds: 0.3 },"),
  );
  const path = entry.origin.kind === "code" ? entry.origin.path : "";
  const address = await agents.restart(path, { inspect: true, signal: new AbortController().signal });
  const socket = new WebSocket(address ?? "");
  onTestFinished(() => socket.close());
  const heard: string[] = [];
  socket.addEventListener("message", ({ data }) => heard.push(String(data)));
  await vi.waitUntil(() => socket.readyState === WebSocket.OPEN);
  const say = (id: number, method: string, params: object = {}) => socket.send(JSON.stringify({ id, method, params }));
  say(1, "Debugger.enable");
  say(2, "Debugger.setBreakpointByUrl", { url: pathToFileURL(path).href, lineNumber: 6 });
  await vi.waitUntil(() => heard.some((line) => line.includes('"id":2')));
  const asked = ask(entry, "Hi");
  await vi.waitUntil(() => heard.some((line) => line.includes('"method":"Debugger.paused"')), { timeout: 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  say(3, "Debugger.resume");
  expect((await asked)?.content).toBe("held");
});

test("programs that an agent started end with it", async () => {
  const held = Promise.withResolvers<Socket>();
  const server = createServer(held.resolve).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const port = JSON.stringify(server.address()).match(/"port":(\d+)/u)?.[1];
  const { load, ask, agents } = codeAgents();
  const program = `require("node:net").connect(${port}, "127.0.0.1"); setInterval(() => {}, 1000);`;
  const entry = await load(
    "parent.agent.mjs",
    `import { spawn } from "node:child_process";\n${replying(`spawn(process.execPath, ["-e", ${JSON.stringify(program)}]); return [true, ""]`)}`,
  );
  await ask(entry, "Hi");
  const socket = await held.promise;
  const closed = once(socket.resume(), "close");
  socket.on("error", () => undefined);
  await agents.stop(entry.origin.kind === "code" ? entry.origin.path : "");
  await closed;
});

test("a thread that is blocked when its answer is no longer wanted is ended too", async () => {
  const { load, ask, agents } = codeAgents({ limits: { blockedMs: 600, beatMs: 100 } });
  const entry = await load(
    "late.agent.mjs",
    replying("if (message.content === 'bad') for (;;); return [true, 'fine']", "limits: { seconds: 0.3 },"),
  );
  await expect(ask(entry, "bad")).rejects.toMatchObject({ code: "agent.timeout" });
  await expect
    .poll(() => agents.entries[0], { timeout: 60_000 })
    .toMatchObject({ state: "stopped", problem: { code: "agent.blocked" } });
  expect((await ask(entry, "good"))?.content).toBe("fine");
});

test("what is no message of the protocol ends the process", async () => {
  const { load, ask, agents, folder } = codeAgents();
  writeFileSync(
    join(folder, "raw.mjs"),
    "import { writeSync } from 'node:fs';\nexport const say = (text) => writeSync(3, text);",
  );
  const entry = await load(
    "raw.agent.mjs",
    `import { say } from "./raw.mjs";\n${replying("if (message.content === 'bad') { say('{\\\"type\\\":\\\"oh\\\"}\\\\n'); await new Promise(() => {}); } return [true, 'fine']")}`,
  );
  await expect(ask(entry, "bad")).rejects.toMatchObject({ code: "agent.protocol" });
  expect(agents.entries[0]?.state).toBe("stopped");
  expect((await ask(entry, "good"))?.content).toBe("fine");
});

async function lateAnswer() {
  await new Promise((resolve) => setTimeout(resolve, 600));
  return { text: "late", toolCalls: [] };
}
