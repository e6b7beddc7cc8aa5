import { expect, test } from "vitest";
import { createTown, messageTo, says } from "../testing/core-fixture.ts";
import { ConversableAgent } from "./agent.ts";
import { PostOffice } from "./post-office.ts";
import type { Mailbox } from "./run.ts";

test("an unknown name is an error with the name", async () => {
  const town = createTown();
  const user = town.add({ name: "user" });
  await expect(user.send(town.run, "nobody", "hi")).rejects.toMatchObject({
    code: "agent.unknown",
    details: { name: "nobody" },
  });
  expect(town.events).toEqual([]);
});

test("a taken name is refused, and free again after its agent has gone", () => {
  const { office } = createTown();
  const mailbox: Mailbox = { receive: () => Promise.resolve(undefined) };
  const leave = office.register("bot", mailbox);
  office.register("other", mailbox);
  expect(() => office.register("bot", mailbox)).toThrow(expect.objectContaining({ code: "agent.taken" }));
  expect(office.names).toEqual(["bot", "other"]);
  leave();
  expect(office.names).toEqual(["other"]);
  office.register("bot", mailbox);
  expect(office.names).toEqual(["other", "bot"]);
});

test("messages and answers are shown in the order of their delivery", async () => {
  const town = createTown();
  const user = town.add({ name: "user" });
  town.add({ name: "bot", replies: [says("a")] });
  await user.send(town.run, "bot", "q");
  expect(town.events.map((event) => (event.type === "message" ? event.message.content : event.type))).toEqual([
    "q",
    "a",
  ]);
});

test("what a mailbox says is checked on arrival, both ways", async () => {
  const town = createTown();
  const strange = JSON.parse('{"id":7}');
  town.office.register("strange", { receive: () => Promise.resolve(strange) });
  await expect(town.run.deliver(messageTo("strange"))).rejects.toThrow();
  await expect(town.run.deliver({ ...messageTo("strange"), ...JSON.parse('{"content":1}') })).rejects.toThrow();
});

test("nothing is delivered after an abort", async () => {
  const town = createTown();
  let received = 0;
  town.office.register("bot", { receive: () => Promise.resolve(void (received += 1)) });
  town.controller.abort(new Error("stopped"));
  await expect(town.run.deliver(messageTo("bot"))).rejects.toThrow("stopped");
  expect(received).toBe(0);
});

test("a name that nobody was registered by is resolved when somebody speaks to it", async () => {
  const asked: string[] = [];
  const late = new ConversableAgent({ name: "late", replies: [says("here")] });
  const office = new PostOffice((name) => {
    asked.push(name);
    return name === "late" ? late : undefined;
  });
  const run = office.open({ signal: new AbortController().signal });
  expect(office.names).toEqual([]);
  expect((await run.deliver(messageTo("late")))?.content).toBe("here");
  await expect(run.deliver(messageTo("nobody"))).rejects.toMatchObject({ code: "agent.unknown" });
  expect(asked).toEqual(["late", "nobody"]);
});

test("an agent cannot write to itself", async () => {
  const town = createTown();
  const bot = town.add({ name: "bot", replies: [says("yes")] });
  await expect(bot.send(town.run, "bot", "am I here?")).rejects.toMatchObject({ code: "agent.itself" });
});

test("a part of a run is the same run, with less to spend", async () => {
  const town = createTown();
  const user = town.add({ name: "user" });
  town.add({ name: "bot", replies: [says(({ run }) => run.id)] });
  const part = town.run.narrow({ budget: town.run.budget.within({ messages: 1 }, "bot") });
  expect((await user.send(part, "bot", "which run?"))?.content).toBe(town.run.id);
  await expect(user.send(part, "bot", "again")).rejects.toMatchObject({ code: "run.budget" });
  expect((await user.send(town.run, "bot", "and now?"))?.content).toBe(town.run.id);
});
