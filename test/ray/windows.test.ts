import { expect, test, vi } from "vitest";
import { sharedCluster } from "./shared-cluster.ts";
import { openWindow } from "./test-window.ts";

const cluster = sharedCluster();
const signal = new AbortController().signal;

test("two windows on one cluster: each has its own Python, and sees both run", async () => {
  const [here, there] = await Promise.all([openWindow(cluster), openWindow(cluster)]);
  const [mine, yours] = await Promise.all([here.python(), there.python()]);
  await Promise.all([mine.run("x = 'mine'"), yours.run("x = 'yours'")]);
  const cells = await Promise.all([mine.run("print(x)"), yours.run("print(x)")]);
  expect(cells.map(({ text }) => text)).toEqual(["mine\n", "yours\n"]);
  const { children } = await here.cluster.gateway.status(signal);
  const names = children.filter(({ kind }) => kind === "kernel").map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([mine.kernel.name, yours.kernel.name]));
  await here.close();
  expect((await yours.run("print(x)")).text).toBe("yours\n");
  await yours.interpreter.close();
});

test("two windows on one Python: the newer takes it over, and the older is told so", async () => {
  const [first, second] = await Promise.all([openWindow(cluster), openWindow(cluster)]);
  const before = await first.python();
  await before.run("x = 41");
  const after = await second.python({ kernel: before.kernel });
  expect(await before.interpreter.closed).toBe("Another window has taken over this session's Python on the cluster.");
  expect(after.interpreter.info.isResumed).toBe(true);
  expect((await after.run("print(x + 1)")).text).toBe("42\n");
  await after.interpreter.close();
});

test("a window that is closed and opened on another machine finds its Python, its variables, and the cell that ran", async () => {
  const first = await openWindow(cluster);
  const before = await first.python();
  await before.run("x = 41");
  const begun = Promise.withResolvers<void>();
  const code = "import time\nprint('begun', flush=True)\ntime.sleep(8)\nx += 1";
  const running = before.run(code, { started: begun.resolve });
  await begun.promise;
  await first.close();
  expect((await running).status).toBe("exited");
  expect(await before.interpreter.closed).toBe(
    "This window has left the session's Python, which goes on for as long as the cluster runs.",
  );

  // Another machine: nobody there knows a token of the gateway, nor how the window before was called.
  const elsewhere = await openWindow(cluster, { admissions: new Map() });
  const after = await elsewhere.python({ kernel: before.kernel });
  expect(after.interpreter.info).toMatchObject({ isResumed: true, pid: before.interpreter.info.pid });
  expect((await after.run("print(x)")).text).toBe("42\n");
  await after.interpreter.close();
});

test("a Python whose window is gone for good ends by itself", async () => {
  const window = await openWindow(cluster);
  const python = await window.python({ idleS: 2 });
  await python.run("x = 1");
  await window.close();
  const other = await openWindow(cluster);
  const runs = async (): Promise<boolean> =>
    (await other.cluster.gateway.status(signal)).children.some(({ name }) => name === python.kernel.name);
  await vi.waitFor(async () => expect(await runs()).toBe(false), { timeout: 120_000, interval: 500 });
  const next = await other.python({ kernel: python.kernel });
  expect(next.interpreter.info.isResumed).toBeUndefined();
  expect((await next.run("x")).outputs).toMatchObject([{ type: "error", name: "NameError" }]);
  await next.interpreter.close();
});
