/** How work with a frame of Dask differs from work with one of pandas. All of it was tried on a cluster. */
const differences = `df is a Dask DataFrame on Ray: its parts are read and computed all over the cluster, and nothing is computed before .compute() or head(). It is not pandas:
- Filter, choose columns, assign, group and aggregate on df itself; call .compute() only on small results (a group-by, describe(), value_counts(), nlargest(10, …)). Never df.compute(), list(df) or a loop over its rows: the whole table does not fit here.
- Several results in one pass over the file: a, b = dask.compute(x, y). len(df) counts rows; df.shape[0] is lazy.
- There is no iloc for rows, no rank, no duplicated. Use conditions (df[df["a"] > 3]), head(n), nlargest, nsmallest, drop_duplicates, sample(frac=…).
- Rows have no order across parts and the index begins anew in each. For the top rows use nlargest or nsmallest; sort_values and set_index work and move the whole table. resample and rolling need set_index on the time first.
- quantile, median_approximate and the quartiles of describe() are approximate: say so in the answer. groupby(…)["a"].median() is exact and moves data.
- pivot_table wants known categories: df.categorize(["b"]).pivot_table(index="a", columns="b", values="c", aggfunc="sum"), one name each, then .compute().
- Merge with a small pandas DataFrame freely; merging two large ones moves both.
- apply and map_partitions want meta=, such as meta=("name", "f8"). Nothing is changed in place: df = df.assign(c=df["a"] * 2).
- An error on types when reading names the dtype= to add to the reading call. Plot only small results, after .compute().`;

/** What an author is told of a table that its Python cannot hold and that lies spread over a cluster. */
export function daskAdvice(needs: string, has: string, suffix: string): string {
  const text = `As a pandas DataFrame this table would take about ${needs}, and Python may use ${has} there. Do not read it with pandas. ${differences}`;
  return suffix === "" ? text : text.replaceAll(/\bdf\b/gu, `df${suffix}`);
}
