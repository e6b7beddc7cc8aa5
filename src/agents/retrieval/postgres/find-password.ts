import pgpass from "pgpass";

/** Whom a password is for. */
export type PasswordOwner = Parameters<typeof pgpass>[0];

/** The password that is known, else that of PGPASSWORD, else that of the .pgpass file. */
export async function findPassword(
  known: string | undefined,
  owner: PasswordOwner | null,
): Promise<string | undefined> {
  const given = known ?? process.env["PGPASSWORD"];
  if (given !== undefined && given !== "") {
    return given;
  }
  if (owner === null) {
    return undefined;
  }
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  pgpass(owner, resolve);
  return await promise;
}
