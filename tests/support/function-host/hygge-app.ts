import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Azurite } from '../azurite.ts';
import { duck } from '../duck.ts';
import { noteSaid, noteWithin } from '../raised-codes.ts';
import { node } from '../run-hygge.ts';
import { TestWorkspace } from '../workspace.ts';
import { startFunc } from './func-tools.ts';
import { packedApp } from './packed-app.ts';
import { type AppHost, FunctionHost, type StartOptions, startFunctionHost } from './start-host.ts';

const root = join(import.meta.dirname, '..', '..', '..');

let built: string | undefined;

/** The bundle of the function app, made once per test process. */
export function appBundle(): string {
  if (built !== undefined) return built;
  const made = spawnSync(node, [join(root, 'scripts', 'build-functions.mjs'), '--if-stale'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`the function app could not be built:\n${made.stderr}`);
  built = join(root, 'dist', 'functions', 'app.mjs');
  return built;
}

/** What `GET /api/flows/<flow>/runs/<id>` says. */
export interface RunView {
  readonly run_id: string;
  readonly status: string;
  readonly trigger: string;
  readonly lane: string;
  readonly config: string;
  readonly summary: Readonly<Record<string, unknown>> | null;
}

export interface AppOptions extends Partial<Omit<StartOptions, 'app'>> {
  /** Files of the workspace, beside a hygge.yml that keeps its state in Azurite. */
  readonly files: Readonly<Record<string, string>>;
  readonly azurite: Azurite;
  /** Below `options:` of hygge.yml. */
  readonly options?: string;
  /** Another bundle: a packed one. */
  readonly app?: string;
  /** The workspace is pushed, and the app reads it from blob storage; otherwise from its folder. */
  readonly pushed?: boolean;
  /** Before the app starts. */
  prepare?(workspace: TestWorkspace): Promise<void>;
}

/** A workspace in a folder, its lake below it, its state in Azurite, and the real app in a test host. */
export async function startHyggeApp(given: AppOptions): Promise<HyggeApp> {
  const { files, azurite, options = '{}', app, settings, pushed = false, prepare, ...how } = given;
  const table = `t${randomBytes(6).toString('hex')}`;
  const workspace = new TestWorkspace({ 'hygge.yml': hyggeYml(table, options), ...files });
  try {
    await prepare?.(workspace);
    const own = {
      AzureWebJobsStorage: azurite.connectionString,
      FUNCTIONS_WORKER_RUNTIME: 'node',
      ...(pushed ? await push(workspace, { azurite, container: `${table}-config` }) : { HYGGE_CONFIG: workspace.root }),
      ...settings,
    };
    const door = await open({ workspace, settings: own, ...(app === undefined ? {} : { app }), ...how });
    return new HyggeApp({ door, workspace, azurite, table });
  } catch (error) {
    workspace[Symbol.dispose]();
    throw error;
  }
}

/** The test host; or, for those who have it, the platform's own (`npm run test:func`). */
async function open(
  given: Partial<StartOptions> & { workspace: TestWorkspace; settings: Readonly<Record<string, string>> },
): Promise<AppHost> {
  const { workspace, settings, app = appBundle(), ...how } = given;
  const func = process.env.HYGGE_FUNC;
  if (func === undefined) return startFunctionHost({ app, settings, ...how });
  return startFunc(func, await packedApp(workspace), settings);
}

async function push(workspace: TestWorkspace, at: { azurite: Azurite; container: string }): Promise<Record<string, string>> {
  const place = { HYGGE_CONFIG_CONTAINER: at.container };
  const pushed = await workspace.run(['config', 'push'], { env: { AzureWebJobsStorage: at.azurite.connectionString, ...place } });
  if (pushed.code !== 0) throw new Error(`the config could not be pushed:\n${pushed.stdout}${pushed.stderr}`);
  return { ...place, HYGGE_ROOT: workspace.root };
}

export function hyggeYml(table: string, options = '{}'): string {
  return `name: test\nstate: { type: table_storage, table: ${table}, container: ${table} }\noptions: ${options}\n`;
}

export class HyggeApp implements AsyncDisposable {
  readonly door: AppHost;
  readonly workspace: TestWorkspace;
  readonly azurite: Azurite;
  /** Name of the table, and of the container beside it. */
  readonly table: string;

  constructor(given: Pick<HyggeApp, 'door' | 'workspace' | 'azurite' | 'table'>) {
    this.door = given.door;
    this.workspace = given.workspace;
    this.azurite = given.azurite;
    this.table = given.table;
  }

  /** What only the test host can do. */
  get host(): FunctionHost {
    if (this.door instanceof FunctionHost) return this.door;
    throw new Error('this needs the test host');
  }

  async post(flow: string, body: unknown = {}): Promise<Response> {
    const answer = await this.door.fetch(`/api/flows/${flow}/runs`, { method: 'POST', body: JSON.stringify(body) });
    noteWithin(await answer.clone().json());
    return answer;
  }

  /** Posts a run and waits until it has ended. */
  async run(flow: string, body: unknown = {}): Promise<RunView> {
    const begun = await this.begin(flow, body);
    await this.ended(flow);
    return this.view(flow, begun);
  }

  /** Posts a run that has to be accepted; answers its id. */
  async begin(flow: string, body: unknown = {}): Promise<string> {
    const answer = await this.post(flow, body);
    const text = await answer.text();
    if (answer.status !== 202) throw new Error(`the run was not accepted: ${answer.status} ${text}`);
    return (JSON.parse(text) as RunView).run_id;
  }

  /** Waits for the flow's live run. */
  ended(flow: string): ReturnType<AppHost['ended']> {
    return this.door.ended(`flow-${flow}`);
  }

  async view(flow: string, run: string): Promise<RunView> {
    const answer = await this.door.fetch(`/api/flows/${flow}/runs/${run}`);
    return (await answer.json()) as RunView;
  }

  /** The command line, on the same workspace and the same state. */
  hygge(...args: readonly string[]) {
    return this.workspace.run(args, { env: { AzureWebJobsStorage: this.azurite.connectionString } });
  }

  /** How many rows are on one side only: what is settled of the entity, by its manifest, and what the query says. */
  async difference(base: string, flow: string, entity: string, query: string): Promise<number> {
    const names = this.manifest(base, flow, entity);
    if (names.length === 0) return Number((await duck(`select count(*) as n from (${query})`))[0]?.n);
    const settled = `read_parquet([${names.map((name) => `'${name}'`).join(', ')}], hive_partitioning = false)`;
    const [found] = await duck(
      `select count(*) as n from ((from ${settled} except all (${query})) union all ((${query}) except all from ${settled}))`,
    );
    return Number(found?.n);
  }

  /** Paths of the files that are settled. */
  manifest(base: string, flow: string, entity: string): readonly string[] {
    const path = this.workspace.path(base, '_hygge', flow, entity, 'current.json');
    const { files } = JSON.parse(readFileSync(path, 'utf8')) as { files: { name: string }[] };
    return files.map(({ name }) => this.workspace.path(base, name));
  }

  /** What lies in staging folders of a store: nothing, once the run after a crash is over. */
  staged(base: string): readonly string[] {
    const folder = this.workspace.path(base, '_hygge');
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\/staging(\/|$)/.test(entry.parentPath))
      .map((entry) => join(entry.parentPath, entry.name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.door instanceof FunctionHost) noteSaid({ stdout: this.door.logged().join('\n'), stderr: '' });
    try {
      await this.door[Symbol.asyncDispose]();
    } finally {
      this.workspace[Symbol.dispose]();
    }
  }
}
