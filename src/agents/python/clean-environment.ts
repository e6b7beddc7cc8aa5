/** An environment of a process, as Node gives it. */
export type Environment = { readonly [name: string]: string | undefined };

/**
 * Names that programs need and that hold no keys. A list of what is allowed, not of what is forbidden: keys have
 * any name. Compared without regard to case, as Windows does.
 */
const allowed = new RegExp(
  `^(?:${[
    // The person, their folders and their terminal.
    "PATH|HOME|USER|LOGNAME|SHELL|PWD|HOSTNAME|TMPDIR|TEMP|TMP|TERM|COLORTERM|TERM_PROGRAM(?:_VERSION)?|COLUMNS|LINES|NO_COLOR",
    "XDG_(?:CACHE|CONFIG|DATA|STATE)_(?:HOME|DIRS)|XDG_RUNTIME_DIR|XDG_(?:DATA|CONFIG)_DIRS",
    // Language and time.
    "LANG|LANGUAGE|LC_[A-Z_]+|TZ|TZDIR",
    // Windows.
    "SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|OS|USERNAME|USERPROFILE|USERDOMAIN|HOMEDRIVE|HOMEPATH|PUBLIC|APPDATA|LOCALAPPDATA|ALLUSERSPROFILE|PROGRAMDATA|PROGRAMFILES(?:\\(X86\\))?|PROGRAMW6432|COMMONPROGRAMFILES(?:\\(X86\\))?|COMMONPROGRAMW6432|COMPUTERNAME|PROCESSOR_[A-Z]+|NUMBER_OF_PROCESSORS",
    // Libraries: where they lie, how many threads they take, where their own data is.
    "LD_LIBRARY_PATH|LD_PRELOAD|DYLD_(?:FALLBACK_)?(?:LIBRARY|FRAMEWORK)_PATH|NIX_LD(?:_LIBRARY_PATH)?|LOCALE_ARCHIVE",
    "(?:OMP|MKL|OPENBLAS|NUMEXPR|VECLIB|GOTO|RAYON|POLARS|BLIS)(?:_MAX)?_(?:NUM_)?THREADS|OMP_[A-Z_]+|KMP_[A-Z_]+|MALLOC_[A-Z_]+",
    "CUDA_[A-Z_]+|NVIDIA_[A-Z_]+|ROCM_[A-Z_]+|HIP_[A-Z_]+|JAVA_HOME|JRE_HOME|SPARK_HOME|HADOOP_HOME|R_HOME|PROJ_(?:LIB|DATA)|GDAL_DATA|FONTCONFIG_(?:FILE|PATH)|MPLCONFIGDIR|MPLSTYLE",
    "HF_HOME|HF_DATASETS_CACHE|NLTK_DATA|SCIKIT_LEARN_DATA|SEABORN_DATA|TORCH_HOME",
    // The environment of Python that was chosen.
    "VIRTUAL_ENV|CONDA_PREFIX|CONDA_DEFAULT_ENV|CONDA_EXE|CONDA_SHLVL|MAMBA_ROOT_PREFIX|PYENV_ROOT|PYENV_VERSION|PYTHONPYCACHEPREFIX|PYTHONHASHSEED",
    // The way to the network.
    "(?:HTTP|HTTPS|ALL|FTP|NO)_PROXY|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS",
  ].join("|")})$`,
  "i",
);

/** What an index of packages, its client and its builds are set up with; may hold the password of a private index. */
const installing = /^(?:PIP|UV)_[A-Z_]+$/i;

/** Texts that are keys, whatever they are called: of services by their prefix, tokens, private keys. */
const keyLike =
  /(?:^|[^A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{16,}|(?:sk|pk|rk)_(?:live|test)_\w{10,}|gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|hf_[A-Za-z0-9]{20,}|AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----)/;
/** An address that carries a user and a password. */
const addressWithPassword = /:\/\/[^/@\s]*:[^/@\s]+@/;

/**
 * What Python and the code in it are given of `environment`: names from a list, and of these none whose value is a key
 * or carries a password. So it holds no key, whatever a key is called.
 */
export function cleanEnvironment(environment: Environment): { readonly [name: string]: string } {
  return kept(environment, (name, value) => allowed.test(name) && !isKeyLike(value));
}

/** What the installer of packages is given: the same, and the settings of its own that say where packages come from. */
export function installerEnvironment(environment: Environment): { readonly [name: string]: string } {
  return kept(environment, (name, value) => installing.test(name) || (allowed.test(name) && !keyLike.test(value)));
}

function kept(
  environment: Environment,
  isKept: (name: string, value: string) => boolean,
): { readonly [name: string]: string } {
  const result: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && isKept(name, value)) {
      result[name] = value;
    }
  }
  return result;
}

function isKeyLike(value: string): boolean {
  return keyLike.test(value) || addressWithPassword.test(value);
}
