import { expect, test } from "vitest";
import { Budget, defaultBudget } from "./budget.ts";
import { PostOffice } from "./post-office.ts";
import { withinTime } from "./within-time.ts";

const open = (timeMs: number) =>
  new PostOffice().open({ signal: new AbortController().signal, budget: new Budget({ ...defaultBudget, timeMs }) });
const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

test("what waits for the person is not given up, and goes on with the time that was left", async () => {
  const run = open(60);
  const answered = await withinTime(run, async (timed) => {
    await timed.budget.offTheClock(() => pause(300));
    timed.signal.throwIfAborted();
    return "yes";
  });
  expect(answered).toBe("yes");
  await expect(withinTime(run, () => pause(5_000))).rejects.toMatchObject({ code: "run.budget" });
});
