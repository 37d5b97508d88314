import { resolve } from 'node:path';
import { workspaceFiles } from '../adapters/workspace-files.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import { ConfigError } from '../errors/hygge-error.ts';
import { shownName } from '../narrate/visible.ts';
import { findWorkspace } from '../workspace/find.ts';
import { mergeLayers } from '../workspace/layers.ts';
import { ConfigErrors, collectProblems } from '../workspace/problems.ts';
import { readWorkspace } from '../workspace/read.ts';
import { checkWorkspace } from '../workspace/validate.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

/** A flow before its entities are settled: what `generate` fills in. */
export interface FlowAsWritten {
  readonly name: string;
  /** Absolute folder of hygge.yml. */
  readonly root: string;
  /** The flow's own folder, relative to the root; null: it is written in hygge.yml. */
  readonly folder: string | null;
  /** Names of the entities it has. */
  readonly entities: readonly string[];
  /** The path of its home with its templates unfilled; null: it has none. */
  readonly homePath: string | null;
}

/** Only what is wrong with the files themselves is in the way: that entities are missing is why somebody asks. */
export async function flowAsWritten(
  name: string,
  flags: Pick<CommonFlags, 'directory'>,
  surroundings: Surroundings,
): Promise<FlowAsWritten> {
  const problems = collectProblems();
  const place = await findWorkspace(workspaceFiles, resolve(surroundings.directory, flags.directory ?? '.'));
  const written = await readWorkspace(workspaceFiles, place, surroundings.environment, problems);
  const checked = checkWorkspace(written, [], problems);
  const errors = problems.errors().filter((error) => error.code !== lacksEntities);
  if (errors.length > 0) throw new ConfigErrors(errors);
  const flow = checked.flows.find((one) => one.name === name);
  const source = written.flows.find((one) => one.name === name);
  if (flow === undefined || source === undefined) throw noSuchFlow(name, checked.flows);
  const layers = { workspaceDefaults: checked.defaults, flowDefaults: flow.defaults, flow: flow.tree, entity: undefined, vars: undefined };
  const file = source.spot.source.name;
  return {
    name,
    root: place.root,
    folder: file.endsWith('/flow.yml') || file.endsWith('/flow.yaml') ? file.slice(0, file.lastIndexOf('/')) : null,
    entities: flow.entities.map((entity) => entity.name),
    homePath: mergeLayers(layers).pieces('home').flow?.text ?? null,
  };
}

const lacksEntities = 'HYG-1045';

function noSuchFlow(name: string, flows: readonly { readonly name: string }[]): ConfigError {
  const names = flows.map((flow) => flow.name);
  const meant = didYouMean(name, names);
  return new ConfigError({
    code: 'HYG-1902',
    what: `There is no flow ${shownName(name)}.`,
    why: [names.length === 0 ? 'The workspace has no flows yet.' : `There is: ${names.slice(0, 20).map(shownName).join(', ')}`],
    tryThis: [...(meant === undefined ? [] : [`Did you mean ${shownName(meant)}?`]), 'See all: hygge list flows'],
  });
}
