import { strict as assert } from "node:assert";
import { createServer, type Socket } from "node:net";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { EditorSuite, EditorTestContext } from "./runner.ts";

const webview = "byzer-test.editor-probe";

/** Shows that the editor under the other suites does what they rely on. */
export const probeSuite: EditorSuite = {
  name: "The test editor",
  tests: [
    { name: "activates an extension under development", body: activates },
    { name: "shows a webview view that answers to clicks and text", body: answers },
    { name: "makes the sidebar 300 px wide and takes a picture", body: takesPicture },
    { name: "runs a program as a terminal's own process, with a tty and a socket back", body: runsTerminal },
    { name: "keeps what a log output channel is told", body: keepsLog },
  ],
};

async function activates() {
  const extension = vscode.extensions.getExtension(webview);
  assert.ok(extension, "the probe extension is not there");
  const { clicks } = await extension.activate();
  assert.equal(clicks(), 0);
}

async function answers({ driver }: EditorTestContext) {
  const page = driver();
  await vscode.commands.executeCommand("probe.open", vscode.Uri.file("/nowhere/table.csv"));
  await page.waitFor({ webview, selector: "#opened:text-is('table.csv')" });
  await page.click({ webview, selector: "#count" });
  await page.waitFor({ webview, selector: "#total:text-is('1')" });
  await page.enter({ webview, selector: "#field" }, "grün 表");
  await page.waitFor({ webview, selector: "#echo:text-is('GRÜN 表')" });
  assert.equal(await page.evaluate("document.querySelector('#field').value", webview), "grün 表");
  await assert.rejects(page.text({ webview, selector: "#absent", timeoutMs: 200 }), /did not text/);
}

async function takesPicture({ driver }: EditorTestContext) {
  const page = driver();
  await vscode.commands.executeCommand("probe.open");
  await page.setSidebarWidth(300);
  const folder = mkdtempSync(join(tmpdir(), "byzer-picture-"));
  try {
    await page.screenshot(join(folder, "window.png"));
    assert.equal(readFileSync(join(folder, "window.png")).subarray(1, 4).toString(), "PNG");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runsTerminal({ until }: EditorTestContext) {
  let received = "";
  let dialed: Socket | undefined;
  const server = createServer((socket) => {
    dialed = socket;
    socket.on("data", (chunk) => {
      received += chunk.toString();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const program = `require("net").connect(${port}, "127.0.0.1").write(JSON.stringify({ tty: process.stdin.isTTY }))`;
  const terminal = vscode.window.createTerminal({
    name: "probe",
    shellPath: process.execPath,
    shellArgs: ["-e", program],
    env: { ELECTRON_RUN_AS_NODE: "1" },
  });
  try {
    await until("the program dials back", () => received.length > 0);
    assert.deepEqual(JSON.parse(received), { tty: true });
  } finally {
    dialed?.destroy();
    server.close();
    terminal.dispose();
  }
}

async function keepsLog({ driver, until }: EditorTestContext) {
  const page = driver();
  const channel = vscode.window.createOutputChannel("Probe Log", { log: true });
  try {
    channel.info("a line for the log");
    channel.show();
    await until("the Output view shows the line", async () => {
      const shown = await page.text({ selector: ".part.panel .output-view .view-lines" });
      return shown.replaceAll("\u00A0", " ").includes("a line for the log");
    });
  } finally {
    channel.dispose();
  }
}
