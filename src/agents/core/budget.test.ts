import { expect, test } from "vitest";
import { createTown, says } from "../testing/core-fixture.ts";
import { Budget } from "./budget.ts";

const plenty = { messages: 100, modelCalls: 100, tokens: 100, timeMs: 100 };
const usage = (promptTokens: number, completionTokens: number) => ({
  promptTokens,
  completionTokens,
  estimated: false,
});

test("messages: the last one goes, the next does not, over all agents of a run", async () => {
  const town = createTown({ messages: 5 });
  const user = town.add({ name: "user", replies: [says("again")] });
  town.add({ name: "bot", replies: [says("again")] });
  await expect(user.initiateChat(town.run, "bot", "go")).rejects.toMatchObject({
    code: "run.budget",
    details: { what: "messages", limit: 5 },
  });
  expect(town.events).toHaveLength(10);
  const fresh = await user.send(town.open(), "bot", "another run has its own");
  expect(fresh?.content).toBe("again");
});

test("model calls and tokens", () => {
  const calls = new Budget({ ...plenty, modelCalls: 2 });
  calls.spendModelCall();
  calls.spendModelCall();
  expect(() => calls.spendModelCall()).toThrow(expect.objectContaining({ details: { what: "model calls", limit: 2 } }));

  const tokens = new Budget({ ...plenty, tokens: 10 });
  tokens.spendTokens(usage(6, 4));
  tokens.spendModelCall();
  tokens.spendTokens(usage(0, 1));
  expect(() => tokens.spendModelCall()).toThrow(expect.objectContaining({ details: { what: "tokens", limit: 10 } }));
});

test("time, waits for the person off the clock, also where the wait fails", async () => {
  let now = 1_000;
  const budget = new Budget(plenty, () => now);
  await budget.offTheClock(() => {
    now += 5_000;
    return Promise.resolve();
  });
  await expect(
    budget.offTheClock(() => {
      now += 5_000;
      return Promise.reject(new Error("left"));
    }),
  ).rejects.toThrow("left");
  now += 100;
  budget.spendMessage();
  budget.spendModelCall();
  now += 1;
  expect(() => budget.spendMessage()).toThrow(expect.objectContaining({ details: { what: "time", limit: 100 } }));
  expect(() => budget.spendModelCall()).toThrow(expect.objectContaining({ code: "run.budget" }));
});

test("an agent that asks the person takes the run off the clock", async () => {
  let now = 0;
  const town = createTown({ timeMs: 10 }, () => now);
  const user = town.add({ name: "user" });
  const humanInput = {
    ask: () => {
      now += 60_000;
      return Promise.resolve("at last");
    },
  };
  town.add({ name: "bot", humanInputMode: "ALWAYS", humanInput });
  expect((await user.send(town.run, "bot", "well?"))?.content).toBe("at last");
  expect((await user.send(town.run, "bot", "well?"))?.content).toBe("at last");
  now += 11;
  await expect(user.send(town.run, "bot", "well?")).rejects.toMatchObject({ details: { what: "time" } });
});

test("a part spends of the whole, and says whose it is", () => {
  let now = 0;
  const whole = new Budget({ ...plenty, modelCalls: 3, timeMs: 1_000 }, () => now);
  const part = whole.within({ modelCalls: 2, timeMs: 500 }, "ann");
  part.spendModelCall();
  expect([part.modelCallsLeft, whole.modelCallsLeft]).toEqual([1, 2]);
  part.spendModelCall();
  expect(() => part.spendModelCall()).toThrow("ann used up its 2 model calls for one message");
  expect(() => whole.spendModelCall()).toThrow("this question used up its 3 model calls");
  expect(part.timeLeftMs).toBe(500);
  now = 400;
  expect(part.timeLeftMs).toBe(100);
  expect(part.timeIsUp().details).toEqual({ what: "time", limit: 500, agent: "ann" });
});

test("what a part waits for the person counts for neither", async () => {
  let now = 0;
  const whole = new Budget({ ...plenty, timeMs: 100 }, () => now);
  const part = whole.within({ timeMs: 50 }, "ann");
  await part.offTheClock(() => Promise.resolve((now = 1_000)));
  expect([whole.timeLeftMs, part.timeLeftMs]).toEqual([100, 50]);
});

test("time that the whole runs out of first is the whole's", () => {
  let now = 0;
  const whole = new Budget({ ...plenty, timeMs: 100 }, () => now);
  now = 90;
  expect(whole.within({ timeMs: 50 }, "ann").timeIsUp().message).toContain("this question");
  expect(whole.within({}, "ann").timeLeftMs).toBe(10);
});

test("while the person is waited for no time runs, whoever looks, also where several are waited for at once", async () => {
  let now = 0;
  const whole = new Budget({ ...plenty, timeMs: 100 }, () => now);
  const part = whole.within({ timeMs: 50 }, "ann");
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  now = 10;
  const waits = [part.offTheClock(() => first.promise), part.offTheClock(() => second.promise)];
  now = 5_000;
  expect([whole.timeLeftMs, part.timeLeftMs]).toEqual([90, 40]);
  part.spendMessage();
  first.resolve();
  await waits[0];
  now = 9_000;
  second.resolve();
  await waits[1];
  now = 9_010;
  expect([whole.timeLeftMs, part.timeLeftMs]).toEqual([80, 30]);
});
