/** What a server understands for one model. Starts hopeful; each refusal turns one entry off. */
export interface EndpointTraits {
  tools: boolean;
  parallelToolCalls: boolean;
  streaming: boolean;
  streamOptions: boolean;
  temperature: boolean;
  images: boolean;
  systemRole: boolean;
  /** The name under which the output limit is accepted. */
  maxTokens: "max_tokens" | "max_completion_tokens" | "none";
}

/** Remembers for the life of the process what was learned about endpoints, so that each lesson costs one refusal. */
export interface EndpointMemory {
  /** The live entry of one model at one address; a client changes it as it learns. */
  traitsOf(baseUrl: string, model: string): EndpointTraits;
}

/** An empty memory. One per process is shared by all clients; tests make their own. */
export function createEndpointMemory(): EndpointMemory {
  const entries = new Map<string, EndpointTraits>();
  return {
    traitsOf(baseUrl, model) {
      const key = `${baseUrl}\n${model}`;
      const known = entries.get(key);
      if (known !== undefined) {
        return known;
      }
      const fresh: EndpointTraits = {
        tools: true,
        parallelToolCalls: true,
        streaming: true,
        streamOptions: true,
        temperature: true,
        images: true,
        systemRole: true,
        maxTokens: "max_tokens",
      };
      entries.set(key, fresh);
      return fresh;
    },
  };
}
