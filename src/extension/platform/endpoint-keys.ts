import type { SecretStorage } from "vscode";
import { normalizeBaseUrl } from "../../agents/models/base-url.ts";

/** API keys, one per base URL, in the editor's secret storage and nowhere else. */
export interface EndpointKeys {
  /** Read at the moment of use; `undefined` where none is kept. */
  get(baseUrl: string): Promise<string | undefined>;
  set(baseUrl: string, key: string): Promise<void>;
  remove(baseUrl: string): Promise<void>;
}

/** Keys kept in `secrets`. Addresses that mean the same share a key. */
export function createEndpointKeys(secrets: SecretStorage): EndpointKeys {
  return {
    get: async (baseUrl) => secrets.get(nameOf(baseUrl)),
    set: async (baseUrl, key) => secrets.store(nameOf(baseUrl), key.trim()),
    remove: async (baseUrl) => secrets.delete(nameOf(baseUrl)),
  };
}

function nameOf(baseUrl: string): string {
  return `byzer.key:${normalizeBaseUrl(baseUrl)}`;
}
