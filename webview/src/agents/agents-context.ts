import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { NotableAgent } from "../../../src/agents/protocol/agents-page.ts";
import type { ModelPrices } from "../../../src/agents/protocol/model-costs.ts";
import type { Format } from "../text/format.ts";
import type { AgentsHost } from "./agents-host.ts";
import type { AgentsStrings } from "./agents-strings.ts";

/** What every part of the page may use. */
export interface AgentsContext {
  readonly host: AgentsHost;
  readonly strings: AgentsStrings;
  readonly format: Format;
  readonly prices: ModelPrices;
  readonly agents: readonly NotableAgent[];
}

export const AgentsPageContext = createContext<AgentsContext | null>(null);

/** @throws when a component stands outside the page. */
export function useAgentsPage(): AgentsContext {
  const page = useContext(AgentsPageContext);
  if (page === null) {
    throw new Error("A component needs the page around it.");
  }

  return page;
}
