import { afterEach, expect, test, vi } from "vitest";
import { isSharedAddress, readSharedAddress } from "./shared-address.ts";

afterEach(() => vi.unstubAllEnvs());

test("an address says server, user, database and corpus", () => {
  expect(readSharedAddress("postgres://ann@db.example.org:6432/team?corpus=hand%20book")).toMatchObject({
    server: "db.example.org:6432",
    host: "db.example.org",
    port: 6432,
    user: "ann",
    database: "team",
    corpus: "hand book",
  });
  expect(readSharedAddress("postgresql:///team?host=/var/run/postgresql")).toMatchObject({
    host: "/var/run/postgresql",
    database: "team",
    corpus: null,
    tls: { use: "never" },
  });
  expect(readSharedAddress("postgres://[::1]/团队?corpus=手册")).toMatchObject({
    host: "::1",
    database: "团队",
    corpus: "手册",
  });
});

test("what an address leaves out is left to the environment", () => {
  vi.stubEnv("PGHOST", "db.example.org");
  const address = readSharedAddress("postgres://?corpus=a");
  expect([address.server, "host" in address, "user" in address, "database" in address]).toEqual([
    "db.example.org",
    false,
    false,
    false,
  ]);
  expect([address.tls.use, readSharedAddress("postgres://ann@/team")]).toMatchObject([
    "always",
    { server: "db.example.org", user: "ann", database: "team" },
  ]);
  vi.stubEnv("PGHOST", "");
  expect(readSharedAddress("postgres:///team")).toMatchObject({ server: "localhost", tls: { use: "never" } });
});

test.each([
  ["postgres://ann:secret@db/team", "password"],
  ["postgres://db/team?password=secret", "password"],
  ["https://db/team", "does not begin"],
  ["postgres://db:port/team", "cannot be read"],
  ["postgres://db/team?port=99999", "no port"],
  ["postgres://db/team?sslmode=full", "no sslmode"],
  ["postgres://db/team?sslmode=verify-ca", "sslrootcert"],
  ["postgres://db/team?sslrootcert=/none/ca.pem", "cannot be read"],
  ["postgres://db/team?corups=a", "corups"],
  [`postgres://db/team?corpus=${"名".repeat(17)}`, "longer than"],
])("%s is refused", (address, why) => {
  const read = (): unknown => readSharedAddress(address);
  expect(read).toThrow(expect.objectContaining({ code: "index.address" }));
  expect(read).toThrow(why);
  expect(read).not.toThrow("secret");
});

test.each([
  ["postgres://db/team", "always", false],
  ["postgres://localhost/team", "never", undefined],
  ["postgres://127.0.0.1/team", "never", undefined],
  ["postgres://db/team?sslmode=disable", "never", undefined],
  ["postgres://db/team?sslmode=prefer", "try", false],
  ["postgres://localhost/team?sslmode=verify-full", "always", undefined],
])("%s: TLS %s", (address, use, rejectUnauthorized) => {
  const { tls } = readSharedAddress(address);
  expect([tls.use, tls.options.rejectUnauthorized]).toEqual([use, rejectUnauthorized]);
});

test("other addresses mean no shared index", () => {
  expect(["", "POSTGRES://db/team", "postgresql://db", "mysql://db"].map(isSharedAddress)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
