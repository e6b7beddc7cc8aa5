import { expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
const never = new AbortController().signal;

test("a program that cannot be started leaves no timer behind", async () => {
  const before = timers();
  const command = { executable: "/nowhere/program", args: [], environment: {}, timeoutMs: 60_000 };
  const result = await runCommand(command, never);
  expect(result.exitCode).toBeNull();
  expect(result.output).toContain("ENOENT");
  expect(timers()).toBe(before);
});

test("a program that takes too long is ended, and says so", async () => {
  const args = ["-e", "setInterval(() => undefined, 1000)"];
  const command = { executable: process.execPath, args, environment: process.env, timeoutMs: 100 };
  const result = await runCommand(command, never);
  expect(result).toEqual({ exitCode: null, output: "It was ended by SIGKILL (too slow)." });
});
