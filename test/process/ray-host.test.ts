import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { JsonLineCutter } from "../../src/agents/agent-process/json-lines.ts";
import { ConversableAgent } from "../../src/agents/core/agent.ts";
import { PostOffice } from "../../src/agents/core/post-office.ts";
import { completeDefinition } from "../../src/agents/protocol/agent-definition.ts";
import { type Settlement, isWrittenDown } from "../../src/agents/protocol/remote-agents.ts";
import type { ChatModel } from "../../src/agents/ports/chat-model.ts";
import type { WindowServices } from "../../src/agents/remote-agents/window-services.ts";
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
  const mailbox = group.mailbox(servicesWith(createScriptedModel()), () => ({ remembered: {}, edited: {} }));
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
  child().stdin?.end();
  expect(await once(child(), "exit")).toEqual([0, null]);
});

test("a program that is killed while an agent works is followed by one in which it answers", async () => {
  const { group, crash } = openGroup();
  const model = createScriptedModel();
  const reached = Promise.withResolvers<void>();
  model.expect(() => {
    reached.resolve();
    return new Promise<string>(() => undefined);
  }, "At last.");
  await group.settle({
    agents: [{ definition: completeDefinition({ name: "counter", location: "ray" }), code: null }],
    files: [],
    ...nothingElse,
  });
  const mailbox = group.mailbox(servicesWith(model), () => ({ remembered: {}, edited: {} }));
  const office = new PostOffice((name) => (name === "counter" ? mailbox : undefined));
  const user = new ConversableAgent({ name: "user" });
  office.register("user", user);
  const answer = user.send(office.open({ signal: new AbortController().signal }), "counter", "How many?");
  await reached.promise;
  crash();
  expect((await answer)?.content).toBe("At last.");
  model.assertFinished();
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

function servicesWith(model: ChatModel): WindowServices {
  return {
    models: provideModel(model),
    shelf: () => ({ all: [], find: () => ({ tools: [], unknown: [] }) }),
    approvals: { granted: () => false, ask: () => Promise.resolve("deny") },
    turnId: () => "t",
    about: () => Promise.resolve(""),
  };
}

interface Opened {
  readonly child: () => ChildProcess;
  readonly group: RemoteGroup;
  /** Everything that the program said, in bodies. */
  readonly said: readonly { readonly type: string }[];
  /** Kills the program and starts it again, as its actor does: it is told what was written down. */
  readonly crash: () => void;
}

function openGroup(): Opened {
  const said: { readonly type: string }[] = [];
  const transcript: { readonly from: "window" | "group"; readonly body: unknown }[] = [];
  const listeners = new Set<(body: unknown) => void>();
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, [resolve("dist", "ray-host.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
    const cutter = new JsonLineCutter();
    child.stdout.on("data", (chunk: Buffer) => {
      for (const line of cutter.push(chunk)) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test fails where it is something else
        const { t, body } = line as { readonly t: string; readonly body: { readonly type: string } };
        if (t === "body" || t === "passing") {
          said.push(body);
          listeners.forEach((listener) => listener(body));
        }
        if (t === "body") {
          transcript.push({ from: "group", body });
        }
      }
    });
    return child;
  };
  let child = start();
  onTestFinished(() => void child.kill("SIGKILL"));
  const tell = (line: object): void => void child.stdin?.write(`${JSON.stringify(line)}\n`);
  const begin = (lives: number): void => {
    tell({ t: "begin", name: "counter", lives });
    transcript.forEach((entry) => tell({ t: "replay", ...entry }));
    tell({ t: "live" });
  };
  begin(1);
  const gone = Promise.withResolvers<string>();
  const group = new RemoteGroup({
    name: "counter",
    channel: {
      send: (body) => {
        const isKept = isWrittenDown(body);
        if (isKept) {
          transcript.push({ from: "window", body });
        }
        tell({ t: isKept ? "body" : "passing", body });
      },
      onBody: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      leave: () => undefined,
      closed: gone.promise,
    },
    models: provideModel(createScriptedModel()),
    onLate: () => undefined,
    onLog: () => undefined,
  });
  return {
    child: () => child,
    group,
    said,
    crash: () => {
      child.kill("SIGKILL");
      child = start();
      begin(2);
    },
  };
}
