import type { ConnectionOptions } from "node:tls";
import { readFileSync } from "node:fs";
import { AgentError, messageOf } from "../../base/errors.ts";

/** Where a shared index is, as its address says. */
export interface SharedAddress {
  /** For people: without a password. */
  readonly server: string;
  /** Left out where the address does not say it: then the environment does, as for other clients of PostgreSQL. */
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly database?: string;
  /** Options of the session, such as `-c role=team`. */
  readonly options?: string;
  readonly tls: TlsUse;
  /** The name of the corpus; `null` where each folder's own name is meant. */
  readonly corpus: string | null;
}

/** How the connection is kept from being read on the way. */
export interface TlsUse {
  /** `try`: with TLS, and without where the server has none. */
  readonly use: "never" | "try" | "always";
  readonly options: ConnectionOptions;
}

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
type SslMode = (typeof modes)[number];

const known = new Set(["corpus", "sslmode", "sslrootcert", "sslcert", "sslkey", "options", "host", "port", "user"]);
/** The name of a corpus is part of an identifier of PostgreSQL, which has 63 bytes. */
export const mostCorpusBytes = 50;

function refuse(reason: string, cause?: unknown): AgentError {
  const form = "postgres://USER@HOST:PORT/DATABASE?corpus=NAME";
  return new AgentError(
    "index.address",
    { reason },
    `The address of the index: ${reason} It has the form ${form}.`,
    cause,
  );
}

/** Says whether an address means a shared index in PostgreSQL. */
export function isSharedAddress(url: string): boolean {
  return /^postgres(ql)?:\/\//i.test(url.trim());
}

/**
 * Reads an address like `postgres://ann@db.example.org/team?corpus=handbook&sslmode=verify-full`. The parameters are those
 * of libpq (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS), and `corpus`. Where nothing
 * is said, TLS is used to every host but this one.
 *
 * @throws AgentError `index.address`, also for an address with a password
 */
export function readSharedAddress(address: string): SharedAddress {
  if (!isSharedAddress(address)) {
    throw refuse("it does not begin with postgres://.");
  }
  const url = parsed(address.trim());
  const parameters = url.searchParams;
  checkParameters(url);
  const written = url.hostname === noHost ? "" : decodeURIComponent(url.hostname).replace(/^\[(.+)\]$/, "$1");
  const host = parameters.get("host") ?? written;
  const port = portOf(parameters.get("port") ?? url.port);
  const meant = host === "" ? process.env["PGHOST"] || "localhost" : host;
  return {
    server: `${meant}${port === null ? "" : `:${port}`}`,
    ...(port === null ? {} : { port }),
    ...named("host", host),
    ...named("user", parameters.get("user") ?? decodeURIComponent(url.username)),
    ...named("database", decodeURIComponent(url.pathname.slice(1))),
    ...named("options", parameters.get("options") ?? ""),
    tls: tlsOf(parameters, meant),
    corpus: corpusOf(parameters.get("corpus")),
  };
}

function named<K extends string>(name: K, value: string): { readonly [name in K]?: string } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key that is computed
  return (value === "" ? {} : { [name]: value }) as { readonly [name in K]?: string };
}

function checkParameters({ password, searchParams }: URL): void {
  if (password !== "" || searchParams.has("password")) {
    throw refuse("it has a password in it, where others could read it. Set PGPASSWORD or use a .pgpass file instead.");
  }
  const foreign = Array.from(searchParams.keys()).find((name) => !known.has(name));
  if (foreign !== undefined) {
    throw refuse(`it has the parameter "${foreign}", which is not known. Known are: ${Array.from(known).join(", ")}.`);
  }
}

/** Stands for a host that is not named, which `URL` does not allow. */
const noHost = "unnamed.invalid";

/** PostgreSQL's scheme is none of the web: `URL` reads its host only under one that is. */
function parsed(address: string): URL {
  const web = address
    .replace(/^postgres(ql)?:/i, "http:")
    .replace(/^http:\/\/([^/?#@]*@)?(?=[/?#]|$)/, `http://$1${noHost}`);
  try {
    return new URL(web);
  } catch (error) {
    throw refuse("it cannot be read.", error);
  }
}

function portOf(text: string): number | null {
  if (text === "") {
    return null;
  }
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw refuse(`"${text}" is no port.`);
  }
  return port;
}

function corpusOf(name: string | null): string | null {
  if (name === null || name.trim() === "") {
    return null;
  }
  if (Buffer.byteLength(name.trim()) > mostCorpusBytes) {
    throw refuse(`the name of the corpus is longer than ${mostCorpusBytes} bytes.`);
  }
  return name.trim();
}

function tlsOf(parameters: URLSearchParams, host: string): TlsUse {
  const mode = modeOf(parameters.get("sslmode") ?? process.env["PGSSLMODE"] ?? null, host);
  const ca = fileOf(parameters, "sslrootcert", "PGSSLROOTCERT");
  const cert = fileOf(parameters, "sslcert", "PGSSLCERT");
  const key = fileOf(parameters, "sslkey", "PGSSLKEY");
  const files = {
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  };
  switch (mode) {
    case "disable":
      return { use: "never", options: {} };
    case "allow":
    case "prefer":
      return { use: "try", options: { ...files, rejectUnauthorized: false } };
    case "require":
      return ca === null
        ? { use: "always", options: { ...files, rejectUnauthorized: false } }
        : { use: "always", options: { ...files, checkServerIdentity: () => undefined } };
    case "verify-ca":
      if (ca === null) {
        throw refuse("sslmode=verify-ca wants the file of the authority's certificate: sslrootcert=FILE.");
      }
      return { use: "always", options: { ...files, checkServerIdentity: () => undefined } };
    case "verify-full":
      return { use: "always", options: files };
  }
}

function modeOf(text: string | null, host: string): SslMode {
  if (text === null || text === "") {
    return isThisMachine(host) ? "disable" : "require";
  }
  const mode = modes.find((one) => one === text);
  if (mode === undefined) {
    throw refuse(`there is no sslmode "${text}". There are: ${modes.join(", ")}.`);
  }
  return mode;
}

function isThisMachine(host: string): boolean {
  return host.startsWith("/") || /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
}

function fileOf(parameters: URLSearchParams, parameter: string, variable: string): string | null {
  const path = parameters.get(parameter) ?? process.env[variable] ?? "";
  // libpq's word for the authorities that the system trusts.
  if (path === "" || path === "system") {
    return null;
  }
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw refuse(`the file of ${parameter} cannot be read: ${messageOf(error)}.`, error);
  }
}
