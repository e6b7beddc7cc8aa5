"""What calls do beyond computing, as tables. Read by ``effects``; advice for a reviewer, not a sandbox."""

from typing import Optional

READ = "read-file"
WRITE = "write-file"
DELETE = "delete-file"
PROCESS = "process"
NETWORK = "network"
DYNAMIC = "dynamic-code"
ENVIRONMENT = "environment"
CHANGE = "change-data"


def _all(kind: str, module: str, names: str) -> dict[str, str]:
    return {f"{module}.{name}" if module else name: kind for name in names.split()}


# Full names, called or only mentioned (`map(os.remove, files)`).
NAMES: dict[str, str] = {
    **_all(DYNAMIC, "", "eval exec compile __import__ __builtins__"),
    **_all(DYNAMIC, "builtins", "eval exec compile __import__ __dict__"),
    **_all(DYNAMIC, "importlib", "import_module reload __import__"),
    **_all(DYNAMIC, "importlib.util", "spec_from_file_location module_from_spec spec_from_loader"),
    **_all(DYNAMIC, "runpy", "run_path run_module"),
    **_all(DYNAMIC, "code", "interact InteractiveConsole InteractiveInterpreter"),
    **_all(DYNAMIC, "types", "FunctionType CodeType"),
    **_all(DYNAMIC, "marshal", "load loads"),
    **_all(DYNAMIC, "pickle", "load loads Unpickler"),
    **_all(DYNAMIC, "dill", "load loads"),
    **_all(DYNAMIC, "cloudpickle", "load loads"),
    **_all(DYNAMIC, "joblib", "load"),
    **_all(DYNAMIC, "torch", "load"),
    **_all(DYNAMIC, "yaml", "load unsafe_load full_load"),
    **_all(DYNAMIC, "shelve", "open"),
    **_all(DYNAMIC, "pandas", "read_pickle"),
    **_all(PROCESS, "os", "system popen fork forkpty kill killpg startfile abort _exit posix_spawn posix_spawnp"),
    **_all(PROCESS, "os", "execl execle execlp execlpe execv execve execvp execvpe"),
    **_all(PROCESS, "os", "spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe"),
    **_all(PROCESS, "asyncio", "create_subprocess_exec create_subprocess_shell"),
    **_all(PROCESS, "concurrent.futures", "ProcessPoolExecutor"),
    **_all(PROCESS, "multiprocessing", "Process Pool Manager get_context"),
    **_all(PROCESS, "multiprocessing.pool", "Pool"),
    **_all(PROCESS, "pty", "spawn fork"),
    **_all(PROCESS, "pyspark.sql.SparkSession.builder", "master getOrCreate"),
    **_all(PROCESS, "ray", "init"),
    **_all(PROCESS, "webbrowser", "open open_new open_new_tab get"),
    **_all(DELETE, "os", "remove unlink rmdir removedirs"),
    **_all(DELETE, "shutil", "rmtree"),
    **_all(WRITE, "os", "rename renames replace truncate makedirs mkdir symlink link chmod chown mkfifo utime"),
    **_all(WRITE, "shutil", "move copy copy2 copyfile copytree copyfileobj make_archive unpack_archive chown"),
    **_all(WRITE, "tempfile", "NamedTemporaryFile TemporaryFile TemporaryDirectory mkstemp mkdtemp"),
    **_all(WRITE, "numpy", "save savez savez_compressed savetxt"),
    **_all(WRITE, "joblib", "dump"),
    **_all(WRITE, "pandas", "ExcelWriter HDFStore"),
    **_all(WRITE, "pyarrow.parquet", "write_table ParquetWriter"),
    **_all(WRITE, "logging", "FileHandler"),
    **_all(READ, "os", "listdir scandir walk"),
    **_all(READ, "glob", "glob iglob"),
    **_all(READ, "numpy", "loadtxt genfromtxt fromfile load memmap"),
    **_all(READ, "openpyxl", "load_workbook"),
    **_all(READ, "xlrd", "open_workbook"),
    **_all(READ, "PIL.Image", "open"),
    **_all(READ, "matplotlib.pyplot", "imread"),
    **_all(READ, "pyarrow.parquet", "read_table ParquetFile"),
    **_all(READ, "pandas", "ExcelFile"),
    **_all(READ, "linecache", "getline getlines"),
    **_all(READ, "fileinput", "input"),
    **_all(ENVIRONMENT, "os", "environ environb getenv putenv unsetenv getlogin"),
    **_all(ENVIRONMENT, "getpass", "getuser"),
    **_all(ENVIRONMENT, "dotenv", "load_dotenv dotenv_values"),
    **_all(NETWORK, "asyncio", "open_connection start_server"),
    **_all(NETWORK, "seaborn", "load_dataset"),
    **_all(NETWORK, "pyspark.sql.SparkSession.builder", "remote"),
    **_all(NETWORK, "nltk", "download"),
    **_all(NETWORK, "datasets", "load_dataset"),
}

# Everything that is called in these modules, but for EXCEPTIONS.
MODULES: dict[str, str] = {
    "subprocess": PROCESS,
    "pip": PROCESS,
    "ensurepip": PROCESS,
    "venv": PROCESS,
    "pexpect": PROCESS,
    "sh": PROCESS,
    "ctypes": DYNAMIC,
    "cffi": DYNAMIC,
    "keyring": ENVIRONMENT,
    "winreg": ENVIRONMENT,
    **dict.fromkeys(
        [
            "requests",
            "httpx",
            "aiohttp",
            "urllib3",
            "urllib.request",
            "http.client",
            "http.server",
            "socket",
            "socketserver",
            "ftplib",
            "smtplib",
            "poplib",
            "imaplib",
            "nntplib",
            "telnetlib",
            "xmlrpc",
            "websockets",
            "websocket",
            "paramiko",
            "boto3",
            "botocore",
            "s3fs",
            "gcsfs",
            "openai",
            "anthropic",
            "pymongo",
            "redis",
            "psycopg",
            "psycopg2",
            "pymysql",
            "MySQLdb",
            "cx_Oracle",
            "oracledb",
            "pyodbc",
            "yfinance",
            "akshare",
            "tushare",
            "huggingface_hub",
            "kagglehub",
            "wget",
            "pandas_datareader",
        ],
        NETWORK,
    ),
}

# In those modules, and harmless.
EXCEPTIONS: frozenset[str] = frozenset(
    [
        "requests.exceptions",
        "requests.utils",
        "requests.codes",
        "requests.compat",
        "urllib.request.pathname2url",
        "urllib.request.url2pathname",
        "http.client.HTTPException",
        "socket.gethostname",
        "socket.timeout",
        "socket.error",
        "socket.inet_aton",
        "socket.inet_ntoa",
        "socket.htons",
        "socket.ntohs",
        "subprocess.CalledProcessError",
        "subprocess.TimeoutExpired",
        "subprocess.list2cmdline",
        "ctypes.sizeof",
        "redis.exceptions",
    ]
)

# Functions whose first argument is a path and whose mode argument decides. Position of the mode, and its default.
OPENERS: dict[str, tuple[int, str]] = {
    "open": (1, "r"),
    "builtins.open": (1, "r"),
    "io.open": (1, "r"),
    "codecs.open": (1, "r"),
    "gzip.open": (1, "r"),
    "bz2.open": (1, "r"),
    "lzma.open": (1, "r"),
    "tarfile.open": (1, "r"),
    "zipfile.ZipFile": (1, "r"),
    "os.open": (1, "r"),
    "pathlib.Path().open": (0, "r"),
}

# Methods by name, whatever they are called on: kind, and the position of the path (None: the object itself).
METHODS: dict[str, tuple[str, Optional[int]]] = {
    "write_text": (WRITE, None),
    "write_bytes": (WRITE, None),
    "read_text": (READ, None),
    "read_bytes": (READ, None),
    "unlink": (DELETE, None),
    "rmdir": (DELETE, None),
    "rmtree": (DELETE, 0),
    "mkdir": (WRITE, None),
    "touch": (WRITE, None),
    "symlink_to": (WRITE, None),
    "hardlink_to": (WRITE, None),
    "tofile": (WRITE, 0),
    "savefig": (WRITE, 0),
    "imsave": (WRITE, 0),
    "save": (WRITE, 0),
    "write_html": (WRITE, 0),
    "write_image": (WRITE, 0),
    "extractall": (WRITE, 0),
    **{
        f"to_{name}": (WRITE, 0)
        for name in [
            "csv",
            "excel",
            "parquet",
            "json",
            "pickle",
            "feather",
            "hdf",
            "html",
            "latex",
            "markdown",
            "xml",
            "stata",
            "orc",
            "sql",
            "string",
        ]
    },
    **{
        f"write_{name}": (WRITE, 0)
        for name in ["csv", "parquet", "excel", "json", "ndjson", "ipc", "avro", "delta", "database"]
    },
    **{f"sink_{name}": (WRITE, 0) for name in ["csv", "parquet", "ndjson", "ipc"]},
}

# Methods that write only where a target is given: without one they return text.
OPTIONAL_TARGET: frozenset[str] = frozenset(
    [
        "to_csv",
        "to_json",
        "to_html",
        "to_latex",
        "to_markdown",
        "to_xml",
        "to_string",
        "to_parquet",
        "to_feather",
        "to_orc",
        "write_csv",
        "write_json",
        "write_ndjson",
        "write_html",
    ]
)
TARGET_KEYWORDS: tuple[str, ...] = (
    "path_or_buf", "path", "buf", "excel_writer", "fname", "filename", "file", "path_or_buffer", "fp", "name", "con",
)  # fmt: skip

# Methods that belong to paths alone: other objects have methods of these names.
PATH_METHODS: dict[str, str] = {
    "rename": WRITE, "replace": WRITE, "chmod": WRITE, "iterdir": READ, "glob": READ, "rglob": READ,
}  # fmt: skip

# Calls that stand for an object kept in memory: writing to it writes no file.
MEMORY_BUFFERS: frozenset[str] = frozenset({"io.StringIO()", "io.BytesIO()", "sys.stdout", "sys.stderr"})

# Connections: a literal target decides between file, memory and network.
DATABASES: frozenset[str] = frozenset({"sqlite3.connect", "duckdb.connect", "sqlalchemy.create_engine"})

# Methods that take a statement of SQL, and the words with which one begins that changes what a connection holds.
SQL_METHODS: frozenset[str] = frozenset({"execute", "executemany", "executescript", "sql"})
SQL_CHANGES: tuple[str, ...] = (
    "insert", "update", "delete", "merge", "drop", "create", "alter", "truncate", "replace", "vacuum", "grant",
    "revoke", "load", "refresh",
)  # fmt: skip
# Those that reach files or the network, whatever the connection holds.
SQL_REACHES: dict[str, str] = {
    "attach": WRITE, "export": WRITE, "import": WRITE, "copy": WRITE, "install": NETWORK,
}  # fmt: skip

# What their method `open` gives is inside a file that is told already.
ARCHIVES: frozenset[str] = frozenset({"zipfile.ZipFile()"})

READER_PREFIXES: tuple[str, ...] = (
    "pandas.read_",
    "polars.read_",
    "polars.scan_",
    "dask.dataframe.read_",
    "geopandas.read_",
    "pyreadstat.read_",
)
READERS_OF_OTHER: dict[str, str] = {
    "pandas.read_clipboard": ENVIRONMENT,
    "pandas.read_sql": NETWORK,
    "pandas.read_sql_query": NETWORK,
    "pandas.read_sql_table": NETWORK,
    "pandas.read_gbq": NETWORK,
}
READER_KEYWORDS: tuple[str, ...] = ("filepath_or_buffer", "io", "path", "path_or_buf", "source", "path_or_buffer")

URL_SCHEMES: tuple[str, ...] = (
    "http://",
    "https://",
    "ftp://",
    "ftps://",
    "sftp://",
    "s3://",
    "gs://",
    "gcs://",
    "hdfs://",
)

# Attributes that lead out of any object into the interpreter.
ESCAPES: frozenset[str] = frozenset(
    [
        "__subclasses__",
        "__globals__",
        "__builtins__",
        "__code__",
        "__closure__",
        "__loader__",
        "__mro__",
        "f_globals",
        "f_locals",
        "f_back",
    ]
)
