import { AgentError, messageOf } from "../../base/errors.ts";

/** Who asks which server: what the sentences of errors name. */
export interface DatabaseUser {
  readonly server: string;
  readonly user: string;
}

/** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) or Node's code of an error. */
export function stateOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

const lostStates = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "57P01", "57P02", "57P03"]);

/** Says whether the connection broke, so that another may do better. */
export function isLost(error: unknown): boolean {
  const state = stateOf(error);
  return (
    lostStates.has(state) ||
    state.startsWith("08") ||
    /^(Connection terminated|Client has encountered a connection error|Query read timeout)/.test(messageOf(error))
  );
}

/** Says whether a server that is there gave no answer in time. */
export function isSilent(error: unknown): boolean {
  return messageOf(error).startsWith("Query read timeout");
}

/** Says whether the server has no TLS. */
export function lacksTls(error: unknown): boolean {
  return messageOf(error) === "The server does not support SSL connections";
}

/** Says whether somebody else holds what is needed for longer than one wants to wait at once. */
export function isLocked(error: unknown): boolean {
  return ["55P03", "40P01", "40001"].includes(stateOf(error));
}

/** Says whether a table or a schema is not there. */
export function isMissing(error: unknown): boolean {
  return ["42P01", "3F000"].includes(stateOf(error));
}

/** The error as one of the product, where it is one that a person can do something about. */
export function sharedError(error: unknown, { server, user }: DatabaseUser): unknown {
  if (!(error instanceof Error) || error.name === "AgentError" || error.name === "AbortError") {
    return error;
  }
  const reason = error instanceof AggregateError ? error.errors.map(messageOf).join("; ") : messageOf(error);
  const state = stateOf(error);
  if (state === "28P01" || state === "28000" || /^(SASL|client password must be)/i.test(reason)) {
    return passwordError(error, { server, user });
  }
  if (state === "42501" || state === "25006") {
    return new AgentError(
      "index.denied",
      { server, user, reason },
      `The database of the index at ${server} does not let "${user}" do this: ${reason}. Ask its administrator for the right.`,
      error,
    );
  }
  if (state === "3D000") {
    const message = `There is no such database at ${server}: ${reason}. Mend the address of the index, or have it made.`;
    return new AgentError("index.unreachable", { server, reason }, message, error);
  }
  if (["53100", "53200", "54000"].includes(state)) {
    return new AgentError("index.full", { path: server }, `No room is left at ${server}: ${reason}.`, error);
  }
  if (state === "53300") {
    const message = `${server} has no connection left: ${reason}. Try again later, or let its administrator allow more.`;
    return new AgentError("index.unreachable", { server, reason }, message, error);
  }
  if (isLocked(error)) {
    return new AgentError(
      "index.busy",
      { path: server },
      `Somebody else is writing the index at ${server}. Try again later.`,
      error,
    );
  }
  return isUnreachable(error) ? unreachable(error, server, reason) : error;
}

function passwordError(error: Error, { server, user }: DatabaseUser): AgentError {
  return new AgentError(
    "index.wrong-password",
    { server, user },
    `${server} does not accept "${user}" with this password, or with none: ${messageOf(error)}. Set PGPASSWORD, mend the .pgpass file, or store the password anew.`,
    error,
  );
}

function isUnreachable(error: Error): boolean {
  const state = stateOf(error);
  return (
    isLost(error) ||
    lacksTls(error) ||
    /^(E[A-Z]{3,}|ERR_(TLS|SSL|OSSL)|(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_|HOSTNAME_))/.test(state) ||
    /timeout|establishing an SSL connection/i.test(error.message)
  );
}

function unreachable(error: Error, server: string, reason: string): AgentError {
  const way = lacksTls(error)
    ? "If the network between is trusted, add sslmode=disable to the address of the index."
    : /CERT|SIGNED|ISSUER|ALTNAME/.test(stateOf(error))
      ? "Name its authority's certificate with sslrootcert=FILE, or take another sslmode."
      : "Is it running, and the address of the index right?";
  return new AgentError(
    "index.unreachable",
    { server, reason },
    `The index at ${server} cannot be reached: ${reason}. ${way}`,
    error,
  );
}
