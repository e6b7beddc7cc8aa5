/** Which versions of Ray are used: the range, and the one that everything is tested with. */
export const rayVersions = { tested: "2.58.0", min: "2.52.0", below: "3" } as const;

/** Which versions of Python the cluster's side runs on. */
export const clusterPythons = { min: "3.10" } as const;

/** Whether a version of Ray is in the range. What comes before a release, such as `3.0.0.dev0`, counts as the release. */
export function isUsableRay(version: string): boolean {
  return compareVersions(version, rayVersions.min) >= 0 && compareVersions(version, rayVersions.below) < 0;
}

/** Negative where `left` is older, positive where it is newer; numbers that are not written count as 0. */
export function compareVersions(left: string, right: string): number {
  const [ours, theirs] = [numbersOf(left), numbersOf(right)];
  const places = Math.max(ours.length, theirs.length);
  for (let place = 0; place < places; place += 1) {
    const difference = (ours[place] ?? 0) - (theirs[place] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function numbersOf(version: string): readonly number[] {
  const [release = ""] = /^\d+(?:\.\d+)*/u.exec(version) ?? [];
  return release.split(".").map(Number);
}
