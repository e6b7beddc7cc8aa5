import type { SecretStorage } from "vscode";
import * as z from "zod/mini";
import type { Admissions } from "../../agents/remote/cluster.ts";

/** What is secret of clusters, by the address of their dashboard: in the editor's secret storage and nowhere else. */
export interface ClusterSecrets {
  /** Ray's own token; `null` where none is kept. */
  rayToken(dashboard: string): Promise<string | null>;
  /** `undefined` forgets it. */
  setRayToken(dashboard: string, token: string | undefined): Promise<void>;
  /** What this machine is known by. */
  readonly admissions: Admissions;
}

const admissionSchema = z.object({ token: z.string(), serve: z.string() });

/** Secrets of clusters that are kept in `secrets`. */
export function clusterSecrets(secrets: SecretStorage): ClusterSecrets {
  const put = async (key: string, value: string | undefined): Promise<void> => {
    await (value === undefined ? secrets.delete(key) : secrets.store(key, value));
  };
  return {
    rayToken: async (dashboard) => (await secrets.get(tokenKey(dashboard))) ?? null,
    setRayToken: (dashboard, token) => put(tokenKey(dashboard), token),
    admissions: {
      get: async (dashboard) => {
        const kept = await secrets.get(admissionKey(dashboard));
        return kept === undefined ? undefined : admissionSchema.safeParse(JSON.parse(kept)).data;
      },
      set: (dashboard, admission) =>
        put(admissionKey(dashboard), admission === undefined ? undefined : JSON.stringify(admission)),
    },
  };
}

function tokenKey(dashboard: string): string {
  return `byzer.ray-token:${dashboard}`;
}

function admissionKey(dashboard: string): string {
  return `byzer.ray-admission:${dashboard}`;
}
