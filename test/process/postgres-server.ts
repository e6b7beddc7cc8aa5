import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import * as z from "zod";

/** A server in a folder of its own, without anything in it, which goes with it. */
export interface PostgresServer {
  readonly port: number;
  /** Of `owner`, who may do everything. */
  readonly password: string;
  /** The address of a database, without a password. */
  url(database: string, user?: string): string;
  /** Carries out statements as `owner`. @returns the rows of the last one */
  sql(database: string, text: string): Promise<readonly { readonly [name: string]: unknown }[]>;
  /** Stops the server, does something, and starts it again. @returns its port */
  restart(meanwhile: () => Promise<void>): Promise<number>;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root; this user of every Unix owns nothing. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const asUser = isRoot ? { uid: nobody, gid: nobody } : {};
const password = "secret of the owner";

const foundSchema = z.strictObject({ bin: z.string() });

/** Why there is no server to test with, or the folder of its programs. */
export type FoundPostgres = { readonly bin: string } | { readonly missing: string };

/** Asks the set-up for PostgreSQL with pgvector; it is fetched when it is not there. */
export function findPostgres(): FoundPostgres {
  const program = join(import.meta.dirname, "../../scripts/setup-postgres.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8", timeout: 240_000 });
  const last = stdout.trim().split("\n").at(-1) ?? "";
  if (status !== 0) {
    return { missing: stderr.split("\n").find((line) => /Error/.test(line)) ?? stderr };
  }
  return foundSchema.parse(JSON.parse(last));
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The programs where the user that runs them can reach them. */
function reachable(bin: string, folder: string): string {
  const { status } = spawnSync(join(bin, "postgres"), ["--version"], asUser);
  if (status === 0) {
    return bin;
  }
  cpSync(dirname(bin), join(folder, "programs"), { recursive: true });
  return join(folder, "programs", "bin");
}

/**
 * Starts a server on a free port of this machine.
 *
 * @param address of this machine, to be reached from others
 */
export async function startPostgres(bin: string, address = "127.0.0.1"): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "byzer-postgres-"));
  const programs = reachable(bin, folder);
  const [data, words] = [join(folder, "data"), join(folder, "password")];
  writeFileSync(words, password);
  chmodSync(folder, 0o755);
  if (isRoot) {
    // The folder of temporary files may be one that only its owner may pass through.
    chmodSync(tmpdir(), (statSync(tmpdir()).mode & 0o7777) | 0o001);
    chownSync(folder, nobody, nobody);
    chownSync(words, nobody, nobody);
  }
  const cluster = ["-U", "owner", "-A", "scram-sha-256", "--pwfile", words, "-E", "UTF8", "--locale=C", "--no-sync"];
  const made = spawnSync(join(programs, "initdb"), ["-D", data, ...cluster], { ...asUser, encoding: "utf8" });
  if (made.status !== 0) {
    throw new Error(`initdb failed: ${made.stderr}`);
  }
  appendFileSync(join(data, "pg_hba.conf"), `host all all ${address}/24 scram-sha-256\n`);
  const port = await freePort();
  const addresses = [...new Set(["127.0.0.1", address])].join(",");
  const settings = ["-c", "fsync=off", "-c", "max_connections=40", "-c", "shared_buffers=64MB", "-k", ""];
  const launch = (): ChildProcess =>
    spawn(join(programs, "postgres"), ["-D", data, "-p", String(port), "-h", addresses, ...settings], {
      ...asUser,
      stdio: "ignore",
    });
  let server = launch();
  const halt = async (): Promise<void> => {
    const ended = new Promise((resolve) => {
      server.once("exit", resolve);
    });
    server.kill("SIGINT");
    await ended;
  };
  const url = (database: string, user = "owner"): string => `postgres://${user}@${address}:${port}/${database}`;
  const sql: PostgresServer["sql"] = async (database, text) => {
    const client = new Client({ host: "127.0.0.1", port, user: "owner", password, database });
    await client.connect();
    try {
      const result = await client.query(text);
      const last = Array.isArray(result) ? result.at(-1) : result;
      return last.rows;
    } finally {
      await client.end();
    }
  };
  await untilReady(() => sql("postgres", "SELECT 1"), server);
  return {
    port,
    password,
    url,
    sql,
    restart: async (meanwhile) => {
      await halt();
      await meanwhile();
      server = launch();
      await untilReady(() => sql("postgres", "SELECT 1"), server);
      return port;
    },
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(attempt: () => Promise<unknown>, server: ChildProcess): Promise<void> {
  for (let count = 0; ; count += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      await attempt();
      return;
    } catch (error) {
      if (count > 200 || server.exitCode !== null) {
        throw error;
      }
    }
    // oxlint-disable-next-line no-await-in-loop
    await setTimeout(100);
  }
}
