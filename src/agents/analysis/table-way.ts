import type { TableProfile } from "../protocol/table-profile.ts";
import { daskReading } from "./dask-reading.ts";
import { type TableRoom, gigabytes, heldBytes, isBeyond } from "./table-room.ts";

/**
 * How a table is worked on. `whole`: Python can hold it, or nobody knows what it can hold. All others are more than it can
 * hold: `pieces` here, piece by piece; `dask`: spread over the cluster; `no-dask`: the cluster's Python lacks Dask;
 * `unsplittable`: on a cluster, and Dask cannot read such a file in parts.
 */
export type TableWay = "whole" | "pieces" | "dask" | "no-dask" | "unsplittable";

interface TableMeans {
  readonly packages?: readonly string[];
  readonly room?: TableRoom;
}

/** How a table is worked on with what a session's Python has. */
export function tableWay(profile: TableProfile, { packages = [], room }: TableMeans): TableWay {
  if (room === undefined || !isBeyond(profile, room.memoryBytes)) {
    return "whole";
  }
  if (room.place === "here") {
    return "pieces";
  }
  return daskReading(profile) === null ? "unsplittable" : packages.includes("dask") ? "dask" : "no-dask";
}

/** What a person is told of a table that Python cannot hold. */
export interface RoomNotice {
  readonly code: "table-beyond-memory";
  readonly text: string;
  readonly values: {
    readonly file: string;
    readonly needs: string;
    readonly has: string;
    readonly way: Exclude<TableWay, "whole">;
  };
}

const ways: Readonly<Record<Exclude<TableWay, "whole">, string>> = {
  pieces: "Agents read it piece by piece. On a Ray cluster with more memory it could be worked on whole.",
  dask: "It is read with Dask and worked on all over the cluster; quantiles are then approximate.",
  "no-dask":
    "Agents read it piece by piece. With dask[dataframe] on the nodes of the cluster it could be worked on all over it; or give this session more of its memory.",
  unsplittable:
    "Agents read it piece by piece: such a file cannot be read in parts by several machines. Give this session more of the cluster's memory, or save the table as Parquet.",
};

/** @returns `null` for a table that Python can hold, as far as anybody knows. */
export function roomNotice(profile: TableProfile, means: TableMeans): RoomNotice | null {
  const way = tableWay(profile, means);
  if (way === "whole" || means.room === undefined) {
    return null;
  }
  const { name: file } = profile;
  const [needs, has] = [gigabytes(heldBytes(profile)), gigabytes(means.room.memoryBytes)];
  const text = `${file} would take about ${needs} of memory as a table, and Python may use ${has}. ${ways[way]}`;
  return { code: "table-beyond-memory", text, values: { file, needs, has, way } };
}
