const reaching = `      --ray-token-env NAME the variable that holds Ray's token; else RAY_AUTH_TOKEN, the file RAY_AUTH_TOKEN_PATH names,
                           ~/.ray/auth_token
      --ray-serve URL      where Ray Serve is reached, where it is not on port 8000 of the same host
`;

const address = `      ADDRESS is that of the cluster's dashboard, such as http://10.0.0.4:8265, or its host alone; --ray ADDRESS says the
      same.`;

/** What each verb of `byzer ray` does. */
const verbHelp: Readonly<Record<string, string>> = {
  up: `byzer ray up [ADDRESS] [--json]
      Puts Byzer's gateway on a cluster, has it admit this machine, and says what there is. Whoever can reach the gateway
      with a token that you admit can run code on the cluster. Without ADDRESS it starts a cluster of this machine, for
      trying.
${address}
      --yes                without ADDRESS: installs Ray (about 600 MB) without asking
      --python PATH        without ADDRESS: a Python that has Ray
${reaching}`,
  status: `byzer ray status [ADDRESS] [--json]
      Says what machines there are, what of ours runs there, and which models of ours are there; puts nothing there.
      Without ADDRESS: of the cluster that up has started on this machine.
${address}
      {"address", "serve", "server", "nodes", "available", "children": [{kind, name, title, node, state}], "models"}: what
      --json prints. title: of agents their name, and after · the space that --ray-space gave them.
${reaching}`,
  down: `byzer ray down [ADDRESS --remove] [--json]
      Ends the cluster that up has started on this machine. With ADDRESS and --remove, ends and removes everything of ours
      on that cluster, models and agents included, and nothing else.
${address}
      --remove             yes, everything of ours
${reaching}`,
  end: `byzer ray end NAME [ADDRESS] [--json]
      Ends one of what runs on a cluster, for everybody who uses it: NAME is its title, its name, or that of an agent or a
      space, as byzer ray status shows them. Where several are meant, nothing ends and they are named. Models are ended by
      byzer ray model remove NAME.
${address}
${reaching}`,
  model: `byzer ray model deploy NAME --model SOURCE | status NAME | list | remove NAME [--ray ADDRESS] [--json]
      deploy               puts a model on the cluster, with Ray Serve LLM (pip install "ray[llm]" on its nodes). SOURCE: its
                           name at Hugging Face, or a path that all nodes can read. Then byzer --ray ADDRESS --model NAME
                           analyze … asks it. Its address wants the token of a machine that up has admitted
      status, list         how it is; all of them
      remove               ends it
      {name, servedName, model, state, message, baseUrl, replicas, shortage}: what --json prints of each.
      --workers N          copies of the model (1)
      --gpus-per-worker N  GPUs that each takes (1; 0: processors only)
      --accelerator A10G   which GPU
      --engine NAME=VALUE  an argument of the engine, such as max_model_len=8192; may be given again
      --served-name NAME   what requests call it (NAME)
      --backend vllm|MODULE:FUNCTION   what makes the application, where it is another engine's
      --wait SECONDS       until it runs (0); it goes on being started afterwards
      --ray ADDRESS        the cluster's dashboard; else the cluster that up has started on this machine
${reaching}`,
};

/** What `byzer ray` does, and the options of other commands that have something run on a cluster. */
const overview = `byzer ray up [ADDRESS] | status [ADDRESS] | down [ADDRESS --remove] | end NAME [ADDRESS] [--json]
  byzer ray model deploy NAME --model SOURCE | status NAME | list | remove NAME [--ray ADDRESS] [--json]
      Connects to a Ray cluster, and says what runs there. byzer ray VERB --help says more of each. Code on a cluster can do
      there what its administrator can.
      byzer --ray ADDRESS analyze|agent run|index|search|ask … then has code, agents and indexes there:
      --ray ADDRESS        of the cluster's dashboard, such as http://10.0.0.4:8265
      --ray-cpus N, --ray-gpus N, --ray-memory 16GB   what code is given of the cluster (1, 0, no limit)
      --ray-pip REQUIREMENT    a package that is installed for the code there, such as dask[dataframe], with which tables
                           larger than a machine are worked on all over the cluster; may be given again
      --ray-models window|endpoint   how agents there reach models: through this program (the usual), or by
                               themselves: the key is then sent to them and kept in memory only
      --ray-space NAME     (else BYZER_RAY_SPACE) agents that are declared with location: ray go on after the command, and
                           the next command with this name finds them again; byzer agent run goes on with the same
                           conversation. They end a day after the last command, or by byzer ray end NAME. Without it they
                           end with the command. It is the name that byzer.ray.space gives in the editor
${reaching}`;

/** The verbs of `byzer ray`. */
export const rayVerbs: readonly string[] = Object.keys(verbHelp);

/** Of one verb where it is named; else of all that `byzer ray` does. */
export function rayHelpText(verb?: string): string {
  return verbHelp[verb ?? ""] ?? overview;
}
