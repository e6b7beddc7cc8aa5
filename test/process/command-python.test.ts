import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandPython } from "../../src/agents/host/command-python.ts";

const streams = { out: () => undefined, err: () => undefined, ask: undefined };
const never = new AbortController().signal;
const request = { title: "t", workingDirectory: tmpdir(), outputDirectory: tmpdir(), memoryLimitBytes: 0 };

test("a Python that is named and cannot be used is an error, and no other takes its place", async () => {
  const path = join(tmpdir(), "no-such-python");
  const message = expect.stringContaining(`--python names ${path}, which could not be run`);
  const started = commandPython({ path, mayInstall: false, streams }).start(request, never);
  await expect(started).rejects.toMatchObject({ code: "python.unusable", message });
});
