/** Names of files that hold keys and passwords, in lower case. */
const secretNames: readonly RegExp[] = [
  /^\.env$/,
  /^\.env[._-](?!(?:.*\.)?(?:example|sample|template|dist|defaults?)$)/,
  /^.+\.env$/,
  /^\.envrc$/,
  /^(?:ssh_)?id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk)?(?:[._-].*)?$/,
  /\.(?:pem|p12|pfx|p8|pkcs12|jks|jceks|bks|keystore|kdbx?|key|ppk|ovpn|keytab|gpg|asc|agilekeychain|tfstate)$/,
  /\.tfstate\.backup$/,
  /\.(?:auto\.)?tfvars(?:\.json)?$/,
  /^\.?(?:netrc|pgpass|my\.cnf|mylogin\.cnf|htpasswd|htdigest|git-credentials|dockercfg|pypirc|s3cfg|boto|vault-token|vault_pass|vault-pass)$/,
  /^_netrc$/,
  /^\.(?:npmrc|yarnrc|yarnrc\.yml)$/,
  /^(?:secret|secrets|credential|credentials)(?:\.(?:json|ya?ml|toml|ini|txt|cfg|conf|properties|xml|enc))?$/,
  /^client_secrets?.*\.json$/,
  /^(?:.*service[-_]?account.*|.*firebase-adminsdk.*|application_default_credentials)\.json$/,
  /^(?:.*[._-])?kube[._-]?config(?:\.(?:ya?ml|json))?$/,
  /^(?:auth|sftp-config|local\.settings)\.json$/,
  /^(?:rclone\.conf|settings-security\.xml)$/,
  /^\.(?:terraformrc|dockerconfigjson|ftpconfig|secrets?)$/,
  /^wallet\.dat$/,
  /^(?:shadow|gshadow|master\.passwd)$/,
  /^\.(?:bash|zsh|python|psql|mysql|node_repl|sqlite|rediscli)_history$/,
];

/** Folders of which nothing is read. */
const secretFolders = /(?:^|\/)\.(?:ssh|gnupg|aws|azure|kube|docker|password-store|config\/(?:gcloud|gh|hub|op))\//;

/** How a key of the program PuTTY begins. */
const puttyKey = /^PuTTY-User-Key-File-\d: \S/;

/** A text of which this share is private keys is one that holds keys, whatever it says beside. */
const mostlyKey = 0.8;

/**
 * Says whether a file is for keeping keys or passwords, by its name and its folder.
 *
 * @param path relative to the indexed folder, with `/`
 */
export function isSecretPath(path: string): boolean {
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf("/") + 1);
  return secretFolders.test(lower) || secretNames.some((pattern) => pattern.test(name));
}

/**
 * Says whether a text is a key and little else, whatever the file is called.
 *
 * @param privateShare of the text that private keys take, 0 to 1
 */
export function isPrivateKey(text: string, privateShare: number): boolean {
  return privateShare > mostlyKey || puttyKey.test(text);
}
