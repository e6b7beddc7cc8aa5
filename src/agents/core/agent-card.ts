/** Who an agent is: data that routing, the page and the documentation read. */
export interface AgentCard {
  /** As in `@name` and in the transcript. */
  readonly name: string;
  /** When to choose it: one sentence for the router and for people. */
  readonly purpose: string;
  /** Its system message; the person may edit it while the session runs. */
  readonly instructions: string;
}
