import { expect, test } from "vitest";
import { createTown, messageTo, settled } from "../testing/core-fixture.ts";
import { type ReplyFunction, answer } from "./reply.ts";
import { RunQueue } from "./run-queue.ts";

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: () => resolve() };
}

const never = new AbortController().signal;
const run = (id: string, signal = never) => ({ id, signal });

test("other runs wait in the order of their arrival; the run inside goes on", async () => {
  const queue = new RunQueue();
  const order: string[] = [];
  const first = gate();
  const working = queue.enter(run("a"), async () => {
    order.push("a1");
    await queue.enter(run("a"), () => Promise.resolve(order.push("a nested")));
    await first.promise;
  });
  const waiting = ["b", "c", "b"].map((id, index) =>
    queue.enter(run(id), async () => {
      order.push(`${id}${index} in`);
      await settled();
      await (index === 2 ? settled() : undefined);
      order.push(`${id}${index} out`);
    }),
  );
  await settled();
  expect(order).toEqual(["a1", "a nested"]);
  first.open();
  await Promise.all([working, ...waiting]);
  expect(order.slice(2)).toEqual(["b0 in", "b2 in", "b0 out", "b2 out", "c1 in", "c1 out"]);
});

test("a failure lets the next one in", async () => {
  const queue = new RunQueue();
  const failing = queue.enter(run("a"), async () => {
    await settled();
    throw new Error("broken");
  });
  const next = queue.enter(run("b"), () => Promise.resolve("in"));
  await expect(failing).rejects.toThrow("broken");
  expect(await next).toBe("in");
});

test("an abort ends the wait, and the place goes to the next", async () => {
  const queue = new RunQueue();
  const first = gate();
  const controller = new AbortController();
  const working = queue.enter(run("a"), () => first.promise);
  const given = queue.enter(run("b", controller.signal), () => Promise.resolve("never"));
  const last = queue.enter(run("c"), () => Promise.resolve("c"));
  controller.abort(new Error("stopped"));
  await expect(given).rejects.toThrow("stopped");
  await expect(queue.enter(run("b", controller.signal), () => Promise.resolve("never"))).rejects.toThrow("stopped");
  first.open();
  await working;
  expect(await last).toBe("c");
  expect(await queue.enter(run("d"), () => Promise.resolve("d"))).toBe("d");
});

test("nobody slips in between the end of one run and the start of the next", async () => {
  const queue = new RunQueue();
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} in`);
    await settled();
    order.push(`${name} out`);
  };
  const a = queue.enter(run("a"), work("a"));
  const b = queue.enter(run("b"), work("b"));
  const c = a.then(() => queue.enter(run("c"), work("c")));
  await Promise.all([a, b, c]);
  expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
});

test("two agents of one run ask each other back without waiting for ever, and another run comes after", async () => {
  const town = createTown();
  const order: string[] = [];
  const asksBack: ReplyFunction = {
    name: "asks-back",
    trigger: "anyone",
    reply: async ({ ask, message, run: current }) => {
      const depth = Number(message.metadata["depth"] ?? 0);
      order.push(`${current.id === town.run.id ? 1 : 2}:${message.to}:${depth}`);
      if (depth === 3) {
        return answer("bottom");
      }

      const peer = message.to === "ping" ? "pong" : "ping";
      return answer((await ask(peer, "", { metadata: { depth: depth + 1 } }))?.content ?? "");
    },
  };
  const ping = town.add({ name: "ping", replies: [asksBack] });
  town.add({ name: "pong", replies: [asksBack] });
  const [one, two] = await Promise.all([
    ping.receive(messageTo("ping"), town.run),
    ping.receive(messageTo("ping"), town.open()),
  ]);
  expect([one?.content, two?.content]).toEqual(["bottom", "bottom"]);
  expect(order.map((entry) => entry.charAt(0)).join("")).toBe("11112222");
});
