import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import type { JobResult } from "./cluster-control.ts";
import { clusterPythons, rayVersions } from "./ray-version.ts";

const failureSchema = z.looseObject({
  code: z.optional(z.string()),
  message: z.optional(z.string()),
  values: z.optional(z.record(z.string(), z.string())),
});

/** What a job says that went wrong. */
export interface JobFailure {
  /** Empty where it said none. */
  readonly code: string;
  readonly message: string;
  readonly values: { readonly [name: string]: string };
}

/** Reads what a job that failed has said. */
export function readJobFailure(result: JobResult): JobFailure {
  const { code = "", message = "", values = {} } = failureSchema.safeParse(result).data ?? {};
  return { code, message, values };
}

/** @throws AgentError `remote.*` for what a job said that went wrong; nothing where all went well */
export function refuseFailedJob(address: string, verb: string, result: JobResult): void {
  if (!result.ok) {
    throw jobError(address, verb, readJobFailure(result));
  }
}

/** The error for what went wrong in a job. @param verb Which job it was. */
export function jobError(address: string, verb: string, { code, message, values }: JobFailure): AgentError {
  const found = values["found"] ?? "";
  switch (code) {
    case "prefix-taken":
      return prefixTaken(address, values["application"] ?? "");
    case "ray-version":
      return new AgentError("remote.ray-version", { address, found, wanted: rayVersions.tested }, message);
    case "python-version":
      return new AgentError("remote.python-version", { address, found, wanted: clusterPythons.min }, message);
    case "serve-missing":
      return new AgentError("remote.serve-missing", { address }, message);
    case "memory":
    case "resources":
      return new AgentError("remote.resources", { address, reason: message }, message);
    default: {
      const text = `The job "${verb}" on the cluster at ${address} failed: ${message}`;
      return new AgentError("remote.job-failed", { address, verb, tail: message }, text);
    }
  }
}

/** Another application has our place. */
export function prefixTaken(address: string, application: string): AgentError {
  const message = `Another application ("${application}") of the cluster at ${address} is served at /byzer. It was left alone; move it to another place to connect.`;
  return new AgentError("remote.prefix-taken", { address, application }, message);
}
