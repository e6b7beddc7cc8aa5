import { Pool, type PoolClient, type PoolConfig, type QueryResultRow } from "pg";
import { AgentError } from "../../base/errors.ts";
import { type DatabaseUser, isLost, isSilent, lacksTls, sharedError } from "./database-errors.ts";
import { findPassword, type PasswordOwner } from "./find-password.ts";
import type { SharedAddress } from "./shared-address.ts";

/** A row as the server gives it; whole numbers of eight bytes are strings. */
export type Row = QueryResultRow & { readonly [name: string]: unknown };

/** Something that carries out statements: the database, or one of its connections. */
export interface Queries {
  query(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

const connectMs = 10_000;
/** A team has many windows and a server few connections: one that is idle is given back. */
const idleMs = 20_000;
const mostConnections = 3;
/** A statement without an answer for so long is given up for lost. */
const answerMs = 300_000;

/** Connections to the server of a shared index, made when they are needed. */
export class SharedDatabase implements Queries {
  readonly who: DatabaseUser;
  readonly #config: PoolConfig;
  readonly #mayGoWithoutTls: boolean;
  #pool: Pool;

  /** @param password where left out, PGPASSWORD or the .pgpass file say it */
  constructor(address: SharedAddress, password: string | undefined) {
    const { host, port, user, database, options, tls, server } = address;
    this.#config = {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(user === undefined ? {} : { user }),
      ...(database === undefined ? {} : { database }),
      ...(options === undefined ? {} : { options }),
      ssl: tls.use === "never" ? false : tls.options,
      password: passwordFinder(password),
      application_name: "byzer",
      keepAlive: true,
      max: mostConnections,
      connectionTimeoutMillis: connectMs,
      idleTimeoutMillis: idleMs,
      query_timeout: answerMs,
      allowExitOnIdle: true,
    };
    this.#mayGoWithoutTls = tls.use === "try";
    this.#pool = poolOf(this.#config);
    this.who = { server, user: user ?? process.env["PGUSER"] ?? process.env["USER"] ?? process.env["USERNAME"] ?? "" };
  }

  /** @throws AgentError `index.*`; one try more where the connection was lost */
  async query(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return await this.withConnection((connection) => connection.query(text, values));
  }

  /**
   * Works on one connection. Where it is lost midway, the work is begun again on another: as often as there may be idle ones
   * that were lost at the same time and that nobody has noticed, and once more on a new one.
   *
   * @throws AgentError `index.*`
   */
  async withConnection<T>(work: (connection: Queries) => Promise<T>): Promise<T> {
    try {
      return await this.#workAgain(work, mostConnections);
    } catch (error) {
      throw sharedError(error, this.who);
    }
  }

  async #workAgain<T>(work: (connection: Queries) => Promise<T>, triesLeft: number): Promise<T> {
    try {
      return await this.#work(work);
    } catch (error) {
      if (!isLost(error) || triesLeft === 0) {
        throw error;
      }
      // One that said nothing for so long is not waited for as often.
      return await this.#workAgain(work, isSilent(error) ? 0 : triesLeft - 1);
    }
  }

  /** Gives all connections back. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #work<T>(work: (connection: Queries) => Promise<T>): Promise<T> {
    const client = await this.#connected();
    // A connection that broke says so once more when nobody waits for it.
    client.on("error", ignore);
    let failed = true;
    try {
      const result = await work({
        query: async (text, values = []) => (await client.query<Row>(text, [...values])).rows,
      });
      failed = false;
      return result;
    } finally {
      client.off("error", ignore);
      // One that failed may be in the middle of a transaction.
      client.release(failed);
    }
  }

  async #connected(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (!this.#mayGoWithoutTls || !lacksTls(error)) {
        throw error;
      }
      this.#pool = poolOf({ ...this.#config, ssl: false });
      return await this.#pool.connect();
    }
  }
}

function ignore(): void {
  // Whoever waits for the connection hears of it by its statement.
}

function poolOf(config: PoolConfig): Pool {
  const pool = new Pool(config);
  // An idle connection that the server ends is left out of the pool by itself.
  pool.on("error", ignore);
  return pool;
}

/** The type of the client leaves out that the function is given the connection. */
function isConnection(value: unknown): value is PasswordOwner {
  return typeof value === "object" && value !== null && "host" in value && "user" in value;
}

function passwordFinder(password: string | undefined): () => Promise<string> {
  return async (...[connection]: readonly unknown[]) => {
    const owner = isConnection(connection) ? connection : null;
    const found = await findPassword(password, owner);
    if (found !== undefined) {
      return found;
    }
    const { host: server, user } = owner ?? { host: "the server", user: "" };
    const message = `${server} wants a password of "${user}", and there is none. Set PGPASSWORD, use a .pgpass file, or store the password.`;
    throw new AgentError("index.wrong-password", { server, user }, message);
  };
}
