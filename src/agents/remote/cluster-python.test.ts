import { execFileSync, spawn } from "node:child_process";
import { expect, test } from "vitest";
import { clusterPython } from "./cluster-python.ts";

/** What the shell that is started by a program with this environment says. */
function said(command: string, environment: { readonly [name: string]: string }): string {
  const env = { PATH: process.env["PATH"] ?? "", ...environment };
  const inner = JSON.stringify(command).replaceAll("$", "\\$");
  // The outer shell stands for the parent of a job: the environment that it was started with is what counts.
  return execFileSync("sh", ["-c", `unset RAY_RAYLET_PID; sh -c ${inner}; true`], { env, encoding: "utf8" }).trim();
}

test.runIf(process.platform === "linux")("the Python that runs the cluster is found by the node's own program", () => {
  const raylet = spawn("sh", ["-c", "sleep 30; true", "x", "--python_worker_command=/bin/echo /x/worker.py --a=b c"]);
  try {
    const command = clusterPython("byzer_ray.deploy", "--config e30");
    expect(said(command, { RAY_RAYLET_PID: String(raylet.pid) })).toBe("-m byzer_ray.deploy --config e30");
  } finally {
    raylet.kill();
  }
});

test("where it is not named, the one on the path is taken", () => {
  const command = clusterPython("byzer_none").replace("exec ", "echo ");
  expect(said(command, {})).toBe("python -m byzer_none");
});
