import { presentSpelling } from '../entity/spellings.ts';
import { type Entry, entry, isNull, type Mapping, mapping, type Tree, textAt, textOf } from '../yaml/tree.ts';
import { type SettledEntity, type Surroundings, settleFlow } from './flow.ts';

/** No flow that a person writes can have this name. */
export const mirrorFlow = '_journal';

/** A row has the time at which its write began, by the clock of that machine: it may come after rows of a later time. So far back it is looked for. */
const overlap = '7d';

/** `journal: { mirror: … }` as the entity that it is: the journal read as a home, incremental, a row for each entity run. None: it is not mirrored. */
export async function settleMirror(journal: Entry | undefined, around: Surroundings): Promise<readonly SettledEntity[]> {
  if (journal === undefined || isNull(journal.value) || isEmptyMap(journal.value)) return [];
  const held = entry(journal.value, 'mirror');
  if (held === undefined || isNull(held.value)) {
    around.problems.add({
      code: 'HYG-1012',
      what: '`mirror` is missing: `journal` needs to know where the journal is to be published.',
      tryThis: ['Add a store: `journal: { mirror: lake/hygge }`.', 'Or remove `journal`; the journal is kept with the state anyway.'],
      spot: journal.spot,
      missing: 'journal.mirror',
    });
    return [];
  }
  const name = textOf(journal.value, 'table') ?? 'hygge_journal';
  const spot = entry(journal.value, 'table')?.value.spot ?? journal.spot;
  const flow = { name: mirrorFlow, spot: held.spot, tree: asFlow(held, around), schedule: null, concurrency: null, allowVars: [] };
  const entities = [{ name, source: name, spot, tree: mapping(spot) }];
  return settleFlow({ ...flow, defaults: undefined, vars: undefined, notify: undefined, entities }, { ...around, defaults: undefined });
}

/** Nothing is left when keys of the original were all there was. */
function isEmptyMap(tree: Tree): boolean {
  return tree.kind === 'map' && tree.entries.size === 0;
}

function asFlow(store: Entry, { problems }: Surroundings): Mapping {
  const { spot } = store;
  const at = (value: Tree): Entry => ({ spot, value, weight: 'explicit' });
  const text = (written: string) => at(textAt(spot, written));
  const watermark = mapping(spot, [
    ['column', text('finished_at')],
    ['key', text('entity_run_id')],
    ['overlap', text(overlap)],
  ]);
  const tree = mapping(spot, [
    ['home', at(mapping(spot, [['type', text('journal')]]))],
    ['store', store],
    ['run_type', text('incremental')],
    ['watermark', at(watermark)],
  ]);
  return presentSpelling(tree, problems);
}
