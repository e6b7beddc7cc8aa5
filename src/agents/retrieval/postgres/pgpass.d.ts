declare module "pgpass" {
  /** Finds the password of a connection in the file that PostgreSQL's clients share. */
  export default function pgpass(
    connection: { readonly host: string; readonly port: number; readonly database: string; readonly user: string },
    found: (password: string | undefined) => void,
  ): void;
}
