/** An environment of a process, as Node gives it. */
export type Environment = { readonly [name: string]: string | undefined };

const SECRET_NAME = /KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|AUTH|COOKIE|_PAT$|_DSN$/i;
const SECRET_PREFIX =
  /^(?:OPENAI|ANTHROPIC|AWS|AZURE|GOOGLE|GCP|GITHUB|GITLAB|HF|HUGGING_FACE|NPM|DOCKER|KUBE|VAULT|BYZER|VSCODE|ELECTRON)_/i;
/** An address that carries a user and a password. */
const SECRET_VALUE = /:\/\/[^/@\s:]+:[^/@\s]+@/;
/** Would change which modules Python finds, or how it starts and ends. */
const PYTHON_NAME = /^PYTHON(?!PYCACHEPREFIX$|HASHSEED$)/i;
/** Names that match above and hold nothing secret. */
const HARMLESS = new Set(["XDG_SESSION_ID", "KEYBOARD_LAYOUT"]);

/**
 * The names in `environment` that code of a model must not see, or that would bend Python: keys, tokens, passwords,
 * cloud accounts, the editor's own variables, and `PYTHON…` settings. A terminal unsets them.
 */
export function unwantedNames(environment: Environment): readonly string[] {
  return Object.entries(environment)
    .filter(([name, value]) => value !== undefined && !HARMLESS.has(name) && isUnwanted(name, value))
    .map(([name]) => name);
}

/** `environment` without its {@link unwantedNames}. */
export function cleanEnvironment(environment: Environment): { readonly [name: string]: string } {
  const unwanted = new Set(unwantedNames(environment));
  const kept: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !unwanted.has(name)) {
      kept[name] = value;
    }
  }
  return kept;
}

function isUnwanted(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || SECRET_PREFIX.test(name) || PYTHON_NAME.test(name) || SECRET_VALUE.test(value);
}
