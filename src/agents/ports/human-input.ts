/** Lets an agent ask the person for words. */
export interface HumanInput {
  /** @returns What the person wrote, or `null` where they want the conversation to end. */
  ask(prompt: string, signal: AbortSignal): Promise<string | null>;
}
