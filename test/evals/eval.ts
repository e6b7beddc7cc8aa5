import { argv } from "node:process";

/**
 * `npm run eval [-- retrieval|asking|catalog] [OPTION …]`: recorded answers about tables, the quality of the search, recorded
 * answers about files, or those of the catalog's agents.
 */
if (argv[2] === "retrieval") {
  argv.splice(2, 1);
  await import("./retrieval.ts");
} else if (argv[2] === "asking") {
  argv.splice(2, 1);
  await import("./asking/asking.ts");
} else if (argv[2] === "catalog") {
  argv.splice(2, 1);
  await import("./catalog/catalog.ts");
} else {
  await import("./run.ts");
}
