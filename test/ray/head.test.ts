import { expect, test, vi } from "vitest";
import { AgentError } from "../../src/agents/base/errors.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { openWindow } from "./test-window.ts";

const cluster = sharedCluster();

test("the head restarted: all that ran there is lost and said to be, and the next connection puts ours there again", async () => {
  const window = await openWindow(cluster);
  const python = await window.python();
  await python.run("x = 1");
  const begun = Promise.withResolvers<void>();
  const running = python.run("import time\nprint('begun', flush=True)\ntime.sleep(600)", { started: begun.resolve });
  await begun.promise;
  await cluster.restartHead();
  await vi.waitFor(() => expect(window.cluster.link.state.phase).toBe("down"), { timeout: 120_000, interval: 200 });
  const { state } = window.cluster.link;
  expect(state.phase === "down" && AgentError.is(state.problem, "remote.removed")).toBe(true);
  expect((await running).status).toBe("exited");
  expect(await python.interpreter.closed).toContain("What ran there is lost.");
  expect(window.states.map(({ phase }) => phase)).toEqual(expect.arrayContaining(["up", "reconnecting", "down"]));

  const again = await openWindow(cluster);
  const next = await again.python({ kernel: python.kernel });
  expect(next.interpreter.info.isResumed).toBeUndefined();
  expect((await next.run("print('new')")).text).toBe("new\n");
  await next.interpreter.close();
});
