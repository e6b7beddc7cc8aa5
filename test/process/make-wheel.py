"""Makes a wheel of one module: python make-wheel.py FOLDER NAME VERSION MODULE CODE [REQUIREMENT...]."""

import sys
import zipfile

folder, name, version, module, code, *requirements = sys.argv[1:]
info = f"{name.replace('-', '_')}-{version}.dist-info"
lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
lines += [f"Requires-Dist: {requirement}" for requirement in requirements]
files = {
    f"{module}.py": code,
    f"{info}/METADATA": "\n".join(lines) + "\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
with zipfile.ZipFile(f"{folder}/{name.replace('-', '_')}-{version}-py3-none-any.whl", "w") as wheel:
    for path, content in {**files, f"{info}/RECORD": record}.items():
        wheel.writestr(path, content)
