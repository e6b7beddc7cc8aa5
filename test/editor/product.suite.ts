import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import type { EditorSuite } from "./runner.ts";

/** Shows that the extension is there, starts, and has what its manifest promises. */
export const productSuite: EditorSuite = {
  name: "Byzer Agent",
  tests: [
    { name: "is installed and activates", body: activates },
    { name: "registers every command of its manifest", body: registersCommands },
  ],
};

function product() {
  const extension = vscode.extensions.getExtension("byzer.byzer-agent");
  assert.ok(extension, "byzer.byzer-agent is not installed");
  return extension;
}

async function activates() {
  await product().activate();
  assert.equal(product().isActive, true);
}

async function registersCommands() {
  await product().activate();
  const manifest: { contributes: { commands: readonly { command: string }[] } } = product().packageJSON;
  const registered = new Set(await vscode.commands.getCommands(true));
  const wanted = manifest.contributes.commands.map(({ command }) => command);
  assert.ok(wanted.length > 0);
  assert.deepEqual(
    wanted.filter((command) => !registered.has(command)),
    [],
  );
}
