import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { FilesOutput } from "../../src/agents/protocol/cell-output.ts";
import { startModelServer } from "../../src/agents/testing/model-server.ts";
import { said } from "../../src/agents/testing/server-answers.ts";
import { runCommandLine } from "../process/command-line.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { type TestCell, openWindow } from "./test-window.ts";

const cluster = sharedCluster();

test("what code writes there is here: new files, a picture, a changed file, also when the cell fails or is stopped", async () => {
  const window = await openWindow(cluster);
  const python = await window.python();
  const here = (path: string): string => join(python.folder, "work", path);
  writeFileSync(here("sales.csv"), "region,sum\nN,1\n");
  writeFileSync(here("not named.csv"), "mine");

  const written = await python.run(`
import os
import matplotlib.pyplot as plt
with open("sales.csv") as file: rows = file.read()
with open("by_region.csv", "w") as file: file.write("region,sum\\nN,1\\nS,2\\n")
with open("sales.csv", "a") as file: file.write("S,2\\n")
os.makedirs("图", exist_ok=True)
plt.plot([1, 2]); plt.savefig("图/图 表.png"); plt.close()
for name in ["not named", "by loop"]:
    with open(f"{name}.csv", "w") as file: file.write("theirs")
with open("large.bin", "wb") as file: file.truncate(500_000_001)
`);
  expect(written.status).toBe("ok");
  expect(readFileSync(here("by_region.csv"), "utf8")).toBe("region,sum\nN,1\nS,2\n");
  expect(readFileSync(here("sales.csv"), "utf8")).toBe("region,sum\nN,1\nS,2\n");
  expect(readFileSync(here("图/图 表.png")).subarray(1, 4).toString()).toBe("PNG");
  expect(readFileSync(here("not named.csv"), "utf8")).toBe("mine");
  const told = filesOf(written);
  expect(told?.brought.map(({ path }) => path)).toEqual(["by loop.csv", "by_region.csv", "sales.csv", "图/图 表.png"]);
  expect(told?.left.map(({ path, why }) => [path, why]).toSorted()).toEqual([
    ["large.bin", "size"],
    ["not named.csv", "exists"],
  ]);
  expect(told?.node).toBe(python.interpreter.info.node);
  // Where it is said to lie, it lies.
  expect(
    (await python.run(`import os\nprint(os.path.getsize(${JSON.stringify(`${told?.folder}/large.bin`)}))`)).text,
  ).toBe("500000001\n");

  // What came is not written by the next cell, which reads it.
  const reading = await python.run("print(open('by_region.csv').read(), open('sales.csv').read())");
  expect([reading.text, filesOf(reading)]).toEqual(["region,sum\nN,1\nS,2\n region,sum\nN,1\nS,2\n\n", undefined]);

  const failed = await python.run("open('half.txt', 'w').write('half')\n1/0");
  expect([failed.status, readFileSync(here("half.txt"), "utf8")]).toEqual(["error", "half"]);

  const stopping = new AbortController();
  const stopped = await python.run(
    "import time\nopen('until.txt', 'w').write('then')\nprint('on', flush=True)\ntime.sleep(60)",
    { signal: stopping.signal, started: () => stopping.abort() },
  );
  expect([stopped.status, readFileSync(here("until.txt"), "utf8")]).toEqual(["interrupted", "then"]);

  const ended = await python.run("import os\nopen('last.txt', 'w').write('words')\nos._exit(3)");
  expect([ended.status, readFileSync(here("last.txt"), "utf8")]).toEqual(["exited", "words"]);
});

test("what is written while no window is there is here when one is again", async () => {
  const first = await openWindow(cluster);
  const before = await first.python();
  const started = Promise.withResolvers<void>();
  const code = "import time\nprint('on', flush=True)\ntime.sleep(3)\nopen('later.csv', 'w').write('a')";
  const unheard = before.run(code, { started: started.resolve });
  await started.promise;
  await before.interpreter.leave?.();
  await first.close();
  expect((await unheard).outputs.filter(({ type }) => type === "files")).toEqual([]);
  await wait(5000);
  const target = join(before.folder, "work", "later.csv");
  expect(existsSync(target)).toBe(false);

  const second = await openWindow(cluster);
  const after = await second.python({ kernel: before.kernel, folder: before.folder });
  const told = filesOf(await after.run("1"));
  expect(told?.brought).toEqual([{ path: "later.csv", sizeBytes: 1 }]);
  expect(readFileSync(target, "utf8")).toBe("a");
  expect(filesOf(await after.run("2"))).toBeUndefined();
});

test("byzer analyze saves a file on the cluster and has it here, and the model is told so", async () => {
  const [folder, home] = [newFolder(), newFolder()];
  const server = await startModelServer();
  onTestFinished(() => server.close());
  writeFileSync(join(folder, "sales.csv"), "region,sum\nN,1\nS,2\nN,3\n");
  const code = "import pandas as pd\npd.read_csv('sales.csv').groupby('region').sum().to_csv('by_region.csv')";
  server.expectChat(
    said(`I save it.\n\n\`\`\`python\n${code}\n\`\`\``),
    said('{"verdict": "approve", "comment": "as asked"}'),
    said("Saved by_region.csv."),
  );
  const args = ["analyze", "sales.csv", "-q", "Save sums by region as by_region.csv", "--yes", "--json"];
  const models = ["--base-url", server.baseUrl, "--model", "m", "--agent", "assistant_agent"];
  const where = ["--ray", cluster.dashboard, "--sessions", join(home, "sessions")];
  const ended = await runCommandLine([...args, ...models, ...where], {
    cwd: folder,
    env: { HOME: home, RAY_AUTH_TOKEN: cluster.token },
  });
  expect({ code: ended.code, err: ended.code === 0 ? "" : ended.err + ended.out }).toEqual({ code: 0, err: "" });
  expect(readFileSync(join(folder, "by_region.csv"), "utf8")).toBe("region,sum\nN,4\nS,2\n");
  expect(ended.out).toContain("Written on the cluster, and now in the working folder: by_region.csv.");
  expect(JSON.stringify(server.requests.at(-1)?.body)).toContain("now in the working folder: by_region.csv.");
  expect(JSON.stringify(server.requests[0]?.body)).toContain("not on the user's machine");
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "byzer-ray-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function filesOf({ outputs }: TestCell): FilesOutput | undefined {
  return outputs.find((output) => output.type === "files");
}
