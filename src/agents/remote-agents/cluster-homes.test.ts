import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import type { ConversingParts } from "../conversing/conversing-parts.ts";
import { PostOffice } from "../core/post-office.ts";
import { AgentDirectory, type DirectoryEntry } from "../directory/agent-directory.ts";
import type { Settlement, ToAgentHost } from "../protocol/remote-agents.ts";
import { entryOf, toolOf } from "../testing/conversing-fixture.ts";
import { messageTo } from "../testing/core-fixture.ts";
import { createScriptedModel, provideModel } from "../testing/scripted-model.ts";
import { leaving } from "../base/leaving.ts";
import { ClusterHomes } from "./cluster-homes.ts";
import type { LateAnswer } from "./remote-group.ts";

const ray = { location: "ray" } as const;
const group = (members: readonly string[]) => ({
  members: [...members],
  speaker: "round-robin" as const,
  script: [],
  maxRounds: 2,
  end: [],
  answer: "last" as const,
});

/** Homes on a cluster whose hosts answer everything with their own name. */
function town(entries: readonly DirectoryEntry[]) {
  const directory = new AgentDirectory();
  directory.add({ entries, onChange: () => () => undefined });
  const said: { readonly host: string; readonly body: ToAgentHost }[] = [];
  const ends: ((reason: string) => void)[] = [];
  const late: LateAnswer[] = [];
  const homes = new ClusterHomes({
    open: (host) => {
      const end = Promise.withResolvers<string>();
      ends.push(end.resolve);
      const listeners = new Set<(body: unknown) => void>();
      const tell = (body: unknown): void => listeners.forEach((listener) => listener(body));
      return Promise.resolve({
        send: (body) => {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a group says what the protocol has
          const order = body as ToAgentHost;
          said.push({ host, body: order });
          if (order.type === "settle") {
            tell({ type: "settled", problem: null, agents: [] });
          } else if (order.type === "deliver" && order.message.content !== "never answered") {
            const { id, to, from } = order.message;
            const reply = { ...messageTo(from, { from: to, content: host }), inReplyTo: id };
            tell({ type: "replied", run: order.run, message: id, reply });
          }
        },
        onBody: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        leave: () => undefined,
        closed: end.promise,
      });
    },
    directory,
    way: () => Promise.resolve({ kind: "window" }),
    models: provideModel(createScriptedModel()),
    onLate: (answer) => late.push(answer),
    onLog: () => undefined,
  });
  const look = toolOf("look", () => "a lake", { effect: "acts" });
  const parts: ConversingParts = {
    models: provideModel(createScriptedModel()),
    shelf: () => ({
      all: [look],
      find: (names) => ({ tools: names.includes("look") ? [look] : [], unknown: [] }),
    }),
    approvals: { granted: () => false, ask: () => Promise.resolve("deny") },
    turnId: () => "t1",
    find: (name) => directory.find(name),
    purposeOf: (name) => `what ${name} is for`,
    about: () => Promise.resolve(""),
    remembered: (agent) => [messageTo(agent, { content: `before ${agent}` })],
    edited: (agent) => (agent === "a" ? "You are edited." : null),
    toolless: new Set(),
  };
  const office = new PostOffice((name) => homes.mailbox(name, parts));
  const stop = new AbortController();
  const run = office.open({ signal: stop.signal });
  return {
    said,
    late,
    parts,
    stop: (reason: unknown) => stop.abort(reason),
    homes,
    run,
    end: (reason: string) => ends.forEach((end) => end(reason)),
    ask: async (to: string) => (await run.deliver(messageTo(to, {})))?.content,
    settlements: (): readonly Settlement[] =>
      said.flatMap(({ body }) => (body.type === "settle" ? [body.settlement] : [])),
  };
}

test("those of one group live in one host, others in one each; they move in once", async () => {
  const { ask, said, settlements, homes, run } = town([
    entryOf({ name: "team", ...ray, group: group(["inner", "here"]) }),
    entryOf({ name: "inner", ...ray, group: group(["a"]) }),
    entryOf({ name: "a", ...ray, tools: ["look"], asks: ["here"] }),
    entryOf({ name: "here" }),
    entryOf({ name: "lone", ...ray }),
  ]);
  expect(await Promise.all([ask("a"), ask("team"), ask("lone"), ask("inner")])).toEqual([
    "team",
    "team",
    "lone",
    "team",
  ]);
  const together = settlements().find(({ agents }) => agents.length > 1);
  expect(together?.agents.map(({ definition }) => definition.name)).toEqual(["team", "inner", "a"]);
  expect(together?.purposes).toEqual({ here: "what here is for" });
  expect(together?.tools.map(({ name, effect }) => [name, effect])).toEqual([["look", "acts"]]);
  const beginnings = said.flatMap(({ host, body }) => (body.type === "begin" ? [{ host, ...body.beginning }] : []));
  expect(beginnings.map(({ host }) => host).toSorted()).toEqual(["lone", "team"]);
  const known = beginnings.find(({ host }) => host === "team");
  expect(known?.remembered["a"]?.map(({ content }) => content)).toEqual(["before a"]);
  expect(known?.edited).toEqual({ a: "You are edited." });
  homes.finish(run.id);
  await expect.poll(() => said.filter(({ body }) => body.type === "finish").length).toBe(2);
});

test("a host that ended is opened again by the next message", async () => {
  const { ask, end, settlements } = town([entryOf({ name: "lone", ...ray })]);
  await ask("lone");
  end("the node was lost");
  await new Promise((resolve) => setImmediate(resolve));
  expect(await ask("lone")).toBe("lone");
  expect(settlements()).toHaveLength(2);
});

test("what is done for a window that closes goes on, and the next window asks for it", async () => {
  const entries = [entryOf({ name: "lone", ...ray })];
  const before = town(entries);
  const message = messageTo("lone", { content: "never answered" });
  const waiting = before.run.deliver(message);
  const given = expect(waiting).rejects.toThrow("closes");
  await expect.poll(() => before.said.map(({ body }) => body.type)).toContain("deliver");
  before.stop(leaving());
  await given;
  expect(before.said.map(({ body }) => body.type)).toEqual(["settle", "begin", "deliver"]);

  const after = town(entries);
  const owed = [{ run: before.run.id, message: { ...message, content: "answered by now" } }];
  const { signal } = new AbortController();
  await after.homes.rejoin(after.homes.hostOf("lone"), { ...after.parts, owed }, signal);
  expect(after.late).toMatchObject([{ run: before.run.id, message: message.id, reply: { content: "lone" } }]);
});

test("what a person stops is stopped there, too", async () => {
  const { run, said, stop } = town([entryOf({ name: "lone", ...ray })]);
  const message = messageTo("lone", { content: "never answered" });
  const given = expect(run.deliver(message)).rejects.toThrow("enough");
  await expect.poll(() => said.map(({ body }) => body.type)).toContain("deliver");
  stop(new Error("enough"));
  await given;
  expect(said.at(-1)?.body).toEqual({ type: "cancel", run: run.id, message: message.id });
});

test("code moves with everything that was loaded for it, and only after the yes that it needs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "byzer-homes-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "agents", "c.agent.mjs");
  const lib = join(folder, "lib", "words.mjs");
  mkdirSync(join(folder, "agents"));
  mkdirSync(join(folder, "lib"));
  writeFileSync(path, "export default 1;");
  writeFileSync(lib, "export const word = '你好';");
  const code = { origin: { kind: "code", path }, files: [path, lib] } as const;
  const trusted = town([entryOf({ name: "c", ...ray }, code)]);
  await trusted.ask("c");
  expect(trusted.settlements()[0]?.agents[0]?.code).toBe("c/agents/c.agent.mjs");
  expect(trusted.settlements()[0]?.files).toEqual([
    { path: "c/agents/c.agent.mjs", text: "export default 1;" },
    { path: "c/lib/words.mjs", text: "export const word = '你好';" },
  ]);
  const refused = new AgentError("agent.untrusted", { name: "c", path }, "No.");
  const start = (): Promise<void> => Promise.reject(refused);
  const doubted = town([entryOf({ name: "c", ...ray }, { ...code, state: "untrusted", start })]);
  await expect(doubted.ask("c")).rejects.toThrow("No.");
  expect(doubted.said).toEqual([]);
});
