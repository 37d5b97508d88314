import { quoted } from '../yaml/problems.ts';
import { whereIs } from '../yaml/source.ts';
import { entry, isNull, type MapNode, without } from '../yaml/tree.ts';
import type { SideRequest } from './side.ts';

/** A store of files without keys that only the original needed. The values of such keys are checked, then the keys are removed. */
export function withoutOriginals(request: SideRequest, tree: MapNode, retired: Readonly<Record<string, string>> = {}): MapNode {
  return request.side === 'store' ? withoutIncremental(request, withoutPattern(request, withoutRetired(request, tree, retired))) : tree;
}

function withoutRetired({ problems }: SideRequest, tree: MapNode, retired: Readonly<Record<string, string>>): MapNode {
  return Object.entries(retired).reduce((left, [key, why]) => {
    const held = entry(left, key);
    if (held === undefined) return left;
    problems.warn(key, `${quoted(key)} has no effect: ${why}. The key can be removed.`, held.spot);
    return without(left, key);
  }, tree);
}

/** With any pattern of file names, two runs could produce the same name, and commits need names that are used only once. */
function withoutPattern({ problems }: SideRequest, tree: MapNode): MapNode {
  const held = entry(tree, 'file_pattern');
  if (held === undefined) return tree;
  const names = '`<epoch>-<lineage>-<slice>-<part>-<nonce>.<format>`';
  problems.warn(
    'file_pattern',
    `\`file_pattern\` has no effect: files are named ${names}, each name only once, in the order of runs. The key can be removed.`,
    held.spot,
  );
  return without(tree, 'file_pattern');
}

function withoutIncremental({ problems, runType }: SideRequest, tree: MapNode): MapNode {
  const held = entry(tree, 'incremental');
  const value = held?.value.kind === 'scalar' ? held.value.value : undefined;
  // A value other than true, false or empty is rejected by the schema.
  if (held === undefined || (typeof value !== 'boolean' && !isNull(held.value))) return tree;
  const meant = value === true ? 'incremental' : 'full_drop';
  if (typeof value === 'boolean' && runType !== undefined && runType !== meant) {
    const { file, line } = whereIs(held.spot);
    problems.add({
      code: 'HYG-1015',
      what: `\`store.incremental: ${value}\` and \`run_type: ${runType}\` contradict each other.`,
      why: [`\`incremental\` is in ${file}, line ${line}; ${quoted('run_type')} decides, and its default is ${quoted('full_drop')}.`],
      tryThis: [`Remove \`incremental\`, and write \`run_type: ${meant}\` if you want this type of run.`],
      spot: held.spot,
    });
  }
  return without(tree, 'incremental');
}
