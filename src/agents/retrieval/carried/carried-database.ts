import type { ConnectionOptions } from "node:tls";
import { AgentError } from "../../base/errors.ts";
import type { CarriedDatabase } from "../../protocol/index-job.ts";
import type { SharedAddress, TlsUse } from "../postgres/shared-address.ts";
import { findPassword } from "../postgres/find-password.ts";

/** A server as another machine reaches it, and what of it must stay in memory. */
export interface CarriedServer {
  readonly database: CarriedDatabase;
  readonly password: string | null;
  readonly tlsKey: string | null;
}

const usualPort = 5432;

/**
 * What another machine needs to reach the server of a shared index: what this machine's environment and files say of it
 * is said outright.
 *
 * @param password where `undefined`, PGPASSWORD or the .pgpass file say it
 * @throws AgentError `index.address` for a server that no other machine reaches
 */
export async function carriedServer(address: SharedAddress, password: string | undefined): Promise<CarriedServer> {
  const environment = process.env;
  const host = address.host ?? (environment["PGHOST"] || "localhost");
  if (host.startsWith("/")) {
    const reason = "it names a socket of this machine, which the cluster does not reach.";
    throw new AgentError("index.address", { reason }, `The address of the index: ${reason} Name a host instead.`);
  }
  const user = address.user ?? (environment["PGUSER"] || environment["USER"] || environment["USERNAME"] || "");
  const port = address.port ?? Number(environment["PGPORT"] || usualPort);
  const database = address.database ?? (environment["PGDATABASE"] || user);
  const { ca, cert, key, rejectUnauthorized, checkServerIdentity } = address.tls.options;
  const known = await findPassword(password, { host, port, user, database });
  return {
    database: {
      host,
      port,
      user,
      database,
      ...(address.options === undefined ? {} : { options: address.options }),
      tls: {
        use: address.tls.use,
        isVerified: rejectUnauthorized !== false,
        isNamed: checkServerIdentity === undefined,
        ca: text(ca),
        cert: text(cert),
      },
    },
    password: known ?? null,
    tlsKey: text(key),
  };
}

/** The address that another machine was given. @param corpus its name */
export function addressOf(carried: CarriedDatabase, tlsKey: string | null, corpus: string): SharedAddress {
  const { host, port, user, database, options, tls } = carried;
  return {
    server: `${host}:${port}`,
    host,
    port,
    user,
    database,
    ...(options === undefined ? {} : { options }),
    tls: tlsOf(tls, tlsKey),
    corpus,
  };
}

function tlsOf({ use, isVerified, isNamed, ca, cert }: CarriedDatabase["tls"], key: string | null): TlsUse {
  const options: ConnectionOptions = {
    ...(isVerified ? {} : { rejectUnauthorized: false }),
    ...(isNamed ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  };
  return { use, options: use === "never" ? {} : options };
}

/** Certificates and keys are read as texts. */
function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
