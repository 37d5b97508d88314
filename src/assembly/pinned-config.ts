/** The config that a run has pinned, with its flow. */
import { posix } from 'node:path';
import { FlowError } from '../errors/hygge-error.ts';
import type { WorkspaceFiles } from '../ports/workspace-files.ts';
import type { Workspace } from '../workspace/load/load.ts';
import { encodeVersion, shortId } from '../workspace/versions/content.ts';
import { type Environment, type FlowRequest, loadFlow, openConfig } from './app-config.ts';

export interface PinnedConfig {
  /** SHA-256 of the files, in hex. Of a version: all of them; of a folder: those that the flow is read from. */
  readonly id: string;
  readonly workspace: Workspace;
}

/**
 * Throws `ConfigErrors`, and a FlowError (HYG-2054) when a folder holds other files by now than the run began with: positions of entities
 * would mean others.
 */
export async function pinnedConfig(env: Environment, wanted: string | 'current', request: FlowRequest): Promise<PinnedConfig> {
  const opened = await openConfig(env, wanted);
  if (opened.id !== null) return { id: opened.id, workspace: await loadFlow(env, opened, request) };
  const read = new Map<string, string>();
  const workspace = await loadFlow(env, { ...opened, files: noting(opened.files, read) }, request);
  const id = idOf(workspace, read);
  if (wanted !== 'current' && wanted !== id) throw changedFolder(request.flow, { began: wanted, now: id, folder: opened.directory });
  return { id, workspace };
}

/** What was read is what counts: a folder that is read twice may be another one. */
function noting(files: WorkspaceFiles, read: Map<string, string>): WorkspaceFiles {
  return {
    list: (dir) => files.list(dir),
    async read(path) {
      const text = await files.read(path);
      read.set(path, text);
      return text;
    },
  };
}

/** Values of variables are settings of the app and not pinned, as in a version. */
function idOf({ root, files }: Workspace, read: ReadonlyMap<string, string>): string {
  const written = files.filter((path) => path !== '.env').map((path) => [path, read.get(posix.join(root, path)) ?? ''] as const);
  return encodeVersion(new Map(written)).id;
}

function changedFolder(flow: string, { began, now, folder }: Record<'began' | 'now' | 'folder', string>): FlowError {
  return new FlowError({
    code: 'HYG-2054',
    what: `The config of ${flow} changed under its run.`,
    why: [
      `The run began with ${shortId(began)}; the folder ${folder} holds ${shortId(now)} now: the app was deployed anew, or a file was edited.`,
    ],
    tryThis: [
      'Start the flow again: it runs by the new config, and finishes first what was decided',
      'To keep runs on the config that they began with, leave it out of the package and push it: hygge config push',
    ],
  });
}
