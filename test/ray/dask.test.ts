import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { sharedCluster } from "./shared-cluster.ts";
import { openWindow } from "./test-window.ts";

const cluster = sharedCluster();
const cities = ["Lyon", "Oslo", "Köln", "北京"];
const rows = 60_000;

/** Rows of which every one is known. */
function sales(): string {
  const lines = Array.from(
    { length: rows },
    (_, row) => `${cities[(row * 7) % 4]},${row % 100},${(((row * 7919) % rows) / 10).toFixed(1)}`,
  );
  return ["city,shop,amount", ...lines].join("\n");
}

/** As authors are told to begin, and the same table in pandas to compare with. */
const begin = `
import json, ray
import pandas as pd
import dask, dask.dataframe as dd
from ray.util.dask import ray_dask_get
ray.init(address="auto", log_to_driver=False, logging_level="ERROR", ignore_reinit_error=True)
dask.config.set({"scheduler": ray_dask_get, "dataframe.shuffle.method": "tasks"})
path = "sales.csv"
df = dd.read_csv(path, blocksize="100KB", dtype={"city": "string", "shop": "int64", "amount": "float64"})
whole = pd.read_csv(path)
print(df.npartitions)
`;

const compare = `
found = {}
found["describe"] = bool(abs(df.describe().compute().loc["mean", "amount"] - whole.amount.mean()) < 1e-6)
shops = df.groupby("shop").amount.mean().reset_index()
found["merge"] = len(df.merge(shops, on="shop")) == len(whole)
small = pd.DataFrame({"city": ["Lyon", "Oslo"], "country": ["FR", "NO"]})
found["merge small"] = len(df.merge(small, on="city")) == int(whole.city.isin(["Lyon", "Oslo"]).sum())
found["sort"] = df.sort_values("amount", ascending=False).head(3).amount.tolist() == whole.amount.nlargest(3).tolist()
found["quantile"] = bool(abs(df.amount.quantile(0.5).compute() - whole.amount.median()) < whole.amount.max() * 0.01)
pivot = df.categorize(["city"]).pivot_table(index="shop", columns="city", values="amount", aggfunc="sum").compute()
right = whole.pivot_table(index="shop", columns="city", values="amount", aggfunc="sum", fill_value=0)
found["pivot"] = bool(abs(pivot.loc[3, "Oslo"] - right.loc[3, "Oslo"]) < 1e-6) and pivot.shape == right.shape
found["value_counts"] = df.city.value_counts().compute().to_dict() == whole.city.value_counts().to_dict()
try:
    df.iloc[3:5].compute()
except NotImplementedError as error:
    found["no iloc"] = True
print(json.dumps(found))
`;

/** Where the parts of the table were read. */
const places = `
where = lambda part: part.assign(node=ray.util.get_node_ip_address())[["node"]]
seen = df.map_partitions(where, meta={"node": "object"}).drop_duplicates()
print(json.dumps(sorted(set(seen.compute(ray_remote_args={"scheduling_strategy": "SPREAD"}).node))))
`;

const hidden = `
import os
print(os.path.exists(os.environ["RAY_AUTH_TOKEN_PATH"]), [name for name, value in os.environ.items() if "canary" in value])
`;

test("a table is worked on all over the cluster by code of a session", { timeout: 600_000 }, async () => {
  const window = await openWindow(cluster);
  // A small limit: what Ray maps for its own use does not count.
  const python = await window.python({ resources: { memoryBytes: 2 ** 30 } });
  writeFileSync(join(python.folder, "work", "sales.csv"), sales());
  expect((await python.run(hidden)).text).toBe("False []\n");
  const begun = await python.run(begin);
  expect(begun.text).toMatch(/^\d+\n$/u);
  expect(begun).toMatchObject({ status: "ok" });
  expect(Number(begun.text)).toBeGreaterThan(4);
  const compared = await python.run(compare);
  expect(compared).toMatchObject({ status: "ok" });
  const found = z.record(z.string(), z.boolean()).parse(JSON.parse(compared.text));
  const names = ["describe", "merge", "merge small", "sort", "quantile", "pivot", "value_counts", "no iloc"];
  expect(found).toEqual(Object.fromEntries(names.map((name) => [name, true])));
  const nodes = z.array(z.string()).parse(JSON.parse((await python.run(places)).text));
  expect(nodes.length).toBeGreaterThan(1);
  const limited = await python.run("y = bytearray(40 * 2**30)");
  expect(limited).toMatchObject({ status: "error", outputs: [{ type: "error", name: "MemoryError" }] });
  expect(await copies()).toBeGreaterThan(1);
  await python.interpreter.close();
  await expect.poll(() => copies(), { timeout: 30_000, interval: 1000 }).toBe(0);
});

/** How many copies of the table lie on the nodes, apart from the contents that are kept by their hash. */
async function copies(): Promise<number> {
  const inSession = "session_*/byzer/*/kernel/*/work/sales.csv";
  // Ray's folder, which hosts that are all this machine have in the cluster's.
  const patterns = [`/tmp/ray/${inSession}`, `${cluster.plan.folder}/r/${inSession}`];
  const code = `
import glob
print(sum(len(glob.glob(pattern)) for pattern in ${JSON.stringify(patterns)}))
`;
  const printed = await Promise.all(["head", "n1", "n2"].map((host) => cluster.runPython(host, code)));
  return printed.reduce((sum, text) => sum + Number(text), 0);
}
