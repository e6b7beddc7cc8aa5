import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { createOpenAiEmbedder } from "../../src/agents/models/openai-embedder.ts";
import type { IndexCarrier } from "../../src/agents/ports/index-carrier.ts";
import type { IndexReport, Passage } from "../../src/agents/ports/passage-index.ts";
import type { IndexJobProgress } from "../../src/agents/protocol/index-job.ts";
import { type Admission, type Cluster, connectToCluster } from "../../src/agents/remote/cluster.ts";
import { clusterAddress } from "../../src/agents/remote/cluster-address.ts";
import { readClusterPackage } from "../../src/agents/remote/cluster-package.ts";
import { createIndexCarrier } from "../../src/agents/remote/index-carrier.ts";
import type { CarriedPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import { createPostgresPassageIndex } from "../../src/agents/retrieval/postgres/postgres-passage-index.ts";
import { runCommandLine } from "../process/command-line.ts";
import { type FakeEmbeddingServer, startEmbeddingServer } from "../process/embedding-server.ts";
import { findPostgres, type PostgresServer, startPostgres } from "../process/postgres-server.ts";
import { sampleFiles, sampleQueries } from "../process/shared-index.ts";
import { sharedCluster } from "./shared-cluster.ts";

const ray = sharedCluster();
const never = new AbortController().signal;
/** Files, which make six tasks. */
const many = 96;
const key = "sk-canary-of-embeddings-0123456789";
const found = findPostgres();
const missing = "missing" in found ? found.missing : null;

let folder = "";
let server: PostgresServer;
let embeddings: FakeEmbeddingServer;
let cluster: Cluster;
const indexes: CarriedPassageIndex[] = [];
const admissions = new Map<string, Admission>();

async function connected(): Promise<Cluster> {
  return await connectToCluster(
    {
      address: clusterAddress(ray.dashboard),
      rayToken: () => Promise.resolve(ray.token),
      admissions: {
        get: (name) => Promise.resolve(admissions.get(name)),
        set: (name, one) =>
          Promise.resolve(void (one === undefined ? admissions.delete(name) : admissions.set(name, one))),
      },
      package: () => readClusterPackage(resolve("dist", "ray")),
    },
    never,
  );
}

/** Has the cluster do updates, and keeps what it says. */
function carrierOf(seen: IndexJobProgress[] = []): IndexCarrier {
  const carrier = createIndexCarrier({
    cluster: () => Promise.resolve(cluster),
    parallel: 3,
    idleS: 60,
    onWaiting: () => undefined,
  });
  return {
    carry: (order, signal) =>
      carrier.carry(
        {
          ...order,
          onProgress: (progress) => {
            seen.push(progress);
            order.onProgress(progress);
          },
        },
        signal,
      ),
  };
}

const urlOf = (corpus: string): string => `${server.url("team")}?corpus=${corpus}&sslmode=disable`;

function openIndex(corpus: string): CarriedPassageIndex {
  const memory = mkdtempSync(join(folder, "memory-"));
  const index = createPostgresPassageIndex({ url: urlOf(corpus), password: server.password, folder: memory });
  indexes.push(index);
  index.useEmbedder(
    createOpenAiEmbedder({ baseUrl: embeddings.baseUrl, model: "letters", readKey: () => Promise.resolve(key) }),
  );
  return index;
}

function write(root: string, files: { readonly [path: string]: string | Buffer }): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

const carry = (index: CarriedPassageIndex, root: string, seen: IndexJobProgress[] = []): Promise<IndexReport> =>
  index.carry({ root }, { carrier: carrierOf(seen), onNotice: () => undefined }, never);

const placesOf = (passages: readonly Passage[]): readonly string[] =>
  passages.map(({ path, start, end, page, place, score, text }) =>
    JSON.stringify([path, start, end, page, place, score, text]),
  );

/** Texts of which many are equal, so that only their places tell them apart. */
function manyFiles(count: number): { readonly [path: string]: string } {
  const numbers = Array.from({ length: count }, (_, at) => at);
  return Object.fromEntries(
    numbers.map((at) => [
      `part-${at % 7}/note-${at}.md`,
      `# Valve ${at % 5}\n\nThe valve opens at ${at % 5} bar.\n\n${`Turn it gently, number ${at}. `.repeat(40)}\n`,
    ]),
  );
}

async function pathsOf(corpus: string): Promise<readonly string[]> {
  const rows = await server.sql("team", `SELECT path FROM "byzer_${corpus}".file ORDER BY path`);
  return rows.map(({ path }) => String(path));
}

describe.skipIf(missing !== null)(
  `an index made on a cluster${missing === null ? "" : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "index-"));
      server = await startPostgres("bin" in found ? found.bin : "", ray.network.address);
      await server.sql("postgres", "CREATE DATABASE team");
      await server.sql("team", "CREATE EXTENSION IF NOT EXISTS vector");
      embeddings = await startEmbeddingServer(ray.network.address);
      cluster = await connected();
    });

    afterAll(async () => {
      await Promise.all(indexes.map((index) => index.dispose()));
      await cluster?.close();
      await embeddings?.close();
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test("a folder of this machine: read on several nodes, found as the local index finds it", async () => {
      const root = join(folder, "handbook");
      write(root, { ...sampleFiles(), ...manyFiles(60), "broken.pdf": "%PDF-1.7 no more", "keys/id_rsa": "PRIVATE" });
      const [here, there] = [openIndex("here"), openIndex("there")];
      const local = await here.update({ root }, never);
      await here.whenEmbedded(root, never);
      const seen: IndexJobProgress[] = [];
      const carried = await carry(there, root, seen);
      await there.whenEmbedded(root, never);
      const { files, passages, added, leftOut } = local;
      expect(carried).toMatchObject({ files, passages, added, leftOut, changed: 0, removed: 0, unchanged: 0 });
      expect(leftOut.map(({ path, reason }) => [path, reason])).toEqual([
        ["broken.pdf", "broken"],
        ["keys/id_rsa", "secret"],
      ]);
      expect(Object.keys(seen.at(-1)?.nodes ?? {}).length).toBeGreaterThanOrEqual(2);
      expect((await there.status(root)).embedded).toBe(passages);
      for (const text of [...sampleQueries, "valve bar", "which valve opens gently"]) {
        const query = { root, text, top: 8 };
        // oxlint-disable-next-line no-await-in-loop -- one query after the other
        const [expected, given] = await Promise.all([here.search(query, never), there.search(query, never)]);
        expect(expected.length, text).toBeGreaterThan(0);
        expect(placesOf(given), text).toEqual(placesOf(expected));
      }
    });

    test("what is as it was is not read again, and what is gone is removed", async () => {
      const root = join(folder, "handbook");
      const there = indexes[1];
      const before = await pathsOf("there");
      write(root, { "docs/bees.md": "# Bees\n\nThey sleep in winter.\n", "new.md": "Something new.\n" });
      rmSync(join(root, "docs", "glass.md"));
      expect(await carry(there ?? openIndex("there"), root)).toMatchObject({ added: 1, changed: 1, removed: 1 });
      expect(await pathsOf("there")).toEqual(
        [...before.filter((path) => path !== "docs/glass.md"), "new.md"].toSorted(),
      );
      // A machine that has never seen these files knows them by their content.
      const elsewhere = openIndex("there");
      const again = await carry(elsewhere, root);
      expect(again).toMatchObject({ added: 0, changed: 0, removed: 0, readBytes: 0 });
      expect(again.unchanged).toBe(again.files + again.leftOutFiles);
    });

    test("a place of the cluster, by the command line: indexed there, searched without it", async () => {
      const root = join(folder, "handbook");
      const env = {
        HOME: folder,
        RAY_AUTH_TOKEN: ray.token,
        PGPASSWORD: server.password,
        BYZER_INDEX_URL: urlOf("place"),
      };
      const args = ["index", `cluster:${root}`, "--json"];
      const first = await runCommandLine(["--ray", ray.dashboard, ...args], { env });
      expect({ code: first.code, err: first.code === 0 ? "" : first.err + first.out }).toEqual({ code: 0, err: "" });
      const report = z.object({ files: z.number(), added: z.number() }).parse(JSON.parse(first.out));
      expect(await pathsOf("place")).toEqual(await pathsOf("there"));
      expect(report.added).toBe(report.files);
      const again = await runCommandLine(["--ray", ray.dashboard, ...args], { env });
      expect(JSON.parse(again.out)).toMatchObject({ added: 0, changed: 0, removed: 0, readBytes: 0 });
      const searched = await runCommandLine(["search", `cluster:${root}`, "bees sleep winter", "--json"], { env });
      const { results } = z
        .object({ results: z.array(z.object({ path: z.string() })) })
        .parse(JSON.parse(searched.out));
      expect(results[0]?.path).toBe("docs/bees.md");
      const nowhere = await runCommandLine(["--ray", ray.dashboard, "index", "cluster:/not/there", "--json"], { env });
      expect(JSON.parse(nowhere.out)).toMatchObject({ error: { code: "index.not-found" } });
      const store = await runCommandLine(["--ray", ray.dashboard, "index", "cluster:s3://bucket/x", "--json"], { env });
      expect(JSON.parse(store.out)).toMatchObject({ error: { code: "remote.file" } });
      expect(store.out).toContain("neither fsspec");
    });

    test("a node that is killed in the middle costs no file, and nothing secret is to be seen anywhere", async () => {
      const root = join(folder, "many");
      const files = manyFiles(many);
      write(root, files);
      const index = openIndex("killed");
      const seen: IndexJobProgress[] = [];
      const carrying = carry(index, root, seen);
      const isHalf = (): boolean => (seen.at(-1)?.doneFiles ?? 0) > 20;
      await until(isHalf);
      expect(canariesIn(processesOfHosts())).toEqual([]);
      await ray.killNode("n1");
      const report = await carrying;
      expect(report).toMatchObject({ files: many, added: many });
      expect(await pathsOf("killed")).toEqual(Object.keys(files).toSorted());
      const [torn] = await server.sql(
        "team",
        `SELECT count(*)::int AS count FROM (SELECT file.id FROM "byzer_killed".file AS file
         LEFT JOIN "byzer_killed".passage AS passage ON passage.file = file.id
         GROUP BY file.id HAVING count(passage.id) <> max(chunks)) AS torn`,
      );
      expect(torn).toEqual({ count: 0 });
      await index.whenEmbedded(root, never);
      expect((await index.status(root)).embedded).toBe(report.passages);
      await ray.startNode("n1");
      expect(canariesIn(logsOfHosts())).toEqual([]);
      expect(canariesIn([["jobs", await ray.ask("/api/jobs/")]])).toEqual([]);
      expect(canariesIn([["tasks", await ray.ask("/api/v0/tasks?detail=true&limit=10000")]])).toEqual([]);
    });

    test("an update outlives its window, and is found again", async () => {
      const root = join(folder, "many");
      const place = { root: `cluster:${root}` };
      const index = openIndex("outlived");
      const seen: IndexJobProgress[] = [];
      const by = { carrier: carrierOf(seen), onNotice: () => undefined };
      const carrying = index.carry(place, by, never).catch((error: unknown) => error);
      await until(() => seen.some(({ phase }) => phase === "reading"));
      await cluster.close();
      expect(await carrying).toBeInstanceOf(Error);
      cluster = await connected();
      const { children } = await cluster.gateway.status(never);
      expect(children.filter(({ kind }) => kind === "index").map(({ title }) => title)).toContainEqual(
        expect.stringMatching(/^outlived/),
      );
      const report = await index.carry(place, by, never);
      expect(report.files).toBe(many);
      expect(report.added + report.unchanged).toBe(many);
      expect(await pathsOf("outlived")).toHaveLength(many);
    });

    test("an update that is stopped keeps what it has, and the next goes on", async () => {
      const root = join(folder, "many");
      const index = openIndex("stopped");
      const stop = new AbortController();
      const seen: IndexJobProgress[] = [];
      const by = { carrier: carrierOf(seen), onNotice: () => undefined };
      const carrying = index.carry({ root }, by, stop.signal).catch((error: unknown) => error);
      await until(() => (seen.at(-1)?.doneFiles ?? 0) > 0);
      stop.abort(new Error("the person has enough"));
      expect(await carrying).toMatchObject({ message: "the person has enough" });
      const { length } = await pathsOf("stopped");
      const report = await index.carry({ root }, by, never);
      expect(report).toMatchObject({ files: many, added: many - length, unchanged: length });
    });
  },
);

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 120_000;
  while (!holds()) {
    if (performance.now() > end) {
      throw new Error(`It did not come so far.\n${ray.log()}`);
    }
    // oxlint-disable-next-line no-await-in-loop -- looked at again and again
    await wait(50);
  }
}

type Named = readonly (readonly [name: string, text: string])[];

/** What holds the password or the key. */
function canariesIn(places: Named): readonly string[] {
  expect(places.length).toBeGreaterThan(0);
  return places.filter(([, text]) => text.includes(server.password) || text.includes(key)).map(([name]) => name);
}

/** Environments and command lines of all that runs on the hosts of the cluster. */
function processesOfHosts(): Named {
  const homes = ray.plan.hosts.map(([name]) => `HOME=${ray.network.homeOf(name)}`);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return homes.some((home) => environment.split("\0").includes(home))
          ? [[`${pid} ${command.replaceAll("\0", " ")}`, `${environment}\n${command}`] as const]
          : [];
      } catch {
        return [];
      }
    });
}

/** What Ray and its programs have written on the hosts. */
function logsOfHosts(): Named {
  const roots = ray.plan.hosts.map(([name]) => dirname(ray.network.homeOf(name)));
  const paths = execFileSync("find", [...roots, "-path", "*/logs/*", "-type", "f", "-size", "-50M"], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return paths
    .split("\n")
    .filter(Boolean)
    .map((path) => [path, readFileSync(path, "latin1")] as const);
}
