import { strict as assert } from "node:assert";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { type SessionEvent, sessionEventSchema } from "../../src/agents/protocol/session-event.ts";
import type { EditorSuite, EditorTestContext } from "./runner.ts";

const extensionId = "byzer.byzer-agent";
const data = process.env["BYZER_EDITOR_DATA"] ?? "";

/** "Analyze this CSV" without a model: sessions, data cards, files that change. */
export const analyzeSuite: EditorSuite = {
  name: "Analyze this CSV",
  tests: [
    { name: "starts a session with the profile of the file, and shows it", body: analyzes },
    { name: "takes several selected files into one session", body: analyzesSeveral },
    { name: "reads a file again when it has changed, and says so when it is gone", body: noticesChanges },
    { name: "does not start a second session on files that are shown", body: keepsSession },
    { name: "keeps no session in which nothing was asked", body: dropsUnasked },
    { name: "refuses a file that is not on a disk, and starts no session", body: refusesVirtual },
  ],
};

async function analyzes({ until, driver }: EditorTestContext): Promise<void> {
  const uri = newTable("first.csv", "city,sold\nBerlin,3\nHangzhou,5\n");
  await vscode.commands.executeCommand("byzer.analyzeFile", uri);
  await until("the profile is in the session file", () => profilesOf(uri).length > 0);
  const profile = profilesOf(uri).at(-1);
  assert.deepEqual([profile?.rowCount, profile?.columns.map(({ name }) => name)], [2, ["city", "sold"]]);
  await driver().waitFor({ webview: extensionId, selector: "text=first.csv", timeoutMs: 20_000 });
  await driver().waitFor({ webview: extensionId, selector: "text=sold", timeoutMs: 20_000 });
}

async function analyzesSeveral({ until }: EditorTestContext): Promise<void> {
  const one = newTable("one.csv", "a\n1\n");
  const two = newTable("two.tsv", "b\tc\n1\t2\n");
  await vscode.commands.executeCommand("byzer.analyzeFile", one, [one, two]);
  await until("both profiles are there", () => profilesOf(one).length > 0 && profilesOf(two).length > 0);
  assert.equal(sessionsWith(one).length, 1);
  assert.deepEqual(sessionsWith(one), sessionsWith(two));
}

async function noticesChanges({ until }: EditorTestContext): Promise<void> {
  const uri = newTable("growing.csv", "n\n1\n");
  await vscode.commands.executeCommand("byzer.analyzeFile", uri);
  await until("the first profile is there", () => profilesOf(uri).at(-1)?.rowCount === 1);
  writeFileSync(uri.fsPath, "n\n1\n2\n3\n");
  await until("the longer file was read", () => profilesOf(uri).at(-1)?.rowCount === 3, 20_000);
  await vscode.workspace.fs.delete(uri);
  await until("its absence is told", () => problemsOf(uri).includes("table.not-found"), 20_000);
}

async function keepsSession({ until }: EditorTestContext): Promise<void> {
  const uri = newTable("again.csv", "n\n1\n");
  await vscode.commands.executeCommand("byzer.analyzeFile", uri);
  await until("the profile is there", () => profilesOf(uri).length > 0);
  const before = profilesOf(uri).length;
  await vscode.commands.executeCommand("byzer.analyzeFile", uri);
  await until("it was read again", () => profilesOf(uri).length > before);
  assert.equal(sessionsWith(uri).length, 1);
}

async function dropsUnasked({ until }: EditorTestContext): Promise<void> {
  const left = newTable("left.csv", "n\n1\n");
  const next = newTable("next.csv", "n\n2\n");
  await vscode.commands.executeCommand("byzer.analyzeFile", left);
  await until("the first profile is there", () => profilesOf(left).length > 0);
  await vscode.commands.executeCommand("byzer.analyzeFile", next);
  await until("the second profile is there", () => profilesOf(next).length > 0);
  await until("the first session is gone", () => sessionsWith(left).length === 0);
  assert.equal(sessionsWith(next).length, 1);
}

async function refusesVirtual(): Promise<void> {
  const before = sessionFiles().length;
  await vscode.commands.executeCommand("byzer.analyzeFile", vscode.Uri.parse("untitled:/nowhere.csv"));
  assert.equal(sessionFiles().length, before);
}

function newTable(name: string, text: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  assert.ok(folder, "no folder is open");
  const path = join(folder, name);
  writeFileSync(path, text);
  return vscode.Uri.file(path);
}

function sessionFiles(): readonly string[] {
  assert.ok(existsSync(data), "BYZER_EDITOR_DATA names no folder");
  return globSync(join(data, "**", extensionId, "sessions", "*", "*", "events.jsonl"));
}

/** Whole lines only: the last one may be half written. None where the session has gone meanwhile. */
function eventsIn(file: string): readonly SessionEvent[] {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
  return lines.map((line) => sessionEventSchema.parse(JSON.parse(line)));
}

function sessionsWith({ fsPath }: vscode.Uri): readonly string[] {
  return sessionFiles().filter((file) =>
    eventsIn(file).some((event) => event.type === "file-attach" && event.path === fsPath),
  );
}

/** Profiles of the whole file, in the order in which they were made. */
function profilesOf({ fsPath }: vscode.Uri) {
  return sessionFiles().flatMap((file) =>
    eventsIn(file).flatMap((event) =>
      event.type === "file-profile" && event.path === fsPath && event.profile.complete ? [event.profile] : [],
    ),
  );
}

function problemsOf({ fsPath }: vscode.Uri): readonly string[] {
  return sessionFiles().flatMap((file) =>
    eventsIn(file).flatMap((event) =>
      event.type === "file-problem" && event.path === fsPath ? [event.problem.code] : [],
    ),
  );
}
