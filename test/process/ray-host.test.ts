import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { JsonLineCutter } from "../../src/agents/agent-process/json-lines.ts";
import { ConversableAgent } from "../../src/agents/core/agent.ts";
import { PostOffice } from "../../src/agents/core/post-office.ts";
import { completeDefinition } from "../../src/agents/protocol/agent-definition.ts";
import type { Settlement } from "../../src/agents/protocol/remote-agents.ts";
import { RemoteGroup } from "../../src/agents/remote-agents/remote-group.ts";
import { createScriptedModel, provideModel } from "../../src/agents/testing/scripted-model.ts";

const code = `
import { defineAgent } from "byzer-agent";
import { greeting } from "./lib/words.mjs";
export default defineAgent({
  description: "Counts.",
  replies: [{ name: "own", async reply({ message, agent }) {
    const other = await agent.send("local", "From afar");
    return [true, greeting + " " + message.content + " " + other.content + " " + process.cwd().includes("byzer-agents-")];
  } }],
});
`;

test("the program of a cluster runs agents in code, which speak to agents here, and ends with its input", async () => {
  const { child, group, said } = openGroup();
  const agents = await group.settle({
    agents: [{ definition: completeDefinition({ name: "counter", location: "ray" }), code: "counter.agent.mjs" }],
    files: [
      { path: "counter.agent.mjs", text: code },
      { path: "lib/words.mjs", text: "export const greeting = '你好';" },
    ],
    ...nothingElse,
  });
  expect(agents).toEqual([{ name: "counter", problem: null }]);
  const services = {
    models: provideModel(createScriptedModel()),
    shelf: () => ({ all: [], find: () => ({ tools: [], unknown: [] }) }),
    approvals: { granted: () => false, ask: () => Promise.resolve("deny" as const) },
    turnId: () => "t",
    about: () => Promise.resolve(""),
  };
  const mailbox = group.mailbox(services, () => ({ remembered: {}, edited: {} }));
  const office = new PostOffice((name) => (name === "counter" ? mailbox : undefined));
  const user = new ConversableAgent({ name: "user" });
  const replies = [
    {
      name: "says",
      trigger: "anyone" as const,
      reply: () => Promise.resolve({ kind: "answer" as const, content: "From here", metadata: {} }),
    },
  ];
  office.register("user", user);
  office.register("local", new ConversableAgent({ name: "local", replies }));
  const run = office.open({ signal: new AbortController().signal });
  expect((await user.send(run, "counter", "World"))?.content).toBe("你好 World From here true");
  expect(said.filter(({ type }) => type === "keep").length).toBeGreaterThan(2);
  child.stdin?.end();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("code that would be put outside of the group's folder is refused", async () => {
  const settling = openGroup().group.settle({
    agents: [{ definition: completeDefinition({ name: "bad" }), code: "../bad.agent.mjs" }],
    files: [{ path: "../bad.agent.mjs", text: "" }],
    ...nothingElse,
  });
  await expect(settling).rejects.toThrow("../bad.agent.mjs leads out of the folder");
});

const nothingElse: Pick<Settlement, "model" | "tools" | "purposes"> = {
  model: { kind: "window" },
  tools: [],
  purposes: {},
};

interface Opened {
  readonly child: ChildProcess;
  readonly group: RemoteGroup;
  /** Everything that the program said. */
  readonly said: readonly { readonly type: string }[];
}

function openGroup(): Opened {
  const child = spawn(process.execPath, [resolve("dist", "ray-host.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said: { readonly type: string }[] = [];
  const listeners = new Set<(body: unknown) => void>();
  const cutter = new JsonLineCutter();
  child.stdout.on("data", (chunk: Buffer) => {
    for (const body of cutter.push(chunk)) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every word of the protocol has a type
      said.push(body as { type: string });
      listeners.forEach((listener) => listener(body));
    }
  });
  child.stdin.write(`${JSON.stringify({ type: "restore", entries: [] })}\n`);
  const group = new RemoteGroup({
    name: "counter",
    channel: {
      send: (body) => child.stdin.write(`${JSON.stringify(body)}\n`),
      onBody: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      closed: once(child, "exit").then(() => "it ended"),
    },
    models: provideModel(createScriptedModel()),
    onLate: () => undefined,
    onLog: () => undefined,
  });
  return { child, group, said };
}
