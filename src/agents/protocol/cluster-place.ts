const scheme = "cluster:";

/**
 * What a path like `cluster:/data/handbook` or `cluster:s3://bucket/handbook` names on a cluster; `null` for a path of this
 * machine.
 */
export function clusterPlace(path: string): string | null {
  const place = path.startsWith(scheme) ? path.slice(scheme.length) : "";
  return place.startsWith("/") || /^[a-z][a-z\d+.-]+:\/\//iu.test(place) ? place : null;
}
