import {
  type FromAgentHost,
  type ToAgentHost,
  fromAgentHostSchema,
  toAgentHostSchema,
} from "../../protocol/remote-agents.ts";

type Kept = Extract<FromAgentHost, { readonly type: "keep" }>;

/** What a host starts with whose forerunner was lost. */
export interface Resumption {
  readonly entries: Extract<ToAgentHost, { readonly type: "restore" }>["entries"];
  /** Orders that were given and of which nothing came yet, in their order. */
  readonly orders: readonly ToAgentHost[];
}

/** Folds what was said before into what is left to do. */
export class ToldAgain {
  readonly #kept = new Map<string, Kept["value"]>();
  readonly #answered = new Set<string>();
  readonly #finished = new Set<string>();
  #orders: ToAgentHost[] = [];

  hear(from: "window" | "group", body: unknown): void {
    if (from === "window") {
      this.#order(toAgentHostSchema.parse(body));
      return;
    }

    const said = fromAgentHostSchema.parse(body);
    if (said.type === "keep") {
      this.#keep(said);
    } else if (said.type === "replied" || said.type === "failed") {
      this.#answered.add(said.message);
    }
  }

  get resumption(): Resumption {
    const orders = this.#orders.filter(
      (order) =>
        !("run" in order && this.#finished.has(order.run)) &&
        !(order.type === "begin" && this.#finished.has(order.beginning.run)) &&
        !(order.type === "deliver" && this.#answered.has(order.message.id)),
    );
    return { entries: [...this.#kept].map(([key, value]) => ({ key, value })), orders };
  }

  #order(order: ToAgentHost): void {
    if (order.type === "finish") {
      this.#finished.add(order.run);
    }

    this.#orders.push(order);
  }

  #keep({ key, value }: Kept): void {
    if (value === null) {
      this.#kept.delete(key);
    } else {
      this.#kept.set(key, value);
    }
  }
}
