// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { workspaceWithStandIns } from '../../src/assembly/whole-workspace.ts';
import { deploy } from '../../src/cli/deploy/deploy.ts';
import { run } from '../../src/cli/program/run.ts';
import type { Surroundings } from '../../src/cli/terminal/surroundings.ts';
import type { HttpRequest } from '../../src/ports/network.ts';
import { readTarget } from '../../src/workspace/target/read.ts';
import { encodeVersion } from '../../src/workspace/versions/content.ts';
import { gatherVersion } from '../../src/workspace/versions/gather.ts';
import { type FakeSurroundings, fakeSurroundings } from '../cli/surroundings.ts';
import { type Answer, Recorder } from '../support/recorder.ts';
import { testNetwork } from '../support/test-network.ts';
import { TestWorkspace } from '../support/workspace.ts';

export const subscription = '11111111-1111-1111-1111-111111111111';
export const key = 'the-key-of-an-app/canary+4f1c==';
const lake = (container: string) => `abfss://${container}@northwind.dfs.core.windows.net/out`;

/** Two flows, two apps, a secret. */
export const files = {
  'hygge.yml': 'name: northwind\n',
  'flows/crm/flow.yml': `home: ${lake('landing')}\nstore: ${lake('crm')}\nschedule: "0 0 2 * * *"\nnotify: { webhook: "\${HOOK}" }\n`,
  'flows/erp/flow.yml': `home: ${lake('landing')}\nstore: ${lake('erp')}\n`,
  'infra/prod.yml': [
    `subscription: ${subscription}`,
    'region: westeurope',
    'resource_group: northwind-prod',
    'accounts: { northwind: { resource_group: lake } }',
    '',
  ].join('\n'),
};

export const fine: readonly Answer[] = [
  { begins: 'az account show', stdout: `"${subscription}"\n` },
  { begins: 'az keyvault secret list', stdout: '["HOOK"]\n' },
  { begins: 'az resource list', stdout: '[]' },
  { begins: 'az functionapp keys list', stdout: `${JSON.stringify(key)}\n` },
];

export interface Asked {
  readonly site: string;
  readonly path: string;
  readonly key: string | undefined;
}

type AppAnswer = { readonly status: number; readonly body: unknown } | Error;

/** What an app answers, to each time that it is asked. */
export type AppAnswers = (asked: Asked, nth: number) => AppAnswer | Promise<AppAnswer>;

export const inOrder = (config: string): { readonly status: number; readonly body: unknown } => ({
  status: 200,
  body: { app: { config }, ok: true, findings: [{ about: 'machine', ok: true, what: 'fine', tryThis: [] }] },
});

/** A workspace, programs that are none, and apps that answer what they are told to. Time passes only by being slept. */
export class Scene implements Disposable {
  readonly workspace: TestWorkspace;
  readonly recorder: Recorder;
  readonly asked: Asked[] = [];
  apps: AppAnswers = async () => inOrder(await this.config());
  /** Milliseconds that were slept. */
  slept = 0;
  said = '';
  #running: FakeSurroundings | undefined;

  constructor(
    given: Readonly<Record<string, string>> = {},
    { programs, folder = '.', alone }: { readonly programs?: readonly string[]; readonly folder?: string; readonly alone?: true } = {},
  ) {
    this.workspace = new TestWorkspace();
    mkdirSync(this.workspace.path(folder), { recursive: true });
    this.folder = folder;
    this.workspace.write(
      Object.fromEntries(Object.entries({ ...(alone ? {} : files), ...given }).map(([path, text]) => [join(folder, path), text])),
    );
    this.recorder = new Recorder(this.workspace.path('recorder'), programs);
    this.recorder.answer(...fine);
  }

  readonly folder: string;

  [Symbol.dispose](): void {
    this.workspace[Symbol.dispose]();
  }

  /** The version that a push of the workspace makes. */
  async config(target = 'prod'): Promise<string> {
    const { settings } = await readTarget({ files: workspaceFiles, root: this.path(), target });
    const { workspace } = await workspaceWithStandIns({ directory: this.path(), environment: settings.variables ?? {}, elsewhere: true });
    return encodeVersion(await gatherVersion(workspace, workspaceFiles)).id;
  }

  path(...segments: readonly string[]): string {
    return this.workspace.path(this.folder, ...segments);
  }

  stop(): void {
    this.#running?.stop('SIGINT');
  }

  /** A command line in this process, with the programs of the recorder on its PATH. */
  async run(
    args: readonly string[],
    more: Partial<Surroundings> = {},
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
    const surroundings = this.#surroundings(more);
    return this.#told(await run(args, surroundings), surroundings);
  }

  /** `hygge deploy --target prod --yes`, by a clock that does not wait. */
  async deploy(
    flags: Partial<Parameters<typeof deploy>[0]> = {},
    more: Partial<Surroundings> = {},
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
    const surroundings = this.#surroundings(more);
    const clock = {
      now: () => '2026-01-01T00:00:00.000Z',
      monotonicMs: () => this.slept,
      sleep: async (ms: number, signal?: AbortSignal) => {
        this.slept += ms;
        signal?.throwIfAborted();
      },
    };
    const all = { target: 'prod', writesTarget: true, yes: true as const, color: false, output: 'text' as const, ...flags };
    const { fail } = await import('../../src/cli/terminal/failure.ts');
    const code = await deploy(all, surroundings, clock as Parameters<typeof deploy>[2]).catch((error: unknown) =>
      fail(error, surroundings, all),
    );
    return this.#told(code, surroundings);
  }

  #told(code: number, surroundings: FakeSurroundings) {
    const told = { code, stdout: surroundings.stdout(), stderr: surroundings.stderr() };
    this.said += told.stdout + told.stderr;
    return told;
  }

  #surroundings(more: Partial<Surroundings>): FakeSurroundings {
    const send = async (request: HttpRequest) => {
      const url = new URL(request.url);
      const one = { site: url.host, path: `${request.method} ${url.pathname}${url.search}`, key: request.headers['x-functions-key'] };
      this.asked.push(one);
      const answer = await this.apps(one, this.asked.length);
      if (answer instanceof Error) throw answer;
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      const body = Object.assign(
        (async function* () {
          yield Buffer.from(text);
        })(),
        { destroy: () => undefined, on: () => undefined },
      );
      return { status: answer.status, headers: { get: () => null }, body };
    };
    const network = { send, limiter: (account: string) => testNetwork.limiter(account), kept: testNetwork.kept.bind(testNetwork) };
    this.#running = fakeSurroundings(this.path(), {
      environment: { PATH: this.recorder.path },
      program: this.recorder.hygge,
      network: network as Surroundings['network'],
      ...more,
    });
    return this.#running;
  }
}
