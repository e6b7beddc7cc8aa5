"""What children are given of their actor's environment: names from a list, and of these none whose value is a key."""

import re
from collections.abc import Mapping

_ALLOWED = re.compile(
    "|".join(
        (
            # The person, their folders.
            r"PATH|HOME|USER|LOGNAME|SHELL|HOSTNAME|XDG_(CACHE|CONFIG|DATA|STATE)_(HOME|DIRS)|XDG_RUNTIME_DIR",
            # Language and time.
            r"LANG|LANGUAGE|LC_[A-Z_]+|TZ|TZDIR",
            # Libraries: where they lie, where their own data is, which processors they may use.
            r"LD_LIBRARY_PATH|LD_PRELOAD|NIX_LD(_LIBRARY_PATH)?|LOCALE_ARCHIVE|MALLOC_[A-Z_]+",
            r"CUDA_[A-Z_]+|NVIDIA_[A-Z_]+|ROCM_[A-Z_]+|ROCR_[A-Z_]+|HIP_[A-Z_]+|JAVA_HOME|JRE_HOME|SPARK_HOME",
            r"HADOOP_HOME|R_HOME|PROJ_(LIB|DATA)|GDAL_DATA|FONTCONFIG_(FILE|PATH)|MPLCONFIGDIR|MPLSTYLE",
            r"HF_HOME|HF_DATASETS_CACHE|NLTK_DATA|SCIKIT_LEARN_DATA|SEABORN_DATA|TORCH_HOME",
            # The environment of Python that Ray runs in.
            r"VIRTUAL_ENV|CONDA_PREFIX|CONDA_DEFAULT_ENV|CONDA_EXE|MAMBA_ROOT_PREFIX|PYTHONPYCACHEPREFIX",
            # The way to the network.
            r"(HTTP|HTTPS|ALL|FTP|NO)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS",
        )
    ),
    re.IGNORECASE,
)

_KEY_LIKE = re.compile(
    r"(?:^|[^A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{16,}|(?:sk|pk|rk)_(?:live|test)_\w{10,}|gh[opsur]_\w{20,}"
    r"|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|hf_[A-Za-z0-9]{20,}|AKIA[0-9A-Z]{16}"
    r"|ASIA[0-9A-Z]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}"
    r"|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----)"
)
_ADDRESS_WITH_PASSWORD = re.compile(r"://[^/@\s]*:[^/@\s]+@")
# How many threads numerical libraries take where nobody says it: all processors of the node, or Ray's 1.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "POLARS_MAX_THREADS")


def child_environment(environment: Mapping[str, str], cpus: float) -> dict[str, str]:
    """The environment of a child that was given `cpus` processors. It holds no key and no token."""
    kept = {
        name: value
        for name, value in environment.items()
        if _ALLOWED.fullmatch(name) and not _KEY_LIKE.search(value) and not _ADDRESS_WITH_PASSWORD.search(value)
    }
    threads = str(max(1, round(cpus)))
    return {**kept, **{name: threads for name in _THREADS}}
