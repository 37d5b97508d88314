import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { carryOut } from '../../functions/activities/activity.ts';
import { bodies } from '../../functions/activities/bodies.ts';
import type { Instance, Instances } from '../../functions/instances.ts';
import type { Log } from '../../functions/log.ts';
import { courses } from '../../functions/orchestrators/courses.ts';
import type { FlowInput } from '../../functions/run-input.ts';
import type { HttpAnswer, TriggerContext, TriggerRequest } from '../../functions/sdk.ts';
import { onRun } from '../../functions/triggers/run.ts';
import { onCancel, onOneRun } from '../../functions/triggers/runs.ts';
import { type App, openApp } from '../../src/assembly/app.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import type { Json } from '../../src/ports/values.ts';
import type { Azurite } from '../support/azurite.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { Replayer } from './replayer.ts';

/** Two small parquet sources that settle in a lake, incrementally. */
export const shop = `
home: { type: parquet, path: "in/{entity}" }
store: { type: parquet, path: lake }
run_type: incremental
watermark: { column: changed }
allow_vars: [watermark.lag, run_type]
entities: [orders, lines]
`;

export const rows = (from: number, to: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range) minute as changed from range(${from}, ${to})`;

/** The app's triggers and activities in this process, its orchestrations replayed by a `Replayer`, its state in Azurite. */
export class AppOnAzurite implements Disposable {
  readonly workspace: TestWorkspace;
  readonly app: App;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Lines of the log, as they were written. */
  readonly log: { readonly level: keyof Log; readonly line: string }[] = [];
  readonly replayer: Replayer;
  readonly instances: Instances & { readonly started: Map<string, Started> };
  /** Called before each activity, with its name and input. */
  before: (name: string, input: Json) => unknown = () => undefined;
  /** Whether a start is carried out; otherwise its instance stays where it begins. */
  carriesOut = true;

  constructor(
    azurite: Pick<Azurite, 'connectionString'>,
    files: Readonly<Record<string, string>>,
    more: { options?: string; env?: (root: string) => Readonly<Record<string, string>> } = {},
  ) {
    const table = `t${randomBytes(6).toString('hex')}`;
    const hygge = `name: test\nstate: { type: table_storage, table: ${table}, container: ${table} }\noptions: ${more.options ?? '{}'}\n`;
    this.workspace = new TestWorkspace({ 'hygge.yml': hygge, ...files });
    this.env = { AzureWebJobsStorage: azurite.connectionString, HYGGE_CONFIG: this.workspace.root, ...more.env?.(this.workspace.root) };
    this.app = openApp(this.env);
    this.replayer = new Replayer({ orchestrators: courses, activity: (name, input) => this.activity(name, input) });
    // The app tells in its machine's time until when a step waits.
    this.replayer.now = Date.now();
    this.instances = this.#instances();
  }

  get called(): TriggerContext {
    const write = (level: keyof Log) => (line: string) => void this.log.push({ level, line });
    const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
    return { instances: this.instances, log, invocation: 'an-invocation' };
  }

  async activity(name: string, input: Json): Promise<unknown> {
    await this.before(name, input);
    const body = bodies.get(name);
    if (body === undefined) throw new Error(`there is no activity ${name}`);
    const answer = await carryOut(name, body, { app: this.app, log: this.called.log, input, instances: this.instances });
    noteWithin(answer);
    return answer;
  }

  /** Waits until what was started has ended. */
  async ended(id: string): Promise<unknown> {
    return await this.instances.started.get(id)?.done;
  }

  asked(path: string, body?: unknown): TriggerRequest {
    const url = new URL(`https://app.example/api/${path}`);
    const [, flow = '', id = ''] = /^flows\/([^/]+)\/runs(?:\/([^/]+))?$/.exec(url.pathname.slice('/api/'.length)) ?? [];
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    return { url: url.href, params: { flow, id }, query: url.searchParams, text: async () => text };
  }

  /** `POST …/runs`. */
  async post(body: unknown = {}, flow = 'shop'): Promise<HttpAnswer> {
    return await onRun(this.app, { name: flow }, this.asked(`flows/${flow}/runs`, body), this.called);
  }

  /** What `GET …/runs/<id>` says. */
  async view(run: string, flow = 'shop'): Promise<RunTold> {
    return bodyOf(await onOneRun(this.app, flow, this.asked(`flows/${flow}/runs/${run}`), this.called)) as never;
  }

  /** `DELETE …/runs/<id>`. */
  async cancel(run: string, flow = 'shop'): Promise<HttpAnswer> {
    return await onCancel(this.app, flow, this.asked(`flows/${flow}/runs/${run}`), this.called);
  }

  /** Posts a run that has to be accepted, and waits until it has ended; what is said of it then. */
  async run(body: unknown = {}, flow = 'shop'): Promise<RunTold> {
    const answer = await this.post(body, flow);
    if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
    const { run_id, lane } = bodyOf(answer) as unknown as { readonly run_id: string; readonly lane: string };
    await this.ended(lane === 'live' ? `flow-${flow}` : `backfill-${flow}-${run_id}`);
    return await this.view(run_id, flow);
  }

  /** Events in the log. */
  events(): readonly Record<string, unknown>[] {
    return this.log.map(({ line }) => JSON.parse(line) as Record<string, unknown>);
  }

  [Symbol.dispose](): void {
    this.workspace[Symbol.dispose]();
  }

  #instances() {
    const started = new Map<string, Started>();
    return {
      hub: 'a-hub',
      started,
      start: async (orchestrator: string, id: string, input: Json) => {
        const before = started.get(id);
        if (before?.running) throw new Error(`An Orchestration instance with the status Running already exists: ${id}`);
        const instance: Started = {
          running: true,
          run: (input as unknown as FlowInput).of.run,
          input,
          progress: null,
          done: Promise.resolve(),
        };
        started.set(id, instance);
        if (!this.carriesOut) return;
        this.replayer.histories.delete(id);
        instance.done = this.replayer.run(orchestrator, input, id).finally(() => {
          instance.running = false;
        });
      },
      find: async (id: string): Promise<Instance | undefined> => started.get(id),
      purge: async () => started.size,
    };
  }
}

/** @param of.files beside the flow; the rows of its two sources. */
interface OfShop {
  readonly flow?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly orders?: number;
  readonly lines?: number;
  readonly carriesOut?: boolean;
  readonly options?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** An app with the flow `shop` and its two sources. */
export async function appOfShop(azurite: Pick<Azurite, 'connectionString'>, of: OfShop = {}): Promise<AppOnAzurite> {
  const { flow = shop, files = {}, orders = 10, lines = 10, carriesOut = true, options, env = {} } = of;
  const more = { ...(options === undefined ? {} : { options }), env: () => env };
  const app = new AppOnAzurite(azurite, { 'flows/shop/flow.yml': flow, ...files }, more);
  app.carriesOut = carriesOut;
  await app.workspace.parquet('in/orders/1.parquet', rows(0, orders));
  await app.workspace.parquet('in/lines/1.parquet', rows(0, lines));
  return app;
}

/** As its triggers see the flow. */
export const pinnedShop = ({ app }: AppOnAzurite) => app.pin({ flow: 'shop', config: 'current', date: '2026-11-20', run: '' });

/** A run of `shop` on the board, which began at that time. */
export function runSince(startedAt: string, more: Partial<RunRecord> = {}): RunRecord {
  return {
    ...{ version: 1, run_id: ulid(Date.parse(startedAt)), flow: 'shop', lane: 'live', trigger: 'schedule', config: 'folder' },
    ...{ started_at: startedAt, entities: 2, ended_at: null, status: null, summary: null },
    ...more,
  };
}

interface Started {
  running: boolean;
  readonly run: string;
  readonly input?: Json;
  readonly progress: Json;
  done: Promise<unknown>;
}

/** What is said of a run, as far as tests name it. */
export interface RunTold extends Readonly<Record<string, unknown>> {
  readonly run_id: string;
  readonly status: string;
  readonly summary: { readonly failure?: ErrorDetails };
  readonly done: readonly (Readonly<Record<string, unknown>> & {
    readonly entity: string;
    readonly status: string;
    readonly failure?: ErrorDetails;
  })[];
}

/** What an answer says, with its errors noted as raised. */
export function bodyOf(answer: HttpAnswer): Record<string, unknown> & { readonly errors: readonly { code: string; what: string }[] } {
  noteWithin(answer.body);
  return answer.body as never;
}
