import { AgentError } from "../base/errors.ts";

const dashboardPort = "8265";
const servePort = 8000;

/** Where things of a cluster are. */
export interface ClusterAddress {
  /** Of the dashboard, such as `http://10.0.0.4:8265`: what a person gives, and the name of a cluster. No slash at its end. */
  readonly dashboard: string;
  /** Of Ray Serve, such as `http://10.0.0.4:8000`. No slash at its end. */
  readonly serve: string;
}

/**
 * Reads the address of a cluster as people write it: a host, a host with the dashboard's port, a URL, or that of Ray's own
 * client (`ray://…`), of which the host is taken.
 *
 * @param serve Of Ray Serve, where it is not on port 8000 of the same host.
 * @throws AgentError `remote.not-ray` for what is no address
 */
export function clusterAddress(text: string, serve?: string): ClusterAddress {
  const dashboard = dashboardUrl(text.trim());
  return {
    dashboard: plain(dashboard),
    serve: serve === undefined || serve.trim() === "" ? serveBeside(dashboard, servePort) : plain(parse(serve.trim())),
  };
}

/** Where Ray Serve is when its port is known. */
export function withServePort({ dashboard }: ClusterAddress, port: number): ClusterAddress {
  return { dashboard, serve: serveBeside(new URL(dashboard), port) };
}

/** Where the link of a gateway begins. */
export function linkUrl({ serve }: ClusterAddress): string {
  return `${serve.replace(/^http/u, "ws")}/byzer/v1/link`;
}

/** Whether an address is of this machine, so that nobody else is to reach what we start there. */
export function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/u.test(hostname);
}

function dashboardUrl(text: string): URL {
  const hostOnly = /^ray:\/\/([^/:]+|\[[^\]]+\])/u.exec(text)?.[1];
  if (hostOnly !== undefined) {
    return parse(`http://${hostOnly}:${dashboardPort}`);
  }
  const url = parse(/^[a-z][a-z\d+.-]*:\/\//iu.test(text) ? text : `http://${text}`);
  const saysPort = /^(?:https?:\/\/)?(?:\[[^\]]+\]|[^/:]+):\d+/iu.test(text);
  if (!saysPort && url.protocol === "http:") {
    url.port = dashboardPort;
  }
  return url;
}

function serveBeside(dashboard: URL, port: number): string {
  return `${dashboard.protocol}//${dashboard.hostname}:${port}`;
}

function plain(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/u, "")}`;
}

function parse(text: string): URL {
  try {
    const url = new URL(text);
    if (url.hostname !== "" && (url.protocol === "http:" || url.protocol === "https:") && url.username === "") {
      return url;
    }
  } catch {
    // Said below.
  }
  const message = `"${text}" is no address of a Ray cluster. Give the one of its dashboard, such as http://10.0.0.4:${dashboardPort}.`;
  throw new AgentError("remote.not-ray", { address: text, reason: "it is no address" }, message);
}
