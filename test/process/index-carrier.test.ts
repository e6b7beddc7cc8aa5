import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CarryOrder, FileToCarry } from "../../src/agents/ports/index-carrier.ts";
import type { FromIndexJob, IndexJobReport, ToIndexJob } from "../../src/agents/protocol/index-job.ts";
import { type Cluster, connectToCluster } from "../../src/agents/remote/cluster.ts";
import { clusterAddress } from "../../src/agents/remote/cluster-address.ts";
import { createIndexCarrier } from "../../src/agents/remote/index-carrier.ts";
import { type CuttableWire, openWire } from "../../src/agents/testing/cuttable-wire.ts";
import { FakeGateway } from "../../src/agents/testing/fake-gateway.ts";

const never = new AbortController().signal;
const counts: IndexJobReport = {
  files: 2,
  passages: 3,
  added: 2,
  changed: 0,
  removed: 0,
  unchanged: 0,
  leftOut: [],
  leftOutFiles: 0,
  tooManyFiles: false,
  readBytes: 9,
  durationMs: 1,
  sizeBytes: 1,
  embedded: 0,
  nodes: {},
};

let gateway: FakeGateway;
let wire: CuttableWire;
let cluster: Cluster;
let folder = "";
const blobs = new Map<string, Buffer>();
let heard: ToIndexJob[] = [];
/** What the actor does beside accepting. */
let behaviour: (body: ToIndexJob, say: (body: FromIndexJob) => void) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-carrier-"));
  heard = [];
  blobs.clear();
  gateway = new FakeGateway({
    token: "t",
    blobs,
    behaviours: {
      index: (given, say) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the class under test says
        const body = given as ToIndexJob;
        heard.push(body);
        if ("order" in body) {
          say({ accepted: { order: body.order.id, job: body.order.id, parallel: 2 } } satisfies FromIndexJob);
        }
        behaviour(body, say);
      },
    },
  });
  await gateway.listen();
  wire = await openWire(gateway.port);
  const serve = `http://127.0.0.1:${wire.port}`;
  cluster = await connectToCluster(
    {
      address: clusterAddress("http://127.0.0.1:1", serve),
      isServeGiven: true,
      rayToken: async () => null,
      admissions: { get: async () => ({ token: "t", serve }), set: async () => undefined },
      package: async () => ({ name: "x.zip", version: "1", content: async () => Buffer.alloc(0) }),
    },
    never,
  );
});

afterEach(async () => {
  await cluster.close();
  await wire.close();
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(path: string, content: string): FileToCarry {
  const place = join(folder, path);
  writeFileSync(place, content);
  return { path, file: place, sizeBytes: content.length, isSecret: false, givenUp: null, knownHash: null };
}

const placeThere: CarryOrder["source"] = {
  kind: "cluster",
  root: "/data",
  exclude: [],
  keepExcluded: false,
  mostFiles: 10,
};

interface Carried {
  readonly order: CarryOrder;
  readonly written: string[];
  readonly notices: string[];
  readonly done: number[];
}

function orderOf(source: CarryOrder["source"], more: Partial<CarryOrder> = {}): Carried {
  const [written, notices, done]: [string[], string[], number[]] = [[], [], []];
  const tls = { use: "never", isVerified: true, isNamed: true, ca: null, cert: null } as const;
  const order: CarryOrder = {
    corpus: {
      corpus: "handbook",
      database: { host: "127.0.0.1", port: 5432, user: "ann", database: "team", tls },
      password: "canary-password",
      tlsKey: null,
    },
    source,
    isWhole: true,
    embedder: null,
    onProgress: ({ doneFiles }) => done.push(doneFiles),
    onWritten: (files) => Promise.resolve(void written.push(...files.map(({ path }) => path))),
    onNotice: (sentence) => notices.push(sentence),
    ...more,
  };
  return { order, written, notices, done };
}

const carrier = () =>
  createIndexCarrier({ cluster: () => Promise.resolve(cluster), parallel: 0, idleS: 9, onWaiting: () => undefined });

const wordOf = (body: ToIndexJob): string => Object.keys(body)[0] ?? "";

/** Writes all files of each pack, and reports at the end. */
function writesAll(body: ToIndexJob, say: (body: FromIndexJob) => void): void {
  if ("files" in body) {
    const { order, files } = body.files;
    say({ written: { order, files: files.map(({ path }) => ({ path, hash: "h", fate: "added" })) } });
  } else if ("last" in body) {
    say({ report: { order: body.last.order, ...counts } });
  }
}

test("files go in packs, secrets alone and after the order was accepted", async () => {
  behaviour = writesAll;
  const files = [file("a.md", "first"), file("b.md", "next")];
  const { order, written } = orderOf({ kind: "files", files, unchanged: 4 });
  expect(await carrier().carry(order, never)).toMatchObject({ added: 2, passages: 3 });
  expect(heard.map(wordOf)).toEqual(["order", "secrets", "files", "last"]);
  expect(heard.filter((body) => JSON.stringify(body).includes("canary")).map(wordOf)).toEqual(["secrets"]);
  expect(heard.at(-1)).toMatchObject({ last: { ofFiles: 2, unchanged: 4 } });
  expect(written).toEqual(["a.md", "b.md"]);
  expect(Array.from(blobs.values(), String)).toEqual(["firstnext"]);
});

test("a place of the cluster needs no files of this machine; what is said meanwhile is passed on", async () => {
  behaviour = (body, say) => {
    if ("secrets" in body) {
      const { order } = body.secrets;
      const progress = { phase: "reading", ofFiles: 9, embedded: 0, running: 1, nodes: {} } as const;
      say({ progress: { order, doneFiles: 3, ...progress } });
      say({ progress: { order: "somebody else's", doneFiles: 99, ...progress } });
      say({ notice: { order, code: "embedding.wrong-key", message: "The key is wrong." } });
      say({ report: { order, ...counts } });
    }
  };
  const { order, notices, done } = orderOf(placeThere);
  await carrier().carry(order, never);
  expect([notices, done]).toEqual([["The key is wrong."], [3]]);
});

test("what the cluster has lost is sent again, and counted once", async () => {
  let orders = 0;
  behaviour = (body, say) => {
    orders += "order" in body ? 1 : 0;
    if ("files" in body && orders === 1) {
      const { order, files } = body.files;
      say({ written: { order, files: [{ path: files[0]?.path ?? "", hash: "h", fate: "added" }] } });
      say({ written: { order, files: files.slice(1).map(({ path }) => ({ path, hash: "", fate: "lost" })) } });
    } else if ("last" in body && orders === 1) {
      say({ report: { order: body.last.order, ...counts, added: 1 } });
    } else if ("last" in body) {
      say({ report: { order: body.last.order, ...counts, added: 1, unchanged: 1 } });
    } else {
      writesAll(body, say);
    }
  };
  const files = [file("a.md", "a"), file("b.md", "b"), file("c.md", "c")];
  const { order, written } = orderOf({ kind: "files", files, unchanged: 0 });
  const report = await carrier().carry(order, never);
  expect(written.toSorted()).toEqual(["a.md", "b.md", "c.md"]);
  expect(heard.flatMap((body) => ("files" in body ? [body.files.files.map(({ path }) => path)] : []))).toEqual([
    ["a.md", "b.md", "c.md"],
    ["b.md", "c.md"],
  ]);
  expect([report.added, report.unchanged]).toEqual([3, 0]);
});

test("an actor that remembers nothing is given the order again, without what is written", async () => {
  let orders = 0;
  behaviour = (body, say) => {
    orders += "order" in body ? 1 : 0;
    if (orders > 1) {
      writesAll(body, say);
    } else if ("files" in body) {
      const { order, files } = body.files;
      say({ written: { order, files: [{ path: files[0]?.path ?? "", hash: "h", fate: "added" }] } });
      setTimeout(() => {
        [...gateway.children.keys()].forEach((name) => gateway.renew(name));
        gateway.dropLinks();
      }, 100);
    }
  };
  const { order, written } = orderOf({ kind: "files", files: [file("a.md", "a"), file("b.md", "b")], unchanged: 0 });
  await carrier().carry(order, never);
  expect(written).toEqual(["a.md", "b.md"]);
  const sent = heard.flatMap((body) => ("files" in body ? [body.files.files.map(({ path }) => path)] : []));
  expect(sent.at(-1)).toEqual(["b.md"]);
});

test("a stopped update is stopped there, and the reason comes back", async () => {
  behaviour = (body, say) => {
    if ("cancel" in body) {
      say({ failed: { order: body.cancel.order, code: "cancelled", message: "It was stopped.", details: {} } });
    }
  };
  const stop = new AbortController();
  const carrying = carrier().carry(orderOf(placeThere).order, stop.signal);
  carrying.catch(() => undefined);
  await expect.poll(() => heard.map(wordOf)).toContain("secrets");
  stop.abort(new Error("enough"));
  await expect(carrying).rejects.toThrow("enough");
  expect(heard.map(wordOf)).toContain("cancel");
});

test("what went wrong there comes as the error that it is", async () => {
  behaviour = (body, say) => {
    if ("secrets" in body) {
      const { order } = body.secrets;
      const details = { server: "db", user: "ann" };
      say({ failed: { order, code: "index.wrong-password", message: "no", details } });
    }
  };
  const carrying = carrier().carry(orderOf(placeThere).order, never);
  await expect(carrying).rejects.toMatchObject({ code: "index.wrong-password", details: { user: "ann" } });
});
