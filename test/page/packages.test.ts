import { expect, test } from "vitest";
import type { Push } from "../../src/agents/protocol/page.ts";
import { modelsPush, pythonPush, sessionPush } from "./fixtures.ts";
import { lacking } from "./gallery-packages.ts";
import { titled } from "./gallery-state.ts";
import { testPages } from "./opened-pages.ts";
import type { OpenedPage } from "./page-harness.ts";

const pages = testPages();

const seaborn = { module: "seaborn", name: "seaborn", known: true, similar: null };
const palars = { module: "palars", name: "palars", known: false, similar: "polars" };
const cell = { cellId: "c1" };

async function open(script: ReturnType<typeof titled>): Promise<OpenedPage> {
  const opened = await pages.open();
  const pushes: readonly Push[] = [modelsPush(), pythonPush, sessionPush(script)];
  await opened.push(...pushes);
  return opened;
}

async function answers(page: OpenedPage): Promise<readonly unknown[]> {
  return (await page.requests()).filter(({ name }) => name === "package-answer").map(({ params }) => params);
}

test("a well-known package is installed by one click; what follows is the cell's new run", async () => {
  const script = titled()
    .ask("Draw")
    .add(...lacking(seaborn, "environment"));
  const page = await open(script);
  await page.page.getByText("seaborn is not installed.").first().waitFor();
  expect(await page.page.getByText("/home/ada/projects/disasters/.venv").count()).toBe(1);
  await page.page.getByRole("button", { name: "Install seaborn and run again" }).click();
  await expect.poll(() => answers(page)).toEqual([{ cellId: "c1", decision: "install" }]);

  const before = script.events.length;
  script.add(
    { type: "package-answer", ...cell, decision: "install", how: "person" },
    { type: "package-end", ...cell, installed: true, message: "" },
    { type: "cell-run", ...cell },
    { type: "cell-output", ...cell, output: { type: "text", stream: "stdout", text: "drawn\n" } },
    { type: "cell-end", ...cell, status: "ok", durationMs: 20 },
  );
  await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(before) });
  await page.page.getByText("seaborn was installed, and the code ran again.").waitFor();
  expect(await page.page.locator(".text-output pre").textContent()).toBe("drawn");
  expect(await page.page.getByText("ModuleNotFoundError").count()).toBe(0);
});

test("a name that is not well known takes a warning and two clicks; doing without is the first choice", async () => {
  const page = await open(
    titled()
      .ask("Check")
      .add(...lacking(palars, "environment")),
  );
  await page.page.getByText("Its name resembles polars.").waitFor();
  expect(await page.page.getByRole("button", { name: /^(?:Install palars|Yes)/u }).count()).toBe(0);
  await page.page.getByRole("button", { name: "Install all the same…" }).click();
  expect(await answers(page)).toEqual([]);
  await page.page.getByRole("button", { name: "Yes, install “palars”" }).click();
  await expect.poll(() => answers(page)).toEqual([{ cellId: "c1", decision: "install" }]);
});

test("doing without is told as such", async () => {
  const page = await open(
    titled()
      .ask("Check")
      .add(...lacking(palars, "managed")),
  );
  await page.page.getByText("The system's Python is left as it is").waitFor();
  await page.page.getByRole("button", { name: "Do without" }).click();
  await expect.poll(() => answers(page)).toEqual([{ cellId: "c1", decision: "skip" }]);
});
