/**
 * A job's command that runs a module of ours with the Python that runs the cluster, which need not be the `python` on the
 * path: Ray may have been started out of an environment that is not active. The node's own program, of which the job's
 * parent knows the number, names it.
 *
 * @param module Such as `byzer_ray.deploy`. @param args Letters, digits, `-`, `_`, `=` and blanks between them.
 */
export function clusterPython(module: string, args = ""): string {
  const raylet = lineOf('"/proc/$PPID/environ"', "RAY_RAYLET_PID=\\(.*\\)");
  const python = lineOf('"/proc/$byzer_raylet/cmdline"', "--python_worker_command=\\([^ ]*\\).*");
  return [
    `byzer_raylet="$(${raylet})"`,
    `byzer_python="$(${python})"`,
    '[ -x "$byzer_python" ] || byzer_python=python',
    `exec "$byzer_python" -m ${module}${args === "" ? "" : ` ${args}`}`,
  ].join("; ");
}

/** Shell words that print what a pattern of sed catches in a file of texts that end with zeros. */
function lineOf(file: string, pattern: string): string {
  return `tr '\\0' '\\n' 2>/dev/null < ${file} | sed -n 's/^${pattern}$/\\1/p'`;
}
