import { describe, expect, test, vi } from "vitest";
import type { PackageRequest } from "../ports/package-care.ts";
import type { MissingPackage } from "../protocol/package-offer.ts";
import { commandPackages } from "./command-packages.ts";

const { signal } = new AbortController();
const seaborn = { module: "seaborn", name: "seaborn", known: true, similar: null };
const palars = { module: "palars", name: "palars", known: false, similar: "polars" };

function request(missing: MissingPackage): PackageRequest {
  return { turnId: "t", cellId: "c", package: missing, place: { kind: "environment", folder: "/venv" } };
}

function care(yes: boolean, reply?: string) {
  const err = vi.fn<(text: string) => void>();
  const ask = vi.fn((_question: string) => Promise.resolve(reply ?? ""));
  const streams = { out: vi.fn(), err, ask: reply === undefined ? undefined : ask };
  const packages = commandPackages({ yes, streams, managedFolder: "/managed", use: vi.fn() });
  return { packages, err, ask };
}

describe("a well-known package", () => {
  test("is installed by --yes without a question", async () => {
    const { packages, ask } = care(true, "n");
    expect(await packages.ask(request(seaborn), signal)).toEqual({ decision: "install", how: "command-line" });
    expect(ask).not.toHaveBeenCalled();
  });

  test.each([
    ["y", "install"],
    ["n", "skip"],
    ["", "skip"],
  ])("is asked for at the terminal, with the folder it goes to: %j", async (reply, decision) => {
    const { packages, ask } = care(false, reply);
    expect(await packages.ask(request(seaborn), signal)).toEqual({ decision, how: "person" });
    expect(ask.mock.calls[0]?.[0]).toContain("Install it into /venv");
  });

  test("is not installed where nobody is there to ask", async () => {
    const { packages, err } = care(false);
    expect(await packages.ask(request(seaborn), signal)).toEqual({ decision: "skip", how: "command-line" });
    expect(err).toHaveBeenCalledWith(expect.stringContaining("With --yes"));
  });
});

describe("another one", () => {
  test.each([
    ["palars", "install"],
    ["y", "skip"],
    ["polars", "skip"],
  ])("takes its own name for a yes, even with --yes: %j", async (reply, decision) => {
    const { packages, ask } = care(true, reply);
    expect((await packages.ask(request(palars), signal)).decision).toBe(decision);
    expect(ask.mock.calls[0]?.[0]).toContain("It resembles polars.");
  });

  test("is never installed by --yes alone", async () => {
    const { packages, err } = care(true);
    expect((await packages.ask(request(palars), signal)).decision).toBe("skip");
    expect(err).toHaveBeenCalledWith(expect.stringContaining("made the name up"));
  });
});
