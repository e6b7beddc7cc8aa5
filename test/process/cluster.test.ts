import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Admission,
  type Cluster,
  type ClusterParts,
  connectToCluster,
  hashOf,
  removeFromCluster,
} from "../../src/agents/remote/cluster.ts";
import { clusterAddress, withServePort } from "../../src/agents/remote/cluster-address.ts";
import { ClusterControl } from "../../src/agents/remote/cluster-control.ts";
import { Gateway } from "../../src/agents/remote/gateway.ts";
import { FakeGateway } from "../../src/agents/testing/fake-gateway.ts";
import { FakeRay, type SubmittedJob } from "../../src/agents/testing/fake-ray.ts";

const signal = new AbortController().signal;
const rayToken = "ray-token-canary";
let ray: FakeRay;
let gateway: FakeGateway | undefined;
let clusters: Cluster[];
let admissions: Map<string, Admission>;

beforeEach(async () => {
  ray = new FakeRay();
  await ray.listen();
  clusters = [];
  admissions = new Map();
});

afterEach(async () => {
  await Promise.all(clusters.map((cluster) => cluster.close()));
  await gateway?.close();
  gateway = undefined;
  await ray.close();
});

function partsFor(version = "0.1.0+aaaa", token: string | null = null): ClusterParts {
  return {
    // Not the usual port: a cluster of this machine could be there.
    address: withServePort(clusterAddress(`http://127.0.0.1:${ray.port}`), servePort),
    rayToken: async () => token,
    admissions: {
      get: async (dashboard) => admissions.get(dashboard),
      set: async (dashboard, admission) => {
        admissions.delete(dashboard);
        if (admission !== undefined) {
          admissions.set(dashboard, admission);
        }
      },
    },
    package: async () => ({ name: "_ray_pkg_1.zip", version, content: async () => Buffer.from("zip") }),
  };
}

async function connected(parts: ClusterParts): Promise<Cluster> {
  const cluster = await connectToCluster(parts, signal);
  clusters.push(cluster);
  return cluster;
}

/** The configuration that a deploy job was given. */
function configOf(entrypoint: string): { readonly admit: readonly string[]; readonly version: string } {
  return JSON.parse(Buffer.from(entrypoint.split(" ").at(-1) ?? "", "base64url").toString("utf8"));
}

function deployedVersion({ entrypoint }: SubmittedJob): string {
  return configOf(entrypoint).version;
}

/** Lets deploy jobs start a gateway that admits whom they name, or leave that to a job of its own. */
function deploying(admits = true): void {
  const hashes = new Set<string>();
  const admitted = (token: string) => hashes.has(hashOf(token));
  ray.run = ({ entrypoint }) => {
    const hash = / byzer_ray\.admit --hash ([0-9a-f]{64})$/u.exec(entrypoint)?.[1];
    if (hash !== undefined) {
      hashes.add(hash);
      gateway?.admit(admitted, gatewayVersion);
      return { status: "SUCCEEDED", logs: '{"ok":true}\n' };
    }
    const { admit, version } = configOf(entrypoint);
    gatewayVersion = version;
    if (admits) {
      admit.forEach((name) => hashes.add(name));
    }
    if (gateway === undefined) {
      gateway = new FakeGateway({ admitted, version });
      gateway.server.listen(servePort, "127.0.0.1");
    } else {
      gateway.admit(admitted, version);
    }
    const http = { host: "127.0.0.1", port: servePort };
    const logs = `(raylet) noise {"ok":\n${JSON.stringify({ ok: true, admitted: admits, http })}\nbye {\n`;
    return { status: "SUCCEEDED", logs };
  };
}

let gatewayVersion = "";
/** Free with all likelihood; the gateway is not there before the job that starts it. */
const servePort = 20_000 + Math.floor(Math.random() * 20_000);

describe("connecting", () => {
  test("waits for a cluster that has just started and takes no jobs yet", async () => {
    deploying();
    ray.notReadyFor = 1;
    const cluster = await connected(partsFor());
    expect(cluster.link.state.phase).toBe("up");
    expect(ray.notReadyFor).toBe(0);
  });

  test("puts ours there at the first time, and knows the way at the second", async () => {
    deploying();
    ray.token = rayToken;
    const steps: string[] = [];
    const parts = { ...partsFor("0.1.0+aaaa", rayToken), onStep: (step: string) => steps.push(step) };
    const first = await connected(parts);
    expect(steps).toEqual(["looking", "uploading", "deploying", "linking"]);
    expect(first.link.state).toMatchObject({ phase: "up", server: { version: "0.1.0+aaaa" } });
    expect(ray.packages.get("_ray_pkg_1.zip")?.toString()).toBe("zip");
    expect(ray.jobs[0]?.runtimeEnv).toEqual({ working_dir: "gcs://_ray_pkg_1.zip" });
    await first.close();

    ray.asked.length = 0;
    await connected(parts);
    expect(ray.asked).toEqual([]);
    expect(ray.jobs).toHaveLength(1);
  });

  test("says no secret to a job", async () => {
    deploying();
    ray.token = rayToken;
    await connected(partsFor("0.1.0+aaaa", rayToken));
    const secret = [...admissions.values()][0]?.token ?? "";
    expect(secret).toMatch(/^[\w-]{43}$/u);
    const told = ray.jobs.map((job) => job.text + JSON.stringify(configOf(job.entrypoint))).join("");
    expect(told).not.toContain(secret);
    expect(told).not.toContain(rayToken);
    expect(told).toContain(hashOf(secret));
  });

  test("an older gateway is replaced, a newer one is left", async () => {
    deploying();
    await (await connected(partsFor("0.1.0+aaaa"))).close();
    await (await connected(partsFor("0.1.0+bbbb"))).close();
    await (await connected(partsFor("0.2.0+cccc"))).close();
    await connected(partsFor("0.1.9+dddd"));
    const versions = ray.jobs.filter(({ entrypoint }) => entrypoint.includes("deploy")).map(deployedVersion);
    expect(versions).toEqual(["0.1.0+aaaa", "0.1.0+bbbb", "0.2.0+cccc"]);
    expect(ray.jobs.at(-1)?.entrypoint).toContain("deploy");
  });

  test("a machine whose token is no longer known is admitted again, with the same one", async () => {
    deploying();
    await (await connected(partsFor())).close();
    const before = [...admissions.values()];
    gateway?.admit(() => false, "0.1.0+aaaa");
    const steps: string[] = [];
    await connected({ ...partsFor(), onStep: (step) => steps.push(step) });
    expect(steps).toEqual(["looking", "uploading", "admitting", "linking"]);
    expect(ray.jobs).toHaveLength(2);
    expect([...admissions.values()]).toEqual(before);
  });

  test("a job of its own admits a machine where deploying did not", async () => {
    deploying(false);
    await connected(partsFor());
    expect(ray.jobs.map(({ entrypoint }) => / -m (\S+)/u.exec(entrypoint)?.[1])).toEqual([
      "byzer_ray.deploy",
      "byzer_ray.admit",
    ]);
  });
});

function failure(parts: ClusterParts): Promise<unknown> {
  return connectToCluster(parts, signal).catch((error: unknown) => error);
}

/** What comes of a job that says so. */
function outcomeOf(result: object): Promise<unknown> {
  ray.run = () => ({ status: "FAILED", logs: `${JSON.stringify({ ok: false, message: "Said.", ...result })}\n` });
  return failure(partsFor());
}

describe("what is missing is said", () => {
  test("nobody there", async () => {
    const parts = partsFor();
    await ray.close();
    expect(await failure(parts)).toMatchObject({ code: "remote.unreachable" });
    await ray.listen();
  });

  test("no token, and a wrong one", async () => {
    ray.token = rayToken;
    expect(await failure(partsFor())).toMatchObject({ code: "remote.token-missing" });
    const wrong = await failure(partsFor("1+a", "wrong"));
    expect(wrong).toMatchObject({ code: "remote.token-wrong" });
    expect(String(wrong)).not.toContain("wrong-");
  });

  test.each(["2.40.0", "3.0.0"])("Ray %s", async (version) => {
    ray.version = version;
    expect(await failure(partsFor())).toMatchObject({ code: "remote.ray-version", details: { found: version } });
    expect(ray.jobs).toEqual([]);
  });

  test("no Serve, and another one's application at our place, which is left alone", async () => {
    ray.applications = { shop: { route_prefix: "/byzer" }, other: { route_prefix: "/" } };
    expect(await failure(partsFor())).toMatchObject({ code: "remote.prefix-taken", details: { application: "shop" } });
    ray.hasServe = false;
    expect(await failure(partsFor())).toMatchObject({ code: "remote.serve-missing" });
    expect(ray.jobs).toEqual([]);
  });

  test("a head that is full, in words, before anything is put there", async () => {
    deploying();
    ray.memory = [16e9, 1.5e9, 90.6, 14.5e9];
    const full = await failure(partsFor());
    const details = { address: `http://127.0.0.1:${ray.port}`, free: "0.7 GB", total: "16 GB", needed: "1.0 GB" };
    expect(full).toMatchObject({ code: "remote.memory", details });
    expect(full).toMatchObject({ message: expect.stringContaining("0.7 GB of its 16 GB of memory left") });
    expect([ray.packages.size, ray.jobs.length]).toEqual([0, 0]);
  });

  test.each([
    ["has room", [16e9, 2e9, 87.5, 14e9] as const, {}],
    ["has not told yet what it has", null, {}],
    ["runs ours already", [16e9, 0.5e9, 96.9, 15.5e9] as const, { byzer: { route_prefix: "/byzer" } }],
  ])("no head that %s", async (_, memory, applications) => {
    deploying();
    ray.memory = memory;
    ray.applications = applications;
    expect((await connected(partsFor())).link.state.phase).toBe("up");
  });

  test("what a job finds out", async () => {
    expect(await outcomeOf({ code: "python-version", values: { found: "3.8.1" } })).toMatchObject({
      code: "remote.python-version",
      details: { found: "3.8.1" },
    });
    expect(await outcomeOf({ code: "prefix-taken", values: { application: "x" } })).toMatchObject({
      code: "remote.prefix-taken",
    });
    expect(await outcomeOf({ code: "serve-missing" })).toMatchObject({ code: "remote.serve-missing" });
    expect(await outcomeOf({ code: "memory" })).toMatchObject({ code: "remote.resources" });
    expect(await outcomeOf({})).toMatchObject({ code: "remote.job-failed", message: expect.stringContaining("Said.") });
  });

  test("a Serve that somebody has started for its own machine only", async () => {
    const http = { host: "127.0.0.1", port: 8000 };
    ray.run = () => ({ status: "SUCCEEDED", logs: `${JSON.stringify({ ok: true, admitted: true, http })}\n` });
    // An address of this machine that is none of its loopback, as far as can be told from it.
    const parts = { ...partsFor(), address: withServePort(clusterAddress(`http://0.0.0.0:${ray.port}`), servePort) };
    const details = { address: `http://0.0.0.0:${ray.port}`, serve: "127.0.0.1:8000" };
    expect(await failure(parts)).toMatchObject({ code: "remote.serve-local", details });
    expect(admissions.size).toBe(0);
  });

  test("a job that dies without a word", async () => {
    ray.run = () => ({ status: "FAILED", logs: "Traceback: no module\n", message: "exit 1" });
    expect(await failure(partsFor())).toMatchObject({
      code: "remote.job-failed",
      details: { tail: "Traceback: no module" },
    });
    ray.run = () => ({ status: "FAILED", logs: "", message: "runtime_env setup failed" });
    expect(await failure(partsFor())).toMatchObject({ details: { tail: "runtime_env setup failed" } });
  });

  test("somebody else's server", async () => {
    ray.version = "";
    expect(await failure(partsFor())).toMatchObject({ code: "remote.ray-version" });
    const stranger = new FakeGateway({ token: "x" });
    await stranger.listen();
    const parts = { ...partsFor(), address: withServePort(clusterAddress(`127.0.0.1:${stranger.port}`), servePort) };
    expect(await failure(parts)).toMatchObject({ code: "remote.not-ray" });
    await stranger.close();
  });
});

test("a job that goes on for too long is stopped there, and one that is given up, too", async () => {
  ray.run = () => ({ status: "RUNNING", logs: "" });
  const control = new ClusterControl({ address: `http://127.0.0.1:${ray.port}`, token: async () => null });
  const job = { verb: "deploy", entrypoint: "x", packageUri: "gcs://x.zip", timeoutMs: 100 };
  await expect(control.run(job, signal)).rejects.toMatchObject({ code: "remote.timeout" });
  expect(ray.stopped).toHaveLength(1);
  const giveUp = new AbortController();
  const given = control.run({ ...job, timeoutMs: 60_000 }, giveUp.signal);
  given.catch(() => undefined);
  await expect.poll(() => ray.jobs.length, { timeout: 60_000 }).toBe(2);
  giveUp.abort(new Error("Given up."));
  await expect(given).rejects.toThrow("Given up.");
  expect(ray.stopped).toHaveLength(2);
});

test("removing everything is a job, and forgets the admission", async () => {
  deploying();
  await (await connected(partsFor())).close();
  ray.run = () => ({ status: "SUCCEEDED", logs: '{"ok":true,"removed":{"application":true,"actors":2}}\n' });
  await removeFromCluster(partsFor(), signal);
  expect(ray.jobs.at(-1)?.entrypoint).toMatch(/ -m byzer_ray\.remove$/u);
  expect(admissions.size).toBe(0);
});

describe("contents by hash", () => {
  const blobs = new Map<string, Buffer>();
  let folder: string;
  let store: Gateway;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "byzer-blobs-"));
    blobs.clear();
    gateway = new FakeGateway({ token: "t", blobs });
    await gateway.listen();
    store = new Gateway({ address: `http://127.0.0.1:${gateway.port}`, token: async () => "t" });
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("a file is put once and fetched whole", async () => {
    const content = Buffer.alloc(3_000_000, "byzer ");
    const sha256 = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(folder, "in"), content);
    expect(await store.put(join(folder, "in"), sha256, signal)).toBe(true);
    expect(await store.put(join(folder, "in"), sha256, signal)).toBe(false);
    await store.fetch(sha256, join(folder, "out"), signal);
    expect(readFileSync(join(folder, "out")).equals(content)).toBe(true);
  });

  test("what is not there, or not what it should be, leaves no file behind", async () => {
    const absent = "0".repeat(64);
    await expect(store.fetch(absent, join(folder, "out"), signal)).rejects.toMatchObject({ code: "remote.file" });
    blobs.set(absent, Buffer.from("something else"));
    await expect(store.fetch(absent, join(folder, "out"), signal)).rejects.toMatchObject({ code: "remote.file" });
    expect(() => readFileSync(join(folder, "out"))).toThrow();
    writeFileSync(join(folder, "in"), "x");
    await expect(store.put(join(folder, "in"), "1".repeat(64), signal)).rejects.toMatchObject({ code: "remote.file" });
    await expect(store.put(join(folder, "gone"), "2".repeat(64), signal)).rejects.toMatchObject({
      code: "remote.file",
    });
  });
});
