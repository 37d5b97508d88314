import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe } from 'vitest';
import { hiddenProgram } from './optional-programs.ts';
import type { TestWorkspace } from './workspace.ts';

/** Files of public test suites, unchanged, beside the project: `HYGGE_TEST_SUITES` names the folder that they lie in. */
const folder = process.env.HYGGE_TEST_SUITES ?? '';

/** Why the files of a suite, or of all of them, can't be read; '' when they can. */
export function missingSuite(name = ''): string {
  if (folder === '') return hiddenProgram('suites') || 'HYGGE_TEST_SUITES names no folder';
  return hiddenProgram('suites') || (existsSync(join(folder, name)) ? '' : `there is no ${join(folder, name)}`);
}

const missing = missingSuite();

/** Tests over files of public suites; skipped, with the reason, where they are not. */
export function describeSuites(name: string, tests: () => void): void {
  describe.skipIf(missing !== '')(`${name}${missing && ` (skipped: ${missing})`}`, tests);
}

/** Every file below a folder of the suites that is wanted, in order, by its path in them. */
export function suiteFiles(under: string, wanted: (path: string) => boolean): readonly string[] {
  if (missing !== '') return [];
  return readdirSync(join(folder, under), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter(wanted)
    .sort();
}

export function suitePath(path: string): string {
  return join(folder, path);
}

/** A file of the suites, and how a home reads it. */
export interface SuiteCase {
  /** Its path in the suites. */
  readonly path: string;
  /** Of the home, beside its path. */
  readonly home: Readonly<Record<string, unknown>>;
  /** Of the store, beside its path. Default: parquet. */
  readonly store?: Readonly<Record<string, unknown>>;
  /** Ending of the copy that is read, where the format does not say it. */
  readonly extension?: string;
  /** What is read in place of its bytes. */
  readonly content?: (bytes: Buffer) => Uint8Array;
}

export type SuiteOutcome =
  /** `files`: what the manifest lists, absolute. */
  | { readonly outcome: 'settled'; readonly status: string; readonly files: readonly string[] }
  | { readonly outcome: 'refused'; readonly code: string; readonly what: string; readonly why: readonly string[] }
  /** The process ended by itself, and everything else in it with it. */
  | { readonly outcome: 'aborted'; readonly stderr: string };

/** So many files a process. When one takes it down, those that had not ended are tried again alone. */
const together = 64;

/** What `hygge go` makes of each file, by its path: a flow of its own for each, several in a process. The workspace holds what settled. */
export async function outcomesOf(workspace: TestWorkspace, cases: readonly SuiteCase[]): Promise<ReadonlyMap<string, SuiteOutcome>> {
  workspace.write({ 'hygge.yml': 'name: suites\noptions: { continue_on_error: true }\n' });
  const flows = new Map(cases.map((one, i) => [`f${String(i).padStart(4, '0')}`, one]));
  for (const [flow, { path, home, store, extension = '', content = (bytes: Buffer) => bytes }] of flows) {
    const copy = `in/${flow}${extension}`;
    const wanted = { home: { path: copy, ...home }, store: { path: `out/${flow}`, ...store } };
    workspace.write({ [copy]: content(readFileSync(join(folder, path))), [`flows/${flow}/flow.yml`]: JSON.stringify(wanted) });
  }
  const found = new Map<string, SuiteOutcome>();
  const names = [...flows.keys()];
  for (let at = 0; at < names.length; at += together) {
    const some = names.slice(at, at + together);
    await runInto(found, workspace, some);
    for (const alone of some) if (!found.has(alone)) await runInto(found, workspace, [alone]);
  }
  return new Map(names.map((flow) => [flows.get(flow)?.path ?? '', found.get(flow) ?? { outcome: 'aborted', stderr: 'nothing was said' }]));
}

async function runInto(found: Map<string, SuiteOutcome>, workspace: TestWorkspace, flows: readonly string[]): Promise<void> {
  const { events, signal, code, stderr } = await workspace.runAlone(['go', '--output', 'json', ...flows.flatMap((flow) => ['-f', flow])]);
  const before = found.size;
  for (const event of events) {
    if (event.event !== 'entity_done') continue;
    const { error, status } = event;
    if (error) found.set(event.flow, { outcome: 'refused', code: error.code, what: error.what, why: error.why ?? [] });
    else if (status !== 'skip') found.set(event.flow, { outcome: 'settled', status, files: settledFiles(workspace, event.flow) });
  }
  const [alone] = flows;
  if (flows.length === 1 && alone !== undefined && found.size === before)
    found.set(alone, { outcome: 'aborted', stderr: `${signal ?? `exit code ${code}`}: ${stderr.slice(-2000)}` });
}

function settledFiles(workspace: TestWorkspace, flow: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(workspace.path('out', flow, '_hygge', flow, flow, 'current.json'), 'utf8')) as {
    readonly files: readonly { readonly name: string }[];
  };
  return manifest.files.map(({ name }) => workspace.path('out', flow, name));
}
