import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";

/** What is wrong with an order, apart from the sentence. */
export type OrderFault = "missing" | "form" | "range" | "unknown" | "secret" | "engine";

const namePattern = /^[a-z0-9][a-z0-9._-]{0,60}$/u;
const builderPattern = /^(?:vllm|[A-Za-z_][\w.]*:[A-Za-z_]\w*)$/u;
/** Of the engine's arguments; `tokenizer` and `max_num_batched_tokens` are none. */
const secretPattern = /(?:^|_)(?:api_?key|password|secret|token|credentials?)$/iu;
const passwordInAddress = /:\/\/[^/@\s]*:[^/@\s]+@/u;

const orderSchema = z.strictObject({
  /** Of the application and of its address. */
  name: z.string().check(z.regex(namePattern)),
  /** What the engine loads: a name of Hugging Face, or a path or address that all nodes can read. */
  model: z.string().check(z.minLength(1), z.maxLength(1000)),
  /** What requests call it; `name` where left out. */
  servedName: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  /** Copies of the model; 1 where left out. */
  workers: z.optional(z.int().check(z.gte(1), z.lte(1000))),
  /** What one copy takes; 0: processors only. 1 where left out. */
  gpusPerWorker: z.optional(z.int().check(z.gte(0), z.lte(64))),
  /** As Ray Serve LLM calls it, such as `A10G`. */
  acceleratorType: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
  /**
   * `vllm`, as where left out: Ray Serve LLM; or `module:function` of the cluster's Python, which makes an application of
   * OpenAI's protocol of the same arguments.
   */
  backend: z.optional(z.string().check(z.regex(builderPattern))),
  /** Handed to the engine as they are. They are seen on the dashboard: secrets are refused. */
  engineArguments: z.optional(z.record(z.string(), z.json())),
});
/** A model that is to be put on a cluster. */
export type ModelOrder = z.infer<typeof orderSchema>;

/** Checks an order before anything is sent. @throws AgentError `remote.model-order`, which names the member */
export function checkModelOrder(order: unknown): ModelOrder {
  const { data, error } = orderSchema.safeParse(order);
  if (data === undefined) {
    const [issue] = error?.issues ?? [];
    throw faulty(...faultOf(issue, order));
  }
  if (passwordInAddress.test(data.model)) {
    throw faulty("model", "secret");
  }
  const secret = secretIn(data.engineArguments ?? {}, "engineArguments");
  if (secret !== undefined) {
    throw faulty(secret, "secret");
  }
  if (data.gpusPerWorker === 0 && data.acceleratorType !== undefined) {
    throw faulty("acceleratorType", "range");
  }
  return data;
}

/** What the engine itself did not take. @param reason In its own words. */
export function refusedByEngine(reason: string): AgentError<"remote.model-order"> {
  return faulty("engineArguments", "engine", reason);
}

function faultOf(issue: z.core.$ZodIssue | undefined, order: unknown): [string, OrderFault] {
  const field = issue?.path.map(String).join(".") ?? "";
  switch (issue?.code) {
    case "unrecognized_keys":
      return [issue.keys.join(", "), "unknown"];
    case "too_big":
    case "too_small":
      return [field, issue.origin === "string" ? "missing" : "range"];
    case "invalid_type":
      return [field, isGiven(order, field) ? "form" : "missing"];
    default:
      return [field, "form"];
  }
}

function isGiven(order: unknown, field: string): boolean {
  return (
    typeof order === "object" &&
    order !== null &&
    Object.entries(order).some(([name, value]) => {
      return name === field.split(".")[0] && value !== undefined;
    })
  );
}

const sentences: Readonly<Record<OrderFault, (field: string) => string>> = {
  missing: (field) => `A model that is to be deployed needs ${field}.`,
  form: (field) => `${field} of a model that is to be deployed is not as it must be. ${formOf(field)}`.trim(),
  range: (field) => `${field} of a model that is to be deployed is out of range. ${formOf(field)}`.trim(),
  unknown: (field) => `Nothing of a model that is to be deployed is called ${field}.`,
  secret: (field) =>
    `${field} would show a secret on the cluster's dashboard, so nothing was deployed. Put it into the environment of the cluster's nodes instead, such as HF_TOKEN.`,
  engine: () => "The engine does not take what it was given.",
};

function formOf(field: string): string {
  const forms: Readonly<Record<string, string>> = {
    name: "It is of small letters, digits, dots, hyphens and underscores, 61 at most, and begins with a letter or a digit.",
    backend: "It is vllm, or module:function of the cluster's Python.",
    workers: "It is a whole number from 1 to 1000.",
    gpusPerWorker: "It is a whole number from 0 to 64.",
    acceleratorType: "A model that takes no GPU has none.",
  };
  return forms[field] ?? "";
}

function faulty(field: string, fault: OrderFault, reason = ""): AgentError<"remote.model-order"> {
  const message = `${sentences[fault](field)}${reason === "" ? "" : ` ${reason}`}`;
  return new AgentError("remote.model-order", { field, fault, reason }, message);
}

/** @returns Where a secret stands, with dots between the names. */
function secretIn(value: unknown, place: string): string | undefined {
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  return Object.entries(value)
    .map(([name, inner]) => {
      const here = `${place}.${name}`;
      const isSecret = typeof inner === "string" && (secretPattern.test(name) || passwordInAddress.test(inner));
      return isSecret ? here : secretIn(inner, here);
    })
    .find((found) => found !== undefined);
}
