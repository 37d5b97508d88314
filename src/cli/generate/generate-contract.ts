import { posix, relative } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { inspectTarget } from '../../engine/contracts/steps.ts';
import { shaperFor } from '../../engine/schema/shaper.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import type { Schema } from '../../frames/schema.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { entityArgument, shownEntity, visible } from '../../narrate/text/visible.ts';
import type { Clock } from '../../ports/clock.ts';
import { allEntityNames, type Workspace } from '../../workspace/load/load.ts';
import { sourceSegment } from '../../workspace/names.ts';
import { firstRows } from '../inspect/first-rows.ts';
import { surveyed } from '../inspect/look-now.ts';
import { lookingPorts, openOne } from '../select/open-entities.ts';
import { exit } from '../terminal/exit-code.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { type ContractEvidence, contractText, odcsText } from './contract-text.ts';
import { writeGenerated } from './generated-text.ts';

export interface GenerateContractFlags extends CommonFlags {
  readonly entity: string;
  readonly to?: string | undefined;
  /** Whether the contract is written as a document of the Open Data Contract Standard. */
  readonly odcs?: boolean | undefined;
}

/** The maximum number of rows that are read. For a larger entity, only rules from its metadata are proposed. */
const lookedAt = 10_000;

/** `hygge generate contract`: writes a contract that all read rows satisfy. The contract contains no values except for short lists of repeated words. */
export async function generateContract(flags: GenerateContractFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, spec } = await openOne(flags, surroundings, clock);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const { flow, entity } = spec;
  const shown = shownEntity(flow, entity);
  const { schema, rows, kind } = (await settledRows(spec, ports, clock)) ?? (await sourceRows(spec, ports, clock));
  if (schema === undefined)
    throw unreadable(`The columns of ${shown} are known only while it is read, and it has no rows.`, [
      'Run the entity, and generate the contract from the settled rows',
    ]);
  const evidence: ContractEvidence = {
    ...{ flow, entity, shown, kind },
    columns: schema.columns,
    rows: rows.length <= lookedAt ? rows : null,
  };
  const text = flags.odcs === true ? odcsText(evidence) : contractText(evidence);
  await writeGenerated(text, flags, surroundings, (path) => (spec.validation === undefined ? naming(spec, path, workspace) : []));
  return exit.ok;
}

/** Lines that say where to name the contract, since a contract that no config names has no effect. */
function naming(spec: EntitySpec, path: string, workspace: Workspace): readonly string[] {
  const { flow, entity } = spec;
  const file = relative(workspace.root, path).replaceAll('\\', '/');
  const keys = `validation: { contract: ${/^[\w./-]+$/.test(file) ? file : JSON.stringify(file)}, mode: quarantine }`;
  return ['', ...placeOf(spec, keys, workspace), `Then: hygge go -e ${entityArgument(flow, entity)}`];
}

/** Lines that name the file for the keys. A contract in the file of a flow would apply to all entities of the flow. */
function placeOf({ flow, entity, where }: EntitySpec, keys: string, workspace: Workspace): readonly string[] {
  const found = workspace.flows.find(({ name }) => name === flow);
  const others =
    allEntityNames(workspace)
      .find(({ name }) => name === flow)
      ?.entities.filter((one) => one.entity !== entity) ?? [];
  if (found?.finds === null && others.length === 0) return [`Check it, and name it in the flow ${visible(flow)}:`, `  ${keys}`];
  if (posix.basename(posix.dirname(where.file)) === 'entities') return [`Check it, and name it in ${where.file}:`, `  ${keys}`];
  const own = `name: ${asYaml(entity)}`;
  if (found?.finds === null)
    return [
      `Check it, and name it in the entry of ${visible(entity)} in \`entities\`, next to the keys of that entry (${where.file}, line ${where.line}):`,
      `  { ${own}, ${keys} }`,
    ];
  const made = posix.join(posix.dirname(where.file), 'entities', `${sourceSegment(entity)}.yml`);
  return [`Check it, and name it in ${made}, a file of two lines:`, `  ${own}`, `  ${keys}`];
}

interface Rows extends Pick<ContractEvidence, 'kind'> {
  readonly schema: Schema | undefined;
  /** The rows that were read: one row more than the limit, to see whether further rows exist. */
  readonly rows: NonNullable<ContractEvidence['rows']>;
}

/** The settled rows. Null: no rows have settled yet, or hygge can not read from the store. */
async function settledRows(spec: EntitySpec, ports: EnginePorts, clock: Clock): Promise<Rows | null> {
  const store = await ports.store(spec);
  const target = await inspectTarget(ports, store);
  if (target.content !== 'ours' || store.settled?.gives !== 'rows') return null;
  const { settled } = store;
  const { schema, rows } = await firstRows(() => settled.open(target.head), { pinned: null, limit: lookedAt + 1, clock });
  return { schema, rows, kind: 'settled' };
}

/** Rows of the source in the form in which they would settle now. */
async function sourceRows(spec: EntitySpec, ports: EnginePorts, clock: Clock): Promise<Rows> {
  const { found } = await surveyed(spec, null, ports);
  const run = { runId: 'look', entityRunId: 'look', startedAt: clock.now() };
  const shaper = await shaperFor(spec, await ports.store(spec), run, { names: null, expected: null, accepted: false, load: 'full' });
  const { schema, rows } = await firstRows((pinned) => ports.home(spec, pinned), {
    pinned: null,
    limit: lookedAt + 1,
    clock,
    shaped: async (frame) => {
      shaper.schema(frame.schema);
      return asPolars(await shaper.frame(frame));
    },
  });
  return { schema: found.schema ?? (rows.length === 0 ? undefined : schema), rows, kind: 'source' };
}
