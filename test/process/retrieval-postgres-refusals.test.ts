import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPassageIndex } from "../../src/agents/host/open-passage-index.ts";
import { createPostgresPassageIndex } from "../../src/agents/retrieval/postgres/postgres-passage-index.ts";
import { findPostgres, freePort, type PostgresServer, startPostgres } from "./postgres-server.ts";
import { startMachine, type TestMachine } from "./shared-index.ts";

const found = findPostgres();
const missing = "missing" in found ? found.missing : null;
const never = new AbortController().signal;

describe.skipIf(missing !== null)(`an index in PostgreSQL${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  let server: PostgresServer;
  let ann: TestMachine;
  let count = 0;
  let schema = "";
  let url = "";

  beforeAll(async () => {
    server = await startPostgres("bin" in found ? found.bin : "");
    await server.sql("postgres", "CREATE DATABASE team");
    await server.sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    await server.sql(
      "team",
      "CREATE ROLE reader LOGIN PASSWORD 'read'; CREATE ROLE stranger LOGIN PASSWORD 'strange'; CREATE ROLE writer LOGIN PASSWORD 'write'",
    );
  });
  afterAll(async () => await server.stop());
  beforeEach(() => {
    count += 1;
    schema = `"byzer_refusal${count}"`;
    url = `${server.url("team")}?corpus=refusal${count}`;
    ann = startMachine({ url, password: server.password });
    ann.write({ "a.txt": "needle in hay", "b.txt": "other words" });
  });
  afterEach(async () => await ann.close());

  /** The same files asked for by somebody else. */
  const as = (user: string, password: string): ReturnType<typeof createPostgresPassageIndex> =>
    createPostgresPassageIndex({ url: url.replace("owner@", `${user}@`), password, folder: join(ann.folder, user) });
  const failure = async (address: string, password = server.password): Promise<unknown> => {
    const index = createPostgresPassageIndex({ url: address, password, folder: ann.folder });
    try {
      return await index.update({ root: ann.root }, never).catch((error: unknown) => error);
    } finally {
      await index.dispose();
    }
  };

  test("who may only read searches, and is told about indexing", async () => {
    await ann.index.update({ root: ann.root }, never);
    await server.sql(
      "team",
      `GRANT USAGE ON SCHEMA ${schema} TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO reader`,
    );
    const reader = as("reader", "read");
    await expect(reader.update({ root: ann.root }, never)).rejects.toMatchObject({
      code: "index.read-only",
      details: { user: "reader", corpus: `refusal${count}` },
    });
    const [passage] = await reader.search({ root: ann.root, text: "needle", top: 3 }, never);
    expect(passage).toMatchObject({ path: "a.txt", text: "needle in hay" });
    expect(await reader.status(ann.root)).toMatchObject({ files: 2 });
    await expect(reader.remove(ann.root)).rejects.toMatchObject({ code: "index.denied" });
    await reader.dispose();

    const told: string[] = [];
    const lenient = openPassageIndex({
      url: url.replace("owner@", "reader@"),
      password: "read",
      folder: join(ann.folder, "lenient"),
      onReadOnly: ({ message }) => told.push(message),
    });
    expect(await lenient.update({ root: ann.root }, never)).toMatchObject({ files: 2, added: 0, unchanged: 2 });
    expect(told).toEqual([expect.stringContaining("Somebody who may has to index")]);
    await lenient.dispose();
  });

  test("who has no rights is told which is missing", async () => {
    await ann.index.update({ root: ann.root }, never);
    const stranger = as("stranger", "strange");
    const denied = { code: "index.denied", message: expect.stringContaining("permission denied") };
    await expect(stranger.search({ root: ann.root, text: "needle", top: 3 }, never)).rejects.toMatchObject(denied);
    await stranger.dispose();
    const other = createPostgresPassageIndex({
      url: server.url("team", "stranger"),
      password: "strange",
      folder: join(ann.folder, "other"),
    });
    await expect(other.update({ root: ann.root }, never)).rejects.toMatchObject({ code: "index.read-only" });
    expect(await other.search({ root: ann.root, text: "needle", top: 3 }, never)).toEqual([]);
    await other.dispose();
  });

  test("tables are made in a schema that an administrator has made", async () => {
    await server.sql("team", `CREATE SCHEMA ${schema} AUTHORIZATION writer`);
    const writer = as("writer", "write");
    expect(await writer.search({ root: ann.root, text: "needle", top: 3 }, never)).toEqual([]);
    expect(await writer.update({ root: ann.root }, never)).toMatchObject({ files: 2, added: 2 });
    await writer.dispose();
  });

  test("an index of a newer version is left alone, one of older words is made anew", async () => {
    await ann.index.update({ root: ann.root }, never);
    const [layout] = await server.sql("team", `SELECT value FROM ${schema}.meta WHERE key = 'layout'`);
    await server.sql("team", `UPDATE ${schema}.meta SET value = '99' WHERE key = 'layout'`);
    const newer = { code: "index.other-version", details: { corpus: `refusal${count}`, found: 99 } };
    await expect(ann.index.update({ root: ann.root }, never)).rejects.toMatchObject(newer);
    await expect(ann.index.search({ root: ann.root, text: "needle", top: 3 }, never)).rejects.toMatchObject(newer);
    await server.sql("team", `UPDATE ${schema}.meta SET value = '${String(layout?.["value"])}' WHERE key = 'layout'`);
    await server.sql("team", `UPDATE ${schema}.meta SET value = '999' WHERE key = 'words'`);
    await expect(ann.index.update({ root: ann.root }, never)).rejects.toMatchObject({ code: "index.other-version" });
    await server.sql("team", `UPDATE ${schema}.meta SET value = '0' WHERE key = 'words'`);
    expect(await ann.index.search({ root: ann.root, text: "needle", top: 3 }, never)).toHaveLength(1);
    expect(await ann.index.update({ root: ann.root }, never)).toMatchObject({ files: 2, added: 2 });
  });

  test("another folder of the same name does not take the place of an index", async () => {
    await ann.index.update({ root: ann.root }, never);
    const ben = startMachine({ url, password: server.password });
    ben.write({ "c.txt": "something else" });
    await expect(ben.index.update({ root: ben.root }, never)).rejects.toMatchObject({
      code: "index.name-taken",
      details: { corpus: `refusal${count}`, root: ben.root },
    });
    await expect(ben.index.update({ root: ben.root, only: ["c.txt"] }, never)).rejects.toMatchObject({
      code: "index.name-taken",
    });
    expect(await ann.index.status(ann.root)).toMatchObject({ files: 2 });
    await ben.close();
  });

  test("folders are told apart by their names where the address has none", async () => {
    const index = createPostgresPassageIndex({
      url: server.url("team"),
      password: server.password,
      folder: ann.folder,
    });
    const long = join(ann.root, "很长的文件夹名字".repeat(4));
    mkdirSync(long);
    ann.write({ [`${"很长的文件夹名字".repeat(4)}/c.txt`]: "needle" });
    expect(await index.update({ root: long }, never)).toMatchObject({ files: 1, added: 1 });
    expect(await index.update({ root: ann.root }, never)).toMatchObject({ files: 3, added: 3 });
    expect(await index.search({ root: long, text: "needle", top: 5 }, never)).toHaveLength(1);
    await Promise.all([index.remove(long), index.remove(ann.root)]);
    await index.dispose();
  });

  test("what keeps a person from the server is said", async () => {
    const closed = await freePort();
    expect(await failure(`postgres://owner@127.0.0.1:${closed}/team`)).toMatchObject({ code: "index.unreachable" });
    expect(await failure(url, "wrong")).toMatchObject({ code: "index.wrong-password", details: { user: "owner" } });
    expect(await failure(server.url("none"))).toMatchObject({ code: "index.unreachable" });
    expect(await failure(server.url("latin"))).toMatchObject({ code: "index.address" });
    expect(await failure(`${url}&sslmode=require`)).toMatchObject({
      code: "index.unreachable",
      message: expect.stringContaining("sslmode=disable"),
    });
    expect(await failure(`${url}&sslmode=prefer`)).toMatchObject({ files: 2, added: 2 });
  });

  test("a server that stops is said, and had again when it is back", async () => {
    await ann.index.update({ root: ann.root }, never);
    const port = await server.restart(async () => {
      await expect(ann.index.search({ root: ann.root, text: "needle", top: 3 }, never)).rejects.toMatchObject({
        code: "index.unreachable",
      });
    });
    expect(port).toBe(server.port);
    expect(await ann.index.search({ root: ann.root, text: "needle", top: 3 }, never)).toHaveLength(1);
  });
});
