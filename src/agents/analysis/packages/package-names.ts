/** Names under which packages are imported, where the index calls them otherwise. */
const indexNames: { readonly [module: string]: string } = {
  sklearn: "scikit-learn",
  skimage: "scikit-image",
  cv2: "opencv-python-headless",
  PIL: "pillow",
  yaml: "PyYAML",
  bs4: "beautifulsoup4",
  odf: "odfpy",
  docx: "python-docx",
  pptx: "python-pptx",
  dateutil: "python-dateutil",
  dotenv: "python-dotenv",
  magic: "python-magic",
  fitz: "PyMuPDF",
  pymupdf: "PyMuPDF",
  Crypto: "pycryptodome",
  OpenSSL: "pyOpenSSL",
  jwt: "PyJWT",
  MySQLdb: "mysqlclient",
  mysql: "mysql-connector-python",
  psycopg2: "psycopg2-binary",
  attr: "attrs",
  igraph: "igraph",
  Bio: "biopython",
  Levenshtein: "levenshtein",
  serial: "pyserial",
  slugify: "python-slugify",
  snappy: "python-snappy",
  usaddress: "usaddress",
  umap: "umap-learn",
  hdbscan: "hdbscan",
  pycountry_convert: "pycountry-convert",
  python_calamine: "python-calamine",
  mpl_toolkits: "matplotlib",
  mplfinance: "mplfinance",
  wordcloud: "wordcloud",
  skmisc: "scikit-misc",
  sksurv: "scikit-survival",
  imblearn: "imbalanced-learn",
  pmdarima: "pmdarima",
  pandas_datareader: "pandas-datareader",
  pandas_profiling: "ydata-profiling",
  ydata_profiling: "ydata-profiling",
  grpc: "grpcio",
  grpc_status: "grpcio-status",
  google_auth_oauthlib: "google-auth-oauthlib",
  statsmodels: "statsmodels",
  ruamel: "ruamel.yaml",
  zmq: "pyzmq",
  win32com: "pywin32",
  lxml_html_clean: "lxml-html-clean",
  charset_normalizer: "charset-normalizer",
  opencc: "opencc-python-reimplemented",
  pytz: "pytz",
  tables: "tables",
  rapidfuzz: "RapidFuzz",
  xgboost: "xgboost",
  sqlalchemy: "SQLAlchemy",
  xlsxwriter: "XlsxWriter",
  bottleneck: "Bottleneck",
  jinja2: "Jinja2",
  markdown: "Markdown",
  pygments: "Pygments",
  faker: "Faker",
  unidecode: "Unidecode",
  pymysql: "PyMySQL",
  pypdf2: "pypdf",
  PyPDF2: "PyPDF2",
  shapefile: "pyshp",
  sweetviz: "sweetviz",
};

/** Packages that many people use to work with data, as the index calls them. */
const wellKnown = new Set(
  [
    "numpy pandas scipy matplotlib seaborn scikit-learn statsmodels polars duckdb pyarrow fastparquet fastexcel",
    "openpyxl xlrd XlsxWriter xlwt pyxlsb odfpy python-calamine pyreadstat lxml html5lib beautifulsoup4 tabulate",
    "plotly altair bokeh holoviews hvplot panel vega-datasets vl-convert-python kaleido plotnine pygal pyecharts mplfinance",
    "wordcloud squarify adjustText brokenaxes matplotlib-venn upsetplot missingno joypy ptitprince great-tables itables",
    "networkx igraph pydot graphviz pyvis geopandas shapely pyproj fiona rasterio folium contextily cartopy h3 geopy pyshp",
    "rtree mapclassify libpysal esda pysal xarray netCDF4 h5py zarr tables dask distributed vaex modin ibis-framework",
    "datatable numba cython numexpr Bottleneck sympy mpmath cvxpy pulp ortools simpy pymc arviz emcee lifelines",
    "scikit-survival pingouin linearmodels arch pmdarima prophet statsforecast neuralforecast sktime tslearn ruptures",
    "stumpy xgboost lightgbm catboost imbalanced-learn optuna hyperopt shap lime eli5 mlxtend umap-learn hdbscan yellowbrick",
    "category_encoders feature-engine tensorflow keras torch torchvision jax transformers datasets tokenizers",
    "sentence-transformers huggingface-hub accelerate onnx onnxruntime gensim nltk spacy textblob vaderSentiment jieba pkuseg",
    "snownlp pypinyin opencc-python-reimplemented langdetect RapidFuzz fuzzywuzzy thefuzz levenshtein jellyfish dedupe",
    "recordlinkage Unidecode ftfy chardet charset-normalizer regex pillow imageio opencv-python-headless opencv-python",
    "scikit-image PyMuPDF pypdf PyPDF2 pdfplumber camelot-py tabula-py python-docx python-pptx reportlab docx2txt",
    "requests httpx aiohttp urllib3 certifi yfinance pandas-datareader wbgapi fredapi akshare tushare baostock efinance",
    "SQLAlchemy psycopg2-binary psycopg pymysql mysql-connector-python oracledb pyodbc clickhouse-connect pymongo redis",
    "connectorx deltalake pyiceberg s3fs gcsfs fsspec boto3 pyspark ray joblib tqdm rich click typer pydantic attrs",
    "python-dateutil pytz tzdata pendulum arrow dateparser holidays chinese-calendar lunardate workalendar convertdate",
    "PyYAML toml tomli orjson ujson simplejson jsonschema xmltodict Markdown Jinja2 Pygments python-dotenv psutil",
    "pandera great-expectations ydata-profiling sweetviz pyjanitor pandasql siuba skimpy phik fitter factor-analyzer",
    "prince kmodes scikit-posthocs researchpy dowhy econml causalinference pgmpy hmmlearn filterpy PyWavelets librosa",
    "soundfile pydub biopython rdkit astropy sunpy obspy metpy pint uncertainties babel phonenumbers pycountry",
    "python-slugify Faker mimesis numpy-financial QuantLib TA-Lib ta pandas-ta backtrader vectorbt pyfolio empyrical",
    "quantstats ffn riskfolio-lib zstandard lz4 python-snappy brotli cramjam py7zr rarfile blosc ipython ipykernel nbformat",
    "nbclient nbconvert ipywidgets jupyter black ruff pytest mypy cloudpickle dill more-itertools toolz cytoolz sortedcontainers",
    "scikit-misc ruamel.yaml pyzmq pyserial usaddress pycryptodome PyJWT pyOpenSSL mysqlclient python-magic igraph",
    "grpcio grpcio-status lxml-html-clean pycountry-convert google-auth-oauthlib xlwings pywin32 dbfread simpledbf avro fastavro protobuf",
  ]
    .join(" ")
    .split(" ")
    .map(normalized),
);

/** Parts of Python itself that some builds leave out: nothing on an index brings them. */
const standard = new Set(
  "tkinter _tkinter turtle sqlite3 _sqlite3 lzma _lzma bz2 _bz2 zlib ssl _ssl ctypes _ctypes curses _curses readline distutils imp ensurepip venv idlelib cgi cgitb crypt nntplib telnetlib asyncore asynchat smtpd pipes sndhdr imghdr audioop aifc chunk uu xdrlib msilib nis ossaudiodev spwd dbm winreg _winapi msvcrt winsound fcntl termios resource pwd grp posix asyncio dataclasses tomllib zoneinfo graphlib".split(
    " ",
  ),
);

/** A package of the index that brings a module. */
export interface PackageName {
  /** As the index calls it. */
  readonly name: string;
  /** Whether it is one that many people use; another may be misspelt, made up, or planted under such a name. */
  readonly known: boolean;
  /** A well-known package whose name is nearly the same; `null` for a known one. */
  readonly similar: string | null;
}

/**
 * The package that brings `module`.
 *
 * @param module As it is imported, or as a library names a package that it lacks.
 * @returns `null` where no package could: part of Python, or not a name that an index takes.
 */
export function packageFor(module: string): PackageName | null {
  const [top = ""] = module.split(".");
  if (standard.has(top) || !/^[A-Za-z](?:[\w-]{0,60}[A-Za-z0-9])?$/.test(top)) {
    return null;
  }

  const name = (Object.hasOwn(indexNames, top) ? indexNames[top] : undefined) ?? top.replaceAll("_", "-");
  const known = wellKnown.has(normalized(name));
  return { name, known, similar: known ? null : similarTo(normalized(name)) };
}

/** As indexes compare names (PEP 503). */
function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

/** A well-known name that differs in one or two letters, or by a prefix or suffix that imitators use. */
function similarTo(name: string): string | null {
  const bare = name.replace(/^(?:python|py|lib)-?/, "").replace(/-?(?:python|py|lib|3|2)$/, "");
  for (const known of wellKnown) {
    const limit = known.length < 6 ? 1 : 2;
    if (known === bare || (known.length > 3 && isWithin(known, name, limit))) {
      return known;
    }
  }
  return null;
}

/** Whether `one` becomes `other` by at most `limit` changed, added, dropped or swapped letters. */
function isWithin(one: string, other: string, limit: number): boolean {
  if (Math.abs(one.length - other.length) > limit) {
    return false;
  }

  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const change = one[at - 1] === other[to - 1] ? 0 : 1;
      const isSwap = at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1];
      const swapped = isSwap ? (before[to - 2] ?? 0) + 1 : limit + 1;
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, (row[to - 1] ?? 0) + change, swapped));
    }

    before = row;
    row = next;
  }

  return (row.at(-1) ?? limit + 1) <= limit;
}
