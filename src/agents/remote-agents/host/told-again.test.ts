import { expect, test } from "vitest";
import { messageTo } from "../../testing/core-fixture.ts";
import { ToldAgain } from "./told-again.ts";

const begin = (run: string) => ({
  type: "begin",
  beginning: { run, turnId: "t", remembered: {}, edited: {}, left: { modelCalls: 1, timeMs: 1 } },
});

test("what was answered or is over is not done again; what was asked to be kept is known", () => {
  const told = new ToldAgain();
  const [answered, open, over] = [messageTo("a", {}), messageTo("a", {}), messageTo("a", {})];
  told.hear("window", begin("r1"));
  told.hear("window", { type: "deliver", run: "r1", message: answered });
  told.hear("group", { type: "keep", key: "run:r1", value: { some: 1 } });
  told.hear("group", { type: "keep", key: "gone", value: 1 });
  told.hear("group", { type: "replied", run: "r1", message: answered.id, reply: null });
  told.hear("group", { type: "keep", key: "gone", value: null });
  told.hear("window", begin("r2"));
  told.hear("window", { type: "deliver", run: "r2", message: over });
  told.hear("window", { type: "finish", run: "r2" });
  told.hear("window", { type: "deliver", run: "r1", message: open });
  const { entries, orders } = told.resumption;
  expect(entries).toEqual([{ key: "run:r1", value: { some: 1 } }]);
  expect(orders).toEqual([begin("r1"), { type: "deliver", run: "r1", message: open }]);
});

test("what is no word of the protocol is refused", () => {
  expect(() => new ToldAgain().hear("window", { type: "shout" })).toThrow("Invalid");
});
