import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { isLocalAddress } from "./base-url.ts";

/**
 * Connection pools that go through the proxy named by `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (in either case), for
 * use outside an editor: an editor applies its own proxy settings to Node's pools. Addresses of this machine and of
 * private networks are reached directly. `null` where no proxy is named. Node 22.21 or 24.5 and later know the option;
 * earlier ones connect directly.
 */
export function createProxyAgents(environment: {
  readonly [name: string]: string | undefined;
}): ((url: URL) => HttpAgent | undefined) | null {
  const proxyEnv = Object.fromEntries(
    ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((name) => {
      const value = environment[name.toLowerCase()] ?? environment[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  if (!("HTTP_PROXY" in proxyEnv || "HTTPS_PROXY" in proxyEnv)) {
    return null;
  }
  const options = { keepAlive: true, proxyEnv };
  const plain = new HttpAgent(options);
  const secure = new HttpsAgent(options);
  return (url) => {
    if (isLocalAddress(url.href)) {
      return undefined;
    }
    return url.protocol === "https:" ? secure : plain;
  };
}
