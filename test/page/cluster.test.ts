import { expect, test } from "vitest";
import type { ClusterState } from "../../src/agents/protocol/cluster-state.ts";
import { type KernelState, runHere, usualClusterPlace } from "../../src/agents/protocol/run-place.ts";
import { modelsPush, sessionPush } from "./fixtures.ts";
import { bigPlace, clusterCut, clusterPushes, clusterUp, kernelRuns, moved, running } from "./gallery-cluster.ts";
import { titled } from "./gallery-state.ts";
import { testPages } from "./opened-pages.ts";
import type { OpenedPage } from "./page-harness.ts";

const pages = testPages();

async function open(
  script: ReturnType<typeof titled>,
  cluster: ClusterState,
  kernel?: KernelState,
): Promise<OpenedPage> {
  const opened = await pages.open();
  await opened.push(modelsPush(), sessionPush(script), ...clusterPushes(cluster, kernel));
  return opened;
}

async function asked(page: OpenedPage, name: string): Promise<readonly unknown[]> {
  return (await page.requests()).filter((request) => request.name === name).map(({ params }) => params);
}

const item = (page: OpenedPage, name: string | RegExp) => page.page.getByRole("menuitem", { name });
const chip = (page: OpenedPage) => page.page.locator(".python-pick");

test("a session here is moved as the last one was, by one click", async () => {
  const page = await open(titled(), clusterUp);
  await chip(page).click();
  await item(page, "Run on the cluster (4 CPUs, 16 GB)").click();
  await expect.poll(() => asked(page, "place-choose")).toEqual([{ place: bigPlace }]);
});

test("where no cluster is named one is asked for; where that came to nothing, so does the rest", async () => {
  const page = await open(titled(), { status: "none" });
  await chip(page).click();
  await page.push(...clusterPushes(clusterUp));
  await item(page, "Change size…").waitFor();
  await page.push(...clusterPushes({ status: "none" }));
  await item(page, "Run on a cluster…").click();
  await expect.poll(() => asked(page, "cluster-connect")).toEqual([{}]);
  expect(await page.page.getByRole("dialog").count()).toBe(0);
  expect(await asked(page, "place-choose")).toEqual([]);
});

test("how much is asked in a form that says what is free, refuses what makes no sense, and warns of too much", async () => {
  const page = await open(titled(), clusterUp);
  await chip(page).click();
  await item(page, "Change size…").click();
  const form = page.page.getByRole("dialog", { name: "How much of the cluster" });
  await form.getByText("Free: 43.5 of 48 CPUs, 120.4 of 192 GB, 1 of 2 GPUs").waitFor();
  await form.getByText("The cluster has: fast_disk, team-a").waitFor();
  await expect.poll(() => asked(page, "cluster-look")).toEqual([{}]);
  const field = (name: string) => form.getByRole("textbox", { name });
  await field("CPUs").fill("many");
  await form.getByRole("button", { name: "Run there" }).click();
  await form.getByRole("alert").getByText("A number, such as 4 or 0.5").waitFor();
  // Less than all machines have together, more than any has.
  await field("CPUs").fill("32");
  await form.getByText("No machine of the cluster has as much").waitFor();
  await form.getByRole("button", { name: "Run there" }).click();
  expect(await asked(page, "place-choose")).toEqual([]);
  await field("CPUs").fill("2");
  await expect.poll(() => form.getByText("No machine of the cluster has as much").count()).toBe(0);
  await field("Memory, GB").fill("");
  await field("GPUs").fill("1");
  await field("Resources").fill("fast_disk=0.5");
  expect(await asked(page, "place-choose")).toEqual([]);
  await field("Resources").press("Enter");
  const place = { ...usualClusterPlace, cpus: 2, gpus: 1, custom: { fast_disk: 0.5 } };
  await expect.poll(() => asked(page, "place-choose")).toEqual([{ place }]);
  expect(await form.count()).toBe(0);
});

test("a session there says where it runs, and comes back by one click", async () => {
  const page = await open(moved(), clusterUp, kernelRuns);
  await expect.poll(() => chip(page).getAttribute("aria-label")).toBe("Cluster · 16 GB · 10.0.0.6");
  expect(await chip(page).getAttribute("title")).toContain("http://10.0.0.4:8265");
  await chip(page).click();
  await item(page, "Show Python terminal").waitFor();
  await item(page, "Run on this machine").click();
  await expect.poll(() => asked(page, "place-choose")).toEqual([{ place: runHere }]);
});

test("a cut link is said on the chip and on the cell that runs, and goes when it is whole again", async () => {
  const page = await open(running(moved()), clusterUp, kernelRuns);
  const cell = page.page.getByRole("region", { name: /cell 1/u });
  await cell.getByText("running").first().waitFor();
  await page.push(...clusterPushes(clusterCut, { ...kernelRuns, phase: "reconnecting", detail: "silence" }));
  await cell.getByText("reconnecting…").waitFor();
  await cell.getByText("The code goes on there.").waitFor();
  await expect.poll(() => chip(page).getAttribute("aria-label")).toBe("Cluster · reconnecting…");
  await page.push(...clusterPushes(clusterUp, kernelRuns));
  await expect.poll(() => chip(page).getAttribute("aria-label")).toBe("Cluster · 16 GB · 10.0.0.6");
  expect(await cell.getByText("reconnecting…").count()).toBe(0);
});

test("a cell that was written and approved while the page showed it says so, too", async () => {
  const script = running(moved());
  const begun = script.events.findIndex(({ type }) => type === "cell-run");
  const page = await pages.open();
  const early = { ...script, events: script.events.slice(0, begun) };
  await page.push(modelsPush(), sessionPush(early), ...clusterPushes(clusterUp, kernelRuns));
  const cell = page.page.locator(".cell");
  await cell.waitFor();
  await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(begun) });
  await cell.getByText("step 1").waitFor();
  await page.push(...clusterPushes(clusterCut, { ...kernelRuns, phase: "reconnecting", detail: "silence" }));
  await cell.getByText("The code goes on there.").waitFor();
});

test.each<[ClusterState, KernelState, string, string]>([
  [{ status: "off", address: "a" }, { phase: "none", detail: "" }, "Cluster · off", "The next code connects to it."],
  [clusterUp, { phase: "waiting", detail: "Wants 64 CPUs." }, "Cluster · waiting for room", "Wants 64 CPUs."],
  [clusterUp, { phase: "starting", detail: "" }, "Cluster · starting…", "4 CPUs, 16 GB"],
  [clusterUp, { phase: "ended", detail: "Killed." }, "Cluster · Python ended", "Its variables are gone."],
  [clusterUp, { ...kernelRuns, detail: "No pandas." }, "Cluster · 16 GB · 10.0.0.6", "No pandas."],
  [clusterUp, { phase: "failed", detail: "No Python." }, "Cluster · Python did not start", "No Python."],
])("what is the matter with a Python there is said (%#)", async (cluster, kernel, name, told) => {
  const page = await open(moved(), cluster, kernel);
  await expect.poll(() => chip(page).getAttribute("aria-label")).toBe(name);
  expect(await chip(page).getAttribute("title")).toContain(told);
});
