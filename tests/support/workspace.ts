import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { duck } from './duck.ts';
import { inProcess, runsInProcess } from './in-process.ts';
import { eventsOf, type HowToRun, type Run, type RunningHygge, runHygge, startHygge } from './run-hygge.ts';

/** A workspace in a folder of its own that goes with the test. */
export class TestWorkspace implements Disposable {
  readonly root: string;

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.root = mkdtempSync(join(tmpdir(), 'hygge-test-'));
    this.write({ 'hygge.yml': 'name: test\n', ...files });
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(path)), { recursive: true });
      writeFileSync(this.path(path), text);
    }
  }

  path(...segments: readonly string[]): string {
    return join(this.root, ...segments);
  }

  /** Makes a parquet file of a query. */
  async parquet(path: string, query: string, options = ''): Promise<void> {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    await duck(`copy (${query}) to '${this.path(path).replaceAll("'", "''")}' (format parquet${options})`);
  }

  /** Runs hygge to its end, in this very process where that has all it asks for. */
  async run(args: readonly string[], { cwd = this.root, env, ...how }: HowToRun = {}): Promise<Run> {
    if (Object.keys(how).length > 0 || !runsInProcess(env)) return this.runAlone(args, { cwd, ...(env && { env }), ...how });
    const ended = await inProcess(args, cwd, env ?? {});
    return { ...ended, signal: null, events: eventsOf(args, ended.stdout) };
  }

  /** The same in a process of its own: for whoever tests what only a process has, or two at once. */
  runAlone(args: readonly string[], how: HowToRun = {}): Promise<Run> {
    return runHygge(args, { cwd: this.root, ...how });
  }

  /** Starts a process, for tests that signal it, kill it or race it. */
  start(args: readonly string[], how: HowToRun = {}): RunningHygge {
    return startHygge(args, { cwd: this.root, ...how });
  }

  /** Every file below a folder, with its content's size and time, for "nothing was touched". */
  tree(folder = '.'): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const walk = (at: string) => {
      for (const name of readdirSync(at).sort()) {
        const path = join(at, name);
        const stats = statSync(path);
        if (stats.isDirectory()) walk(path);
        else found.set(relative(this.root, path), `${stats.size} ${stats.mtimeMs} ${readFileSync(path).toString('base64').slice(0, 200)}`);
      }
    };
    walk(this.path(folder));
    return found;
  }

  /** What a reader of the manifest reads. */
  async settled(entityFolder: string, flow: string, entity: string, base = entityFolder): Promise<readonly Record<string, unknown>[]> {
    const manifest = JSON.parse(readFileSync(this.path(base, '_hygge', flow, entity, 'current.json'), 'utf8')) as {
      files: { name: string }[];
    };
    const names = manifest.files.map((file) => `'${this.path(base, file.name).replaceAll("'", "''")}'`);
    return names.length === 0 ? [] : duck(`select * from read_parquet([${names.join(', ')}], hive_partitioning = false) order by all`);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
