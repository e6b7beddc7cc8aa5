#!/usr/bin/env node
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The oldest Node that can run the product: `node:sqlite` with full-text search, and the model client. */
const oldestNode = [22, 16] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) {
  const { main } = await import("./byzer.ts");
  process.exitCode = await main(process.argv.slice(2));
} else {
  runWithNewerNode();
}

/** Starts the same command with the newer Node that the npm package `node` brought, or says where to get one. */
function runWithNewerNode(): void {
  const self = import.meta.filename;
  const name = process.platform === "win32" ? "node.exe" : "node";
  const candidates = [process.env["BYZER_NODE"], join(import.meta.dirname, "..", "node_modules", "node", "bin", name)];
  const node = candidates.find((path) => path !== undefined && existsSync(path));
  if (node === undefined) {
    const message = `byzer needs Node ${oldestNode.join(".")} or newer; this is ${process.versions.node}. Install a newer Node, run "npm ci" beside this program (which brings one), or name one in BYZER_NODE.`;
    process.stderr.write(`${message}\n`);
    if (process.argv.includes("--json")) {
      process.stdout.write(`${JSON.stringify({ error: { code: "cli.node", message } })}\n`);
    }

    process.exitCode = 1;
    return;
  }

  const child = spawn(node, [self, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // The terminal sends Ctrl-C to both; this one only has to outlive the other.
    process.on(signal, () => (signal === "SIGINT" ? undefined : child.kill(signal)));
  }

  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}
